/** Keeps the board's state up to date: it reads the lists once, and then follows the events of the sandbox. */
import { effect, signal } from "@preact/signals";
import { followEvents, shownKinds } from "../../client/events.ts";
import type {
  ClockDocument,
  Delivery,
  Generation,
  HeldRequest,
  JournalRequest,
  SandboxDocument,
  SandboxEvent,
} from "../../client/documents.ts";
import { FauxgenError } from "../../client/control-client.ts";
import { emptyState, sandboxNow, type BoardState, type ClockView } from "../state/model.ts";
import { reduce, type Action } from "../state/reduce.ts";
import { sandboxName } from "./router.tsx";
import { call, client, messageOf, notify, noteRefusal, refusal } from "./session.tsx";

const PAGE = 1000;

/** How long events are collected before the page changes, so that thousands of them cost one change. */
const COLLECT_MS = 80;

export const state = signal<BoardState>(emptyState);

export type Connection = "connecting" | "live" | "lost" | "missing";

export const connection = signal<Connection>("connecting");

/** Whether the lists are read to their end. */
export const isLoaded = signal(false);

/** The sandbox's document with the keys and base URLs of its clients. */
export const sandboxDocument = signal<SandboxDocument | undefined>(undefined);

/** The sandbox's time, as often as the page shows it. */
export const now = signal(0);

/** Whether a bar is growing in view, so that the time must be shown often. */
export const isAnimated = signal(false);

export const path = (rest = ""): string => `/sandboxes/${encodeURIComponent(sandboxName.value ?? "default")}${rest}`;

function dispatch(action: Action): void {
  state.value = reduce(state.peek(), action);
  now.value = sandboxNow(state.peek().clock, performance.now());
}

function viewOf(clock: ClockDocument): ClockView {
  return { mode: clock.mode, rate: clock.rate, at: Date.parse(clock.now), readAt: performance.now() };
}

/** Shows a clock that control has just answered, before its event comes. */
export function setClock(clock: ClockDocument): void {
  dispatch({ kind: "clock", clock: viewOf(clock) });
}

let lastTick = 0;

function tick(at: number): void {
  const { clock } = state.peek();
  const every = isAnimated.peek() ? 50 : 250;
  if (clock.mode === "running" && at - lastTick >= every) {
    lastTick = at;
    now.value = sandboxNow(clock, performance.now());
  }
  requestAnimationFrame(tick);
}

/** Follows the sandbox of the address from now on, and another one when the address changes. */
export function startLive(): void {
  requestAnimationFrame(tick);
  effect(() => {
    const name = sandboxName.value;
    // Followed anew once the user has logged in.
    if (name === undefined || refusal.value !== undefined) return undefined;
    const stop = new AbortController();
    queueMicrotask(() => void follow(name, stop.signal));
    return () => {
      stop.abort();
    };
  });
}

async function follow(name: string, signal: AbortSignal): Promise<void> {
  connection.value = "connecting";
  isLoaded.value = false;
  sandboxDocument.value = undefined;
  dispatch({ kind: "empty" });
  const collector = new Collector();
  signal.addEventListener("abort", () => {
    collector.stop();
  });
  const url = `/sandboxes/${encodeURIComponent(name)}`;
  const options = { kinds: shownKinds, server: true, signal, reconnects: true };
  try {
    for await (const event of followEvents(client(), `${url}/events`, {
      ...options,
      onConnection: (isOpen, isResumed) => {
        if (signal.aborted) return;
        connection.value = isOpen ? "live" : "lost";
        if (isOpen && !isResumed) void readLists(url, signal, collector);
      },
    })) {
      if (event.kind === "events.lost") void readLists(url, signal, collector);
      else collector.add(event);
    }
    if (!signal.aborted) connection.value = "missing";
  } catch (error) {
    if (signal.aborted) return;
    noteRefusal(error);
    // Control answers 400 to a name that no sandbox can have.
    const isMissing = error instanceof FauxgenError && (error.status === 404 || error.status === 400);
    connection.value = isMissing ? "missing" : "lost";
    if (connection.value === "lost" && refusal.value === undefined) notify(messageOf(error), { isError: true });
  }
}

/** Collects events, and applies them together. */
class Collector {
  #events: SandboxEvent[] = [];
  #isWaiting = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(event: SandboxEvent): void {
    this.#events.push(event);
    if (!this.#isWaiting)
      this.#timer ??= setTimeout(() => {
        this.apply();
      }, COLLECT_MS);
  }

  /** Keeps events until {@link resume}, while the lists are read that they change. */
  wait(): void {
    this.#isWaiting = true;
  }

  resume(): void {
    this.#isWaiting = false;
    this.apply();
  }

  apply(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    dispatch({ kind: "events", events, readAt: performance.now() });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#isWaiting = true;
    this.#events = [];
  }
}

/** Reads the lists. Events that come meanwhile are applied once the newest items are there. */
async function readLists(url: string, signal: AbortSignal, collector: Collector): Promise<void> {
  collector.wait();
  try {
    dispatch({ kind: "empty" });
    const [document, waiters] = await Promise.all([
      call<SandboxDocument>("GET", url),
      call<{ items: HeldRequest[] }>("GET", `${url}/waiters`, { query: { limit: PAGE } }),
    ]);
    if (signal.aborted) return;
    sandboxDocument.value = document;
    setClock(document.clock);
    dispatch({ kind: "waiters", items: waiters.items });
    const older = await readNewest(url, signal);
    collector.resume();
    for (const read of older) await read();
    if (!isOver(signal)) isLoaded.value = true;
  } catch (error) {
    collector.resume();
    if (!signal.aborted && !(error instanceof FauxgenError && error.code === "no-such-sandbox")) noteRefusal(error);
  }
}

/** A function, because the signal may be aborted during any await. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Reads the newest page of each list, and returns what reads the older pages. */
async function readNewest(url: string, signal: AbortSignal): Promise<(() => Promise<void>)[]> {
  const query = { limit: PAGE, bodies: false };
  const [requests, generations, deliveries] = await Promise.all([
    call<Page<JournalRequest> & { evicted: number }>("GET", `${url}/requests`, { query: { ...query, limit: 1 } }),
    call<Page<Generation>>("GET", `${url}/generations`, { query: { limit: PAGE } }),
    call<Page<Delivery>>("GET", `${url}/webhooks/deliveries`, { query: { limit: PAGE } }),
  ]);
  if (signal.aborted) return [];
  const [first] = requests.items;
  const older: (() => Promise<void>)[] = [];
  if (first !== undefined) {
    // Numbers of requests follow each other, so a page can begin anywhere.
    const last = first.id + requests.total;
    const readAfter = async (cursor: number): Promise<void> => {
      if (isOver(signal)) return;
      const page = await call<Page<JournalRequest>>("GET", `${url}/requests`, {
        query: { ...query, cursor: String(cursor) },
      });
      if (!isOver(signal)) dispatch({ kind: "requests", items: page.items });
    };
    const starts: number[] = [];
    for (let cursor = last - PAGE; cursor > first.id - 1 - PAGE; cursor -= PAGE) starts.push(Math.max(0, cursor));
    const [newest, ...others] = starts;
    if (newest !== undefined) await readAfter(newest);
    older.push(...others.map((cursor) => () => readAfter(cursor)));
  }
  dispatch({ kind: "generations", items: generations.items });
  dispatch({ kind: "deliveries", items: deliveries.items });
  const readOn = (part: "generations" | "deliveries", from: string | null) => async (): Promise<void> => {
    const list = part === "generations" ? "generations" : "webhooks/deliveries";
    for (let cursor = from; cursor !== null && !signal.aborted;) {
      const page = await call<Page<Generation & Delivery>>("GET", `${url}/${list}`, { query: { limit: PAGE, cursor } });
      dispatch({ kind: part, items: page.items });
      cursor = page.nextCursor;
    }
  };
  older.unshift(readOn("generations", generations.nextCursor));
  older.push(readOn("deliveries", deliveries.nextCursor));
  return older;
}
