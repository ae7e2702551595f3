/**
 * Runs clients through all cases: first those that show what each does when all goes well, then the others, several at
 * once. A case that fails is run once more alone, so that a busy machine is not taken for a fault of the client.
 */
import { connectFauxgen, type Fauxgen } from "../client/fauxgen.ts";
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import type { VendorConduct } from "../vendors/conduct.ts";
import { unmeasured, type Base } from "./base.ts";
import type { Need } from "./case-document.ts";
import type { ConformanceCase } from "./case.ts";
import type { Client } from "./client.ts";
import { baseOf } from "./measure.ts";
import { OperationGroups } from "./groups.ts";
import { sandboxNameOf } from "./setup.ts";
import { runCase, type CaseResult, type CaseRun, type CaseWorld } from "./run-case.ts";

/** What the suite must know of a vendor. */
interface SuiteVendor {
  readonly name: string;
  readonly conduct?: VendorConduct | undefined;
  readonly keyHeaders: readonly string[];
}

/** What one run of a client gets for itself. */
export interface RunPlace {
  readonly webhookUrl?: string | undefined;
  readonly folder?: string | undefined;
  readonly readArtifact?: ((sandbox: SandboxHandle) => Promise<boolean>) | undefined;
  readonly leave: () => Promise<void>;
}

export interface SuiteOptions {
  readonly url: string;
  readonly token?: string | undefined;
  readonly vendors: readonly SuiteVendor[];
  /** Every case, those that calibrate too. */
  readonly cases: readonly ConformanceCase[];
  /** The ids of the cases to judge. */
  readonly wanted: ReadonlySet<string>;
  readonly clients: readonly Client[];
  readonly atOnce: number;
  readonly timeoutMs: number;
  readonly deadlineMs?: number | undefined;
  /** What the clients can do beside polling. */
  readonly has: ReadonlySet<Need>;
  readonly place: (conformanceCase: ConformanceCase) => Promise<RunPlace>;
  readonly onResult?: (result: CaseResult) => void;
}

/** The error for a client that does not do its main job even when all goes well. */
export class NotCalibrated extends Error {
  readonly result: CaseResult;

  constructor(result: CaseResult) {
    const broken = result.findings.filter(({ holds }) => !holds).map(({ seen }) => seen);
    super(
      `${result.client} does not pass ${result.conformanceCase.id}, where all goes well: ${broken.join("; ")}. ` +
        `Without it, nothing else can be judged.${result.printed === "" ? "" : `\nIt printed:\n${result.printed}`}`,
    );
    this.result = result;
  }
}

/** Runs the clients one after the other. Throws {@link NotCalibrated}. */
export async function runSuite(options: SuiteOptions): Promise<CaseResult[]> {
  const fauxgen = await connectFauxgen(options.url, { token: options.token });
  const routes = await (await fauxgen.sandbox("default")).operations();
  const results: CaseResult[] = [];
  for (const [index, client] of options.clients.entries())
    for (const vendor of options.vendors) {
      const cases = options.cases.filter((each) => each.vendor === vendor.name);
      if (!cases.some(({ id }) => options.wanted.has(id)) || vendor.conduct === undefined) continue;
      const groups = new OperationGroups(
        vendor.name,
        vendor.conduct,
        routes.filter((route) => route.vendor === vendor.name),
      );
      const run = new ClientRun(
        options,
        { fauxgen, groups, keyHeaders: vendor.keyHeaders, prefix: options.clients.length > 1 ? `c${index + 1}-` : "" },
        client,
      );
      results.push(...(await run.all(cases)));
    }
  return results;
}

/** What all runs of one client at one vendor share. */
interface ClientWorld extends Pick<CaseWorld, "groups" | "keyHeaders"> {
  readonly fauxgen: Fauxgen;
  /** Before the names of sandboxes, so that several clients do not meet. */
  readonly prefix: string;
}

/** One client through the cases of one vendor. */
class ClientRun {
  readonly #options: SuiteOptions;
  readonly #world: ClientWorld;
  readonly #client: Client;

  constructor(options: SuiteOptions, world: ClientWorld, client: Client) {
    this.#options = options;
    this.#world = world;
    this.#client = client;
  }

  async all(cases: readonly ConformanceCase[]): Promise<CaseResult[]> {
    const { wanted, atOnce, onResult } = this.#options;
    const { base, results } = await this.#calibrate(cases);
    for (const result of results) if (wanted.has(result.conformanceCase.id)) onResult?.(result);
    const rest = cases.filter(
      (each) => wanted.has(each.id) && !results.some(({ conformanceCase }) => conformanceCase === each),
    );
    const suspects: CaseResult[] = [];
    const judged = await inParallel(rest, atOnce, async (each) => {
      const lacking = each.document.needs.find((need) => !this.#options.has.has(need));
      const result =
        lacking === undefined ? (await this.#run(each, base)).result : notRun(each, this.#client.name, lacking);
      if (result.verdict === "fail" || result.verdict === "hang") suspects.push(result);
      else onResult?.(result);
      return result;
    });
    const second = new Map<CaseResult, CaseResult>();
    for (const suspect of suspects) {
      const again = (await this.#run(suspect.conformanceCase, base)).result;
      const isSame = again.verdict === "fail" || again.verdict === "hang";
      const told: CaseResult = isSame ? again : { ...suspect, verdict: "flaky" };
      second.set(suspect, told);
      onResult?.(told);
    }
    return [
      ...results.filter(({ conformanceCase }) => wanted.has(conformanceCase.id)),
      ...judged.map((result) => second.get(result) ?? result),
    ];
  }

  /** Runs the cases that show what the client does when all goes well. */
  async #calibrate(
    cases: readonly ConformanceCase[],
  ): Promise<{ readonly base: Base; readonly results: CaseResult[] }> {
    const of = (kind: "base" | "pace" | "hook"): ConformanceCase | undefined =>
      cases.find(({ document }) => document.calibrates === kind);
    const measure = async (conformanceCase: ConformanceCase | undefined): Promise<CaseRun | undefined> => {
      if (conformanceCase?.document.needs.some((need) => !this.#options.has.has(need)) !== false) return undefined;
      const works = ["pass", "tolerated", ...(conformanceCase.document.calibrates === "hook" ? ["not-exercised"] : [])];
      const first = await this.#run(conformanceCase, unmeasured);
      if (works.includes(first.result.verdict)) return first;
      const second = await this.#run(conformanceCase, unmeasured);
      if (!works.includes(second.result.verdict)) throw new NotCalibrated(second.result);
      return second;
    };
    // One after the other, since the first tells whether the client works at all.
    const base = await measure(of("base"));
    const [pace, hook] = await Promise.all([measure(of("pace")), measure(of("hook"))]);
    const runs = [base, pace, hook].filter((run) => run !== undefined);
    return {
      base: baseOf(base?.observation, pace?.observation, hook?.observation),
      results: runs.map(({ result }) => result),
    };
  }

  async #run(conformanceCase: ConformanceCase, base: Base): Promise<CaseRun> {
    const { place: placeOf, timeoutMs, deadlineMs } = this.#options;
    const { fauxgen, prefix, groups, keyHeaders } = this.#world;
    const sandbox = await fauxgen.sandbox(sandboxNameOf(conformanceCase.id, prefix));
    try {
      const place = await placeOf(conformanceCase);
      try {
        return await runCase(
          conformanceCase,
          this.#client,
          { sandbox, groups, keyHeaders, ...place, timeoutMs, deadlineMs },
          base,
        );
      } finally {
        await place.leave();
      }
    } finally {
      // Not with `await using`, which Node.js 22 does not parse.
      await sandbox.dispose();
    }
  }
}

const LACKS: Readonly<Record<Need, string>> = {
  webhook: "the client takes no webhooks, as far as the run was told (--webhook)",
  deadline: "the client's deadline was not named (--deadline)",
  artifact: "the file that the client writes was not named (--artifact)",
  batch: "the client makes no batches",
};

function notRun(conformanceCase: ConformanceCase, client: string, lacking: Need): CaseResult {
  return {
    conformanceCase,
    client,
    verdict: "not-exercised",
    findings: [
      {
        kind: "point",
        expected: "the client comes to the point of the case",
        seen: LACKS[lacking],
        holds: false,
        requests: [],
      },
    ],
    exit: { code: undefined, signal: undefined, startedAt: 0, endedAt: 0 },
    timeline: [],
    conduct: [],
    printed: "",
  };
}

/** Does the work for every item, at most so many at once; returns the results in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<Item, Result>();
  const waiting = [...items];
  const takeTurns = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) results.set(item, await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return items.flatMap((item) => results.get(item) ?? []);
}
