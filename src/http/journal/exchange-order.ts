/**
 * Numbers the ends of requests, so that it can be told which request or connection can follow from which answer. Clocks
 * cannot tell it: a client on the same machine asks again within the millisecond of an answer.
 */
import type { Socket } from "node:net";

/** How many requests of the server had ended at moments of one request's life. */
export interface RequestOrder {
  /** When its connection was opened; undefined for a request that did not come over a plain connection. */
  readonly connected: number | undefined;
  readonly arrived: number;
  /** With this one, when it ended; undefined while it is open. */
  ended: number | undefined;
  /** Whether its connection had been used before. */
  readonly isReused: boolean;
}

interface Connection {
  readonly opened: number;
  isUsed: boolean;
}

export class ExchangeOrder {
  #ended = 0;
  readonly #connections = new WeakMap<Socket, Connection>();

  connect(socket: Socket): void {
    this.#connections.set(socket, { opened: this.#ended, isUsed: false });
  }

  arrive(socket: Socket): RequestOrder {
    const connection = this.#connections.get(socket);
    const isReused = connection?.isUsed === true;
    if (connection !== undefined) connection.isUsed = true;
    return { connected: connection?.opened, arrived: this.#ended, ended: undefined, isReused };
  }

  end(order: RequestOrder): void {
    this.#ended += 1;
    order.ended = this.#ended;
  }
}
