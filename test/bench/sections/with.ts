/** Measures the cost of a status read with and without rules, a full journal, followers, boards and held requests. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { shownKinds } from "../../../src/client/events.ts";
import { aaSpreadOf, isNoisy, spreadOf } from "../arithmetic.ts";
import type { Section } from "../bench-run.ts";
import { askJson, createOne, PENDING, readOf, SANDBOX } from "../fauxgen.ts";
import { fauxgenHolder, hold, type Held } from "../holding.ts";
import { load, type Amount } from "../measuring.ts";
import { stopServer, wireOf, type Request, type Server } from "../process.ts";
import { figure, progress, ratioCells, spread } from "../report.ts";
import { alternate, pairRatio, type Pairs, type Switchable } from "../switching.ts";

/** The default bound of a journal. */
const JOURNAL_ENTRIES = 10_000;
const HELD = 10_000;
const RULES = 10;
const BOARDS = 10;
const PAIRS_PER_ROUND = 2;

const NOTHING = "nothing (A/A)";
const WATCHING = `${BOARDS} open boards`;
const HOLDING = `${HELD.toLocaleString("en")} held requests`;

type Turn = Switchable["turn"];

interface Row {
  readonly name: string;
  /** The number of requests of a slice, if it is not limited by time. */
  readonly amount?: Amount;
  /** Prepares a server, and returns the request to measure and the function that switches the condition. */
  readonly prepare: (server: Server) => Promise<{ readonly request: Request; readonly turn: Turn }>;
}

const ROWS: readonly Row[] = [
  { name: NOTHING, prepare: async (server) => ({ request: await newRead(server), turn: async () => undefined }) },
  {
    name: `${RULES} rules that do not match`,
    prepare: async (server) => ({ request: await newRead(server), turn: turnRules(server) }),
  },
  {
    name: "the journal at its bound",
    // The slice without the condition begins with an empty journal, which is full at the end of the slice.
    amount: { count: JOURNAL_ENTRIES },
    prepare: async (server) => {
      const request = await newRead(server);
      return { request, turn: turnJournal(server, request) };
    },
  },
  {
    name: "one event follower",
    prepare: async (server) => ({
      request: await newRead(server),
      turn: turnFollowers(server, `${SANDBOX}/events`, 1),
    }),
  },
  {
    name: WATCHING,
    prepare: async (server) => {
      const path = `${SANDBOX}/events?kinds=${shownKinds.join(",")}&server=true`;
      return { request: await newRead(server), turn: turnFollowers(server, path, BOARDS) };
    },
  },
  {
    name: HOLDING,
    prepare: async (server) => {
      const turn = await turnHeld(server);
      return { request: await newRead(server), turn };
    },
  },
];

/** Compares the cost of a status read with a condition to its cost without it, in the same process. */
export const withSection: Section = async ({ report, pace, fauxgen }) => {
  report.section("Reading a status with and without");
  const measured = new Map<string, Pairs>();
  const pairs = pace.rounds * PAIRS_PER_ROUND;
  const sliceMs = pace.sliceMs / 2;
  for (const { name, prepare, amount = { milliseconds: sliceMs } } of ROWS) {
    progress(`with and without ${name}`);
    const server = await fauxgen.start("fauxgen", [...PENDING, "--journal-entries", String(JOURNAL_ENTRIES)]);
    const { request, turn } = await prepare(server);
    measured.set(name, await alternate({ name, server, request, turn }, pairs, amount));
    await turn(false);
    await stopServer(server);
  }
  report.table(
    ["with", "CPU µs without (quartiles)", "with", "least in warm-up", "ratio, quietest pairs", "all pairs"],
    [...measured].map(([name, each]) => [
      name,
      spread(spreadOf(each.without)),
      spread(spreadOf(each.with)),
      figure(each.leastInWarmUp),
      ...ratioCells(pairRatio(each)),
    ]),
  );
  report.say(
    `Each row is one process, measured in ${pairs} pairs of alternating slices of ${sliceMs / 1000} s with and without the condition. Ratios are taken within each pair, and the median of all pairs counts. The rules match on a header of status reads. The journal keeps ${JOURNAL_ENTRIES.toLocaleString("en")} requests. A slice begins with an empty or a full journal, and sends that many requests. The follower reads the sandbox's events as they arrive. An open board follows the events that it shows, and sends no request while statuses are read. Each held request has its own job and its own socket.`,
  );
  for (const [name, { without, leastInWarmUp }] of measured) {
    const { median } = spreadOf(without);
    if (isNoisy(median, leastInWarmUp)) report.noisy(`a read without ${name}`, median, leastInWarmUp);
  }
  const ratioOf = (name: string) => {
    const each = measured.get(name);
    return each === undefined ? spreadOf([]) : pairRatio(each).all;
  };
  const aaSpread = aaSpreadOf(ratioOf(NOTHING));
  report.apart("a status read", aaSpread);
  report.floor(`a status read with ${WATCHING}, to without`, ratioOf(WATCHING).median, 1.15, aaSpread);
  report.floor(`a status read with ${HOLDING}, to without`, ratioOf(HOLDING).median, 1.25, aaSpread);
};

async function newRead(server: Server): Promise<Request> {
  return readOf(await createOne(server));
}

function turnRules(server: Server): Turn {
  const path = `${SANDBOX}/rules`;
  return async (isOn) => {
    await askJson(server, { method: "DELETE", path });
    for (let count = 0; isOn && count < RULES; count += 1) {
      const when = { vendor: "sync", operation: "getGeneration", headers: { "x-tenant": `tenant-${count}` } };
      await askJson(server, { method: "POST", path, body: { when, fault: "CONNECTION_RESET_BY_PEER" } });
    }
  };
}

function turnJournal(server: Server, request: Request): Turn {
  const order = { port: server.port, wire: wireOf(request), connections: 64, count: JOURNAL_ENTRIES };
  return async (isOn) => {
    if (isOn) await load(order);
    else await askJson(server, { method: "DELETE", path: `${SANDBOX}/requests` });
  };
}

function turnFollowers(server: Server, path: string, count: number): Turn {
  let streams: Socket[] = [];
  return async (isOn) => {
    // The server disconnects a slow follower, and the previous slice would then have been measured without it.
    if (streams.some(({ destroyed }) => destroyed)) throw new Error("An event stream ended while it was measured.");
    for (const stream of streams) stream.destroy();
    streams = Array.from({ length: isOn ? count : 0 }, () => connect({ port: server.port, host: "127.0.0.1" }));
    for (const stream of streams) {
      stream.write(wireOf({ method: "GET", path }));
      await once(stream, "data");
      stream.resume();
    }
  };
}

async function turnHeld(server: Server): Promise<Turn> {
  const holder = fauxgenHolder(server);
  const requests = await holder.prepare(HELD);
  const total = z.object({ total: z.int() });
  let held: Held | undefined;
  return async (isOn) => {
    if (isOn === (held !== undefined)) return;
    if (isOn) held = await hold(holder, requests);
    else {
      held?.close();
      held = undefined;
      const path = `${SANDBOX}/waiters?limit=1`;
      while (total.parse(await askJson(server, { method: "GET", path })).total > 0) await pause(50);
    }
    await pause(1000);
  };
}
