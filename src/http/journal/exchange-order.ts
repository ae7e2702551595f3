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
}

export class ExchangeOrder {
  #ended = 0;
  readonly #connected = new WeakMap<Socket, number>();

  connect(socket: Socket): void {
    this.#connected.set(socket, this.#ended);
  }

  arrive(socket: Socket): RequestOrder {
    return { connected: this.#connected.get(socket), arrived: this.#ended, ended: undefined };
  }

  end(order: RequestOrder): void {
    this.#ended += 1;
    order.ended = this.#ended;
  }
}
