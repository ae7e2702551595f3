/**
 * Bounds the memory of the bodies that are being received and answered. A large body waits, unread on its connection,
 * until there is room; a body that stops arriving gives its room up while others wait.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WallClock } from "../../engine/base/clock.ts";
import { MemoryExhausted, type MemoryBudget } from "../../platform/memory-budget.ts";

/** Smaller bodies never wait. */
const SMALL_BYTES = 64 * 1024;

/** The least room: the largest body of a vendor. */
const LEAST_ROOM_BYTES = 33 * 1024 ** 2;

/** How long a body waits for room, in real time. */
const PATIENCE_MS = 20_000;

/** How often it is checked, while others wait, whether a body still arrives; it may fail so many checks. */
const STALL_MS = 1000;
const STALLED_CHECKS = 3;

interface Body {
  readonly bytes: number;
  /** Returns how much has arrived, on whatever scale. */
  readonly progress: () => number;
  /** Ends the request of a body that stopped arriving. */
  readonly abandon: () => void;
}

interface Arriving extends Body {
  seen: number;
  stalled: number;
}

export class BodyRoom {
  readonly #budget: MemoryBudget;
  readonly #wall: WallClock;
  readonly #most: number;
  readonly #arriving = new Set<Arriving>();
  readonly #waiting: { readonly body: Body; readonly enter: () => void }[] = [];
  #used = 0;
  #stopLooking: (() => void) | undefined;

  constructor(budget: MemoryBudget, wall: WallClock) {
    this.#budget = budget;
    this.#wall = wall;
    this.#most = Math.max(LEAST_ROOM_BYTES, budget.shareOf("bodies"));
    budget.measureBy("bodies", () => this.#used);
  }

  /**
   * Waits for room, first come, first served; call the result once the body is no longer in memory. Rejects with
   * `MemoryExhausted` if there is none in time.
   */
  async enter(body: Body): Promise<() => void> {
    if (this.#waiting.length > 0 || !this.#fits(body)) await this.#wait(body);
    return this.#take(body);
  }

  #fits({ bytes }: Body): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#most;
  }

  #take(body: Body): () => void {
    const arriving: Arriving = { ...body, seen: body.progress(), stalled: 0 };
    this.#used += body.bytes;
    this.#arriving.add(arriving);
    return () => {
      if (!this.#arriving.delete(arriving)) return;
      this.#used -= body.bytes;
      this.#letIn();
    };
  }

  async #wait(body: Body): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const giveUp = this.#wall.after(PATIENCE_MS, () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(
          new MemoryExhausted(
            `Bodies of ${this.#budget.usedBy("bodies")} bytes are being received; there was no room for one of ${body.bytes} in time.`,
          ),
        );
      });
      const waiter = {
        body,
        enter: () => {
          giveUp();
          resolve();
        },
      };
      this.#waiting.push(waiter);
      this.#stopLooking ??= this.#wall.after(STALL_MS, this.#look);
    });
  }

  /** Lets one body in; it takes its room in a moment, and the end of it lets in the next. */
  #letIn(): void {
    const [next] = this.#waiting;
    if (next === undefined || !this.#fits(next.body)) return;
    this.#waiting.shift();
    next.enter();
    // After the body has taken its room, which it does in a microtask.
    setImmediate(() => {
      this.#letIn();
    });
  }

  /** Abandons the bodies that have stopped arriving since the last look, while others wait. */
  readonly #look = (): void => {
    this.#stopLooking = undefined;
    // After the event loop has read the connections, which it may not have done for a while.
    setImmediate(() => {
      if (this.#waiting.length === 0) return;
      for (const body of this.#arriving) {
        const seen = body.progress();
        body.stalled = seen === body.seen ? body.stalled + 1 : 0;
        body.seen = seen;
        if (body.stalled >= STALLED_CHECKS) body.abandon();
      }
      this.#stopLooking ??= this.#wall.after(STALL_MS, this.#look);
    });
  };
}

/** Makes large JSON bodies wait for room before they are read. */
export function boundBodies(server: FastifyInstance): void {
  server.decorateRequest("leaveBodyRoom", undefined);
  server.addHook("preParsing", async (request, reply, payload) => {
    const bytes = expectedBytes(request);
    if (bytes <= SMALL_BYTES) return payload;
    const { raw } = request;
    const leave = await server.httpContext.bodies.enter({
      bytes,
      progress: () => (raw.readableEnded ? Number.NaN : raw.socket.bytesRead),
      abandon: () => raw.socket.destroy(),
    });
    request.leaveBodyRoom = leave;
    if (reply.raw.closed) leave();
    else reply.raw.once("close", leave);
    return payload;
  });
}

/** Returns the most bytes that a JSON body may take; 0 if none is read as a whole. */
function expectedBytes({ headers, routeOptions }: FastifyRequest): number {
  if (routeOptions.config.readsBodyInPieces === true || !/json/i.test(headers["content-type"] ?? "")) return 0;
  const declared = headers["content-length"];
  if (declared === undefined) return headers["transfer-encoding"] === undefined ? 0 : routeOptions.bodyLimit;
  // A larger one is refused before it is read.
  return Number(declared) > routeOptions.bodyLimit ? 0 : Number(declared);
}

declare module "fastify" {
  interface FastifyRequest {
    /** Gives up the room of the body, once it is counted elsewhere or dropped. */
    leaveBodyRoom: (() => void) | undefined;
  }
}
