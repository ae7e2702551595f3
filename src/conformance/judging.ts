/** Gives the verdict on a client in a case, with the expectations that it broke and the requests that show it. */
import { unmeasured, type Base } from "./base.ts";
import type { ConformanceCase } from "./case.ts";
import type { Expectation } from "./expectation-document.ts";
import type { Observation } from "./observation.ts";
import { pointMet } from "./point.ts";
import { describeExit, judge, type Judged } from "./predicates.ts";
import { describeExpectation } from "./wording.ts";

/**
 * `pass`; `tolerated`: only what is advised is missing; `fail`; `hang`: its time was over; `not-exercised`: the client
 * never came to the point of the case; `flaky`: it failed, and passed when it was run again alone.
 */
export type Verdict = "pass" | "tolerated" | "fail" | "hang" | "not-exercised" | "flaky";

/** One statement about the client, and whether it held. */
interface Finding {
  readonly kind: "must" | "should" | "invariant" | "point";
  /** What was expected, as a sentence without a full stop. */
  readonly expected: string;
  readonly seen: string;
  readonly holds: boolean;
  /** Ids of requests of the sandbox's journal. */
  readonly requests: readonly number[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** Judges a client that ran through a case; `base` is what it does when all goes well. */
export function judgeCase(conformanceCase: ConformanceCase, observed: Observation, base: Base = unmeasured): Judgement {
  const { document } = conformanceCase;
  const findingOf =
    (kind: "must" | "should") =>
    (expectation: Expectation): Finding => ({
      kind,
      expected: describeExpectation(expectation, base),
      ...judge(expectation, observed, base),
    });
  const findings: Finding[] = [
    ...invariantsOf(conformanceCase, observed, base),
    ...document.must.map(findingOf("must")),
    ...document.should.map(findingOf("should")),
  ];
  if (observed.recorded.exit.endedBy === "hang")
    return {
      verdict: "hang",
      findings: [
        {
          kind: "invariant",
          expected: "the command ends in time",
          seen: describeExit(observed),
          holds: false,
          requests: [],
        },
        ...findings,
      ],
    };
  const point = pointMet(document, observed);
  // A client that breaks an invariant does so whether or not it came to the point.
  if (!point.holds) {
    const broken = findings.filter(({ kind, holds }) => kind === "invariant" && !holds);
    if (broken.length > 0 && observed.made.length > 0) return { verdict: "fail", findings };
    return {
      verdict: "not-exercised",
      findings: [
        {
          kind: "point",
          expected:
            document.never === undefined
              ? "the client comes to the point of the case"
              : `the client comes to the point, but it ${document.never}`,
          ...point,
        },
      ],
    };
  }
  const isBroken = (kinds: readonly Finding["kind"][]): boolean =>
    findings.some(({ kind, holds }) => !holds && kinds.includes(kind));
  if (isBroken(["must", "invariant"])) return { verdict: "fail", findings };
  return { verdict: isBroken(["should"]) ? "tolerated" : "pass", findings };
}

/** What holds in every case: no further paid jobs, no success without a result, no death by a signal. */
function invariantsOf(conformanceCase: ConformanceCase, observed: Observation, base: Base): Finding[] {
  const { exit } = observed.recorded;
  const alive: Judged = {
    holds: exit.signal === undefined || exit.endedBy !== undefined,
    seen: describeExit(observed),
    requests: [],
  };
  return [
    madeFinding(conformanceCase, observed, base),
    {
      kind: "invariant",
      expected: "a success is told only after the vendor showed one, with its files",
      ...truthful(observed, base),
    },
    { kind: "invariant", expected: "the command does not die of a signal", ...alive },
  ];
}

function madeFinding({ vendor, document }: ConformanceCase, observed: Observation, base: Base): Finding {
  const limit = document.made === "any" ? Number.POSITIVE_INFINITY : base.made + (document.made === "base+1" ? 1 : 0);
  const number = observed.made.length;
  return {
    kind: document.madeShould.includes(vendor) ? "should" : "invariant",
    expected: Number.isFinite(limit)
      ? `at most ${limit} ${limit === 1 ? "job is" : "jobs are"} made and paid`
      : "jobs are made",
    seen: `${number} ${number === 1 ? "job was" : "jobs were"} made`,
    holds: number <= limit,
    requests: observed.of("create").map(({ request }) => request.id),
  };
}

/** A client may end with 0 only if a success was shown to it and it has as many whole files as when all goes well. */
function truthful(observed: Observation, base: Base): Judged {
  const { code, endedBy } = observed.recorded.exit;
  if (code !== 0 || endedBy !== undefined) return { holds: true, seen: describeExit(observed), requests: [] };
  const shown = observed.tellings().filter(({ generation }) => generation.phase === "succeeded");
  const requests = [...new Set(shown.flatMap(({ request }) => (request === undefined ? [] : [request])))];
  if (shown.length === 0)
    return { holds: false, seen: "the command ended with 0, and no success was shown to it", requests };
  const whole = observed.wholeDownloads().size;
  const wanted = Math.min(base.downloads, observed.filesMade);
  return {
    holds: whole >= wanted,
    seen: `the command ended with 0 and had fetched ${whole} of ${wanted} files whole`,
    requests: observed.of("download").map(({ request }) => request.id),
  };
}
