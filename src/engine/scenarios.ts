/**
 * Scenarios: named recipes for a timeline and its outcome. One recipe serves every vendor that can express it; the
 * vendor supplies its own failure codes and words.
 */
import type { Failure, Medium, Output, OutputOutcome } from "./generation.ts";
import type { Phase } from "./phases.ts";
import { planTimeline, type OpenStep, type Progression, type Timeline } from "./timeline.ts";
import { durationsOf, type PhaseDurations, type Timing } from "./timing.ts";
import { webhookScenarios, type WebhookKind, type WebhookTwist } from "./webhook-twist.ts";

export interface Scenario {
  readonly name: string;
  /** One line on what it is for. */
  readonly summary: string;
  /** Overrides of the sandbox's timing, in milliseconds. */
  readonly durations?: Partial<PhaseDurations>;
  /** Overrides what moves the generation on. */
  readonly progression?: Progression;
  /** The phase it ends in; `never` leaves it processing for ever. */
  readonly ends: "succeeded" | "failed" | "rejected" | "never";
  /** What becomes of the outputs: all alike, or some failing (the second half of them). */
  readonly outputs: OutputOutcome | "partial";
  /** Which exchange the vendor refuses with its own HTTP error, by the code after `=`; absent for none. */
  readonly refuses?: "create" | "read";
  /** The vendor's failure code; its usual one when absent. */
  readonly code?: string;
  /** Replaces the vendor's own words for the failure. */
  readonly message?: string;
  /** What happens to its webhooks; absent where they are sent as they should be. */
  readonly webhook?: WebhookTwist;
}

/** The scenarios that exist without any file. */
export const builtInScenarios: readonly Scenario[] = [
  { name: "succeed", summary: "Ends well, with every output", ends: "succeeded", outputs: "succeeded" },
  {
    name: "fail",
    summary: "Ends badly while processing; fail=CODE chooses the vendor's code",
    ends: "failed",
    outputs: "failed",
  },
  {
    name: "reject",
    summary: "Is refused before processing begins (moderation, plan)",
    ends: "rejected",
    outputs: "failed",
  },
  { name: "censor", summary: "Is made, and then withheld by the content filter", ends: "failed", outputs: "censored" },
  { name: "partial", summary: "Some outputs are made, the rest fail", ends: "succeeded", outputs: "partial" },
  {
    name: "error",
    summary: "The create is refused with the vendor's HTTP error; error=CODE chooses it",
    ends: "never",
    outputs: "succeeded",
    refuses: "create",
  },
  {
    name: "read-error",
    summary: "Is created, and status reads get the vendor's HTTP error; read-error=CODE chooses it",
    ends: "succeeded",
    outputs: "succeeded",
    refuses: "read",
  },
  { name: "stuck", summary: "Starts and never ends", ends: "never", outputs: "succeeded" },
  ...webhookScenarios,
];

/** A scenario that is not to be had: unknown, not expressible by this vendor, or with a code the vendor does not know. */
export class ScenarioRefused extends Error {
  readonly code: "SCENARIO_UNKNOWN" | "ERROR_CODE_UNKNOWN" | "SCENARIO_NOT_EXPRESSIBLE" | "FAILURE_CODE_UNKNOWN";

  constructor(code: ScenarioRefused["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a vendor can show, and how it words failures. The engine asks; it knows no vendor. */
export interface Expression {
  readonly vendor: string;
  readonly phases: readonly Phase[];
  readonly outcomes: readonly OutputOutcome[];
  /** The webhooks that it sends; absent for none. */
  readonly webhooks?: WebhookKind;
  /** The vendor's failure of this code (its usual one when undefined), or undefined when it has no such code. */
  readonly failure: (code: string | undefined, phase: "failed" | "rejected") => Failure | undefined;
  /** Every code that {@link failure} knows, for suggestions; empty where any code will do. */
  readonly failureCodes: readonly string[];
}

/** What a scenario makes of a generation. */
export interface GenerationPlan {
  readonly timeline: Timeline;
  readonly outputs: readonly Output[];
  readonly failure?: Failure;
}

export type OutputDraft = Pick<Output, "id" | "medium" | "format" | "width" | "height" | "durationSeconds"> & {
  /** What has this output fail once it runs, whatever the scenario: something that the vendor checks only then. */
  readonly flaw?: Failure;
};

/** Decides a generation's timeline and outcome. Throws {@link ScenarioRefused} for what the vendor cannot show. */
export function planGeneration(
  scenario: Scenario,
  code: string | undefined,
  expression: Expression,
  subject: {
    readonly medium: Medium;
    readonly outputs: readonly OutputDraft[];
    readonly timing: Timing;
    readonly progression: Progression;
  },
): GenerationPlan {
  refuseInexpressible(scenario, expression, subject.outputs.length);
  const usualFailure = failureOf(scenario, code, expression);
  const outputs = subject.outputs.map(({ flaw, ...draft }, index): Output => {
    const outcome = flaw === undefined ? outcomeOf(scenario, index, subject.outputs.length) : "failed";
    const failure = flaw ?? usualFailure;
    return { ...draft, leadMs: 0, outcome, ...(outcome === "failed" && failure !== undefined && { failure }) };
  });
  // A generation has succeeded if any output did, so that one without a single good output cannot.
  const isFlawed = scenario.ends === "succeeded" && outputs.length > 0 && outputs.every(isFailed);
  const ends = isFlawed ? "failed" : scenario.ends;
  const durations = { ...durationsOf(subject.timing, subject.medium), ...scenario.durations };
  const timeline = planTimeline("queued", followingSteps(ends, durations), scenario.progression ?? subject.progression);
  const failure = isFlawed ? outputs[0]?.failure : usualFailure;
  return { timeline, outputs, ...(failure !== undefined && ends !== "succeeded" && { failure }) };
}

const isFailed = ({ outcome }: Output): boolean => outcome === "failed";

function followingSteps(ends: Scenario["ends"], { queued, processing }: PhaseDurations): OpenStep[] {
  if (ends === "rejected") return [{ phase: "rejected", after: queued }];
  const started: OpenStep = { phase: "processing", after: queued };
  return ends === "never" ? [started] : [started, { phase: ends, after: processing }];
}

function outcomeOf(scenario: Scenario, index: number, count: number): OutputOutcome {
  if (scenario.outputs !== "partial") return scenario.outputs;
  return index < Math.ceil(count / 2) ? "succeeded" : "failed";
}

function refuseInexpressible(scenario: Scenario, expression: Expression, outputCount: number): void {
  const refuse = (what: string): never => {
    throw new ScenarioRefused(
      "SCENARIO_NOT_EXPRESSIBLE",
      `${expression.vendor} cannot show ${what}, which scenario "${scenario.name}" needs.`,
    );
  };
  if (scenario.ends !== "never" && !expression.phases.includes(scenario.ends))
    refuse(`a generation that is ${scenario.ends}`);
  if (scenario.webhook !== undefined && expression.webhooks === undefined) refuse("a webhook");
  if (scenario.webhook?.signature === "old" && expression.webhooks !== "timestamped")
    refuse("when a webhook was signed");
  if (scenario.outputs === "partial") {
    if (outputCount < 2) refuse("some outputs failing where only one was asked for");
  } else if (!expression.outcomes.includes(scenario.outputs)) refuse(`an output that is ${scenario.outputs}`);
}

function failureOf(scenario: Scenario, code: string | undefined, expression: Expression): Failure | undefined {
  const wanted = code ?? scenario.code;
  if (scenario.ends === "succeeded" && scenario.outputs !== "partial") return undefined;
  if (scenario.ends === "never") return undefined;
  const failure = expression.failure(wanted, scenario.ends === "rejected" ? "rejected" : "failed");
  if (failure === undefined) {
    throw new ScenarioRefused(
      "FAILURE_CODE_UNKNOWN",
      `${expression.vendor} has no failure code "${wanted ?? ""}". It has: ${expression.failureCodes.join(", ")}.`,
    );
  }
  return scenario.message === undefined ? failure : { ...failure, message: scenario.message };
}
