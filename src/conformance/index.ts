/**
 * Gives the cases to test runners as a loop, one test a case; `fauxgen conform` runs the same cases for commands.
 *
 * @example
 * import { test } from "fauxgen/vitest";
 * import { cases } from "fauxgen/conformance";
 *
 * for (const each of await cases("sync"))
 *   test(each.title, ({ sandbox }) => each.run(sandbox, () => render(sandbox.sync)));
 */
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import { vendorNames, type VendorName } from "../client/vendor-names.ts";
import { parseDuration, type Duration } from "../engine/base/durations.ts";
import { unmeasured, type Base } from "./base.ts";
import type { Need } from "./case-document.ts";
import type { ConformanceCase } from "./case.ts";
import type { Client } from "./client.ts";
import { OperationGroups } from "./groups.ts";
import type { Verdict } from "./judging.ts";
import { matchingCases, readCases } from "./library.ts";
import { baseOf } from "./measure.ts";
import type { Observation } from "./observation.ts";
import { linesOf } from "./report/summary.ts";
import { runCase, type CaseResult, type CaseWorld } from "./run-case.ts";

export type { Verdict };

export interface CasesOptions {
  /** Only these cases, such as `"sync/*retry*"`. */
  readonly match?: string | readonly string[];
  /** Folders with further cases. */
  readonly folders?: readonly string[];
  /** When the client gives up by itself; without it, cases that need it are not exercised. */
  readonly deadline?: Duration;
  /** Real time after which the client has hung; by default `"10s"`. */
  readonly timeout?: Duration;
  /** Where the client receives webhooks; without it, the cases about webhooks are not exercised. */
  readonly webhookUrl?: string;
}

/** What a client is judged by in one case. */
export interface CaseOutcome {
  readonly verdict: Verdict;
  /** What was expected and seen, as lines of text. */
  readonly lines: readonly string[];
}

/** One case of one vendor. */
export interface Case {
  /** `vendor/family/name`. */
  readonly id: string;
  readonly family: string;
  /** What the server does. */
  readonly title: string;
  /** Where it is documented that the vendor may do this. */
  readonly why: string;
  /**
   * Runs the client once in the sandbox, which gets the settings of the case. The client must do its main job, and throw
   * if that fails. Throws if the case fails or hangs; the outcome says whether the client came to its point at all.
   */
  readonly run: (sandbox: SandboxHandle, client: () => unknown) => Promise<CaseOutcome>;
}

/** Returns the cases of a vendor, those that show what the client does when all goes well first. */
export async function cases(vendor: VendorName, options: CasesOptions = {}): Promise<readonly Case[]> {
  const { match = [], folders = [] } = options;
  const all = (await readCases(vendorNames, folders)).filter((each) => each.vendor === vendor);
  const { vendors } = await import("../vendors/index.ts");
  const { conduct, keyHeaders = [] } = vendors.find(({ name }) => name === vendor) ?? {};
  if (conduct === undefined) throw new Error(`${vendor} has no cases.`);
  const loop = new Loop(all, {
    options,
    keyHeaders,
    groupsOf: (routes) =>
      new OperationGroups(
        vendor,
        conduct,
        routes.filter((route) => route.vendor === vendor),
      ),
  });
  return matchingCases(all, typeof match === "string" ? [match] : match).map((each) => ({
    id: each.id,
    family: each.family,
    title: each.title,
    why: each.document.why,
    run: async (sandbox, client) => loop.run(each, sandbox, client),
  }));
}

interface LoopParts {
  readonly options: CasesOptions;
  readonly keyHeaders: readonly string[];
  readonly groupsOf: (routes: Awaited<ReturnType<SandboxHandle["operations"]>>) => OperationGroups;
}

/** What the tests of one loop share: what their client does when all goes well. */
class Loop {
  readonly #cases: readonly ConformanceCase[];
  readonly #parts: LoopParts;
  #base: Base | undefined;

  constructor(all: readonly ConformanceCase[], parts: LoopParts) {
    this.#cases = all;
    this.#parts = parts;
  }

  async run(conformanceCase: ConformanceCase, sandbox: SandboxHandle, client: () => unknown): Promise<CaseOutcome> {
    const lacking = conformanceCase.document.needs.find((need) => !this.#has(need));
    if (lacking !== undefined)
      return { verdict: "not-exercised", lines: [`not exercised: the case needs an option of cases() (${lacking})`] };
    const world = await this.#worldOf(sandbox);
    this.#base ??= await this.#measure(world, client);
    const first = await runCase(conformanceCase, inProcess(client), world, this.#base);
    if (!isBad(first.result)) return outcomeOf(first.result);
    // A busy machine is not a fault of the client.
    const second = await runCase(conformanceCase, inProcess(client), world, this.#base);
    if (!isBad(second.result)) return outcomeOf({ ...first.result, verdict: "flaky" });
    throw new Error(outcomeOf(second.result).lines.join("\n"));
  }

  #has(need: Need): boolean {
    const { deadline, webhookUrl } = this.#parts.options;
    return (need === "deadline" && deadline !== undefined) || (need === "webhook" && webhookUrl !== undefined);
  }

  async #worldOf(sandbox: SandboxHandle): Promise<CaseWorld> {
    const { options, keyHeaders, groupsOf } = this.#parts;
    const { deadline, timeout = "10s", webhookUrl } = options;
    return {
      sandbox,
      keyHeaders,
      groups: groupsOf(await sandbox.operations()),
      timeoutMs: millisecondsOf(timeout),
      deadlineMs: deadline === undefined ? undefined : millisecondsOf(deadline),
      webhookUrl,
    };
  }

  async #measure(world: CaseWorld, client: () => unknown): Promise<Base> {
    const observed: (Observation | undefined)[] = [];
    for (const kind of ["base", "pace", "hook"] as const) {
      const measuring = this.#cases.find(({ document }) => document.calibrates === kind);
      const isPossible = measuring?.document.needs.every((need) => this.#has(need)) === true;
      if (!isPossible) {
        observed.push(undefined);
        continue;
      }
      const { result, observation } = await runCase(measuring, inProcess(client), world, unmeasured);
      const isIdle = kind === "base" && result.verdict === "not-exercised";
      if (isBad(result) || isIdle) throw new Error(outcomeOf(result).lines.join("\n"));
      observed.push(observation);
    }
    const [base, pace, hook] = observed;
    return baseOf(base, pace, hook);
  }
}

/** Runs a function as a client: it ends with 0, or with 1 if it throws. It cannot be ended from outside. */
function inProcess(client: () => unknown): Client {
  return {
    name: "client",
    start: async () => {
      let printed = "";
      const ended = Promise.resolve()
        .then(client)
        .then(
          () => ({ code: 0, signal: undefined }),
          (error: unknown) => {
            printed = error instanceof Error ? error.message : String(error);
            return { code: 1, signal: undefined };
          },
        );
      return { ended, kill: () => undefined, printed: () => printed };
    },
  };
}

function isBad({ verdict }: CaseResult): boolean {
  return verdict === "fail" || verdict === "hang";
}

function outcomeOf(result: CaseResult): CaseOutcome {
  return { verdict: result.verdict, lines: linesOf(result, { known: [], hasSeveral: false }) };
}

function millisecondsOf(duration: Duration): number {
  const milliseconds = typeof duration === "number" ? duration : parseDuration(duration);
  if (milliseconds === undefined) throw new Error(`"${duration}" is not a duration; write 5s or 1500ms.`);
  return milliseconds;
}
