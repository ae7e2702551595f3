/**
 * Plans a generation from a scenario: a named recipe for its timeline and outputs. One recipe serves every vendor
 * that can show it; the vendor supplies its own failure codes and words.
 */
import type { Failure, Medium, Output, OutputResult, ProgressCurve } from "../model/generation.ts";
import { adviceOnCode } from "../../wording/nearest.ts";
import type { Phase } from "../model/phases.ts";
import { planTimeline, type OpenStep, type Progression, type Timeline } from "../model/timeline.ts";
import type { ScenarioFault } from "./document.ts";
import { durationsOf, type PhaseDurations, type Timing } from "../model/timing.ts";
import type { WebhookKind, WebhookFaults } from "../model/webhook-faults.ts";

export interface Scenario {
  readonly name: string;
  /** One line on its purpose. */
  readonly summary: string;
  /** Overrides of the sandbox's timing, in milliseconds. */
  readonly durations?: Partial<PhaseDurations>;
  /** Overrides what moves the generation on. */
  readonly progression?: Progression;
  /** The phase in which the generation ends; `never` keeps it in processing without end. */
  readonly ends: "succeeded" | "failed" | "rejected" | "never";
  /**
   * The result of the outputs: the same for all, the second half failing (`partial`), or one by one with the last
   * repeated.
   */
  readonly outputs: OutputResult | "partial" | readonly [OutputPlan, ...OutputPlan[]];
  /** Percent done at equal distances over the processing phase; linear from 0 to 100 when absent. */
  readonly progressPoints?: readonly number[];
  /** The final cost in the vendor's unit, if it differs from the amount held at creation. */
  readonly finalCost?: number;
  /** The faults of requests about its generations. */
  readonly faults?: readonly ScenarioFault[];
  /** The exchange that the vendor refuses with its own HTTP error, by the code after `=`; absent for none. */
  readonly refuses?: "create" | "read";
  /** The vendor's failure code, or the code of the error for `refuses`; the vendor's usual code when absent. */
  readonly code?: string;
  /** Replaces the vendor's own words for the failure. */
  readonly message?: string;
  /** The faults of its webhooks; absent for normal delivery. */
  readonly webhook?: WebhookFaults;
}

/** The planned result of one output. */
interface OutputPlan {
  readonly result: OutputResult;
  /** The vendor's failure code for this output; the scenario's code when absent. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** How many milliseconds the output ends before the generation. */
  readonly leadMs?: number | undefined;
}

/** Thrown for an unknown scenario, one that this vendor cannot show, or a code that the vendor does not know. */
export class ScenarioRefused extends Error {
  readonly code: "SCENARIO_UNKNOWN" | "ERROR_CODE_UNKNOWN" | "SCENARIO_NOT_EXPRESSIBLE" | "FAILURE_CODE_UNKNOWN";

  constructor(code: ScenarioRefused["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a vendor can show, and its words for failures, so that the engine needs no knowledge of vendors. */
export interface Capabilities {
  readonly vendor: string;
  readonly phases: readonly Phase[];
  readonly results: readonly OutputResult[];
  /** The kind of webhooks that it sends; absent for none. */
  readonly webhooks?: WebhookKind;
  /** Returns the vendor's failure of this code (its usual failure when undefined), or undefined for an unknown code. */
  readonly failure: (code: string | undefined, phase: "failed" | "rejected") => Failure | undefined;
  /** Every code that {@link failure} knows, for suggestions; empty if any code is accepted. */
  readonly failureCodes: readonly string[];
}

/** The timeline and outputs that a scenario gives a generation. */
export interface GenerationPlan {
  readonly timeline: Timeline;
  readonly outputs: readonly Output[];
  readonly failure?: Failure;
  readonly progressCurve?: ProgressCurve;
}

export type OutputDraft = Pick<Output, "id" | "medium" | "format" | "width" | "height" | "durationSeconds"> & {
  /** Makes this output fail in any scenario: the vendor checks the fault only once the generation runs. */
  readonly flaw?: Failure;
};

/** Decides a generation's timeline and outputs. Throws {@link ScenarioRefused} if the vendor cannot show it. */
export function planGeneration(
  scenario: Scenario,
  code: string | undefined,
  capabilities: Capabilities,
  subject: {
    readonly medium: Medium;
    readonly outputs: readonly OutputDraft[];
    readonly timing: Timing;
    readonly progression: Progression;
  },
): GenerationPlan {
  checkCapabilities(scenario, capabilities, subject.outputs.length);
  const usualFailure = failureOf(scenario, code, capabilities);
  const outputs = subject.outputs.map(({ flaw, ...draft }, index): Output => {
    const plan = outputPlanOf(scenario, index, subject.outputs.length);
    const result = flaw === undefined ? plan.result : "failed";
    const failure = flaw ?? ownFailureOf(plan, capabilities) ?? usualFailure;
    return {
      ...draft,
      leadMs: plan.leadMs ?? 0,
      result,
      ...(result === "failed" && failure !== undefined && { failure }),
    };
  });
  // A generation succeeds if any output does, so a generation without a good output fails.
  const isFlawed = scenario.ends === "succeeded" && outputs.length > 0 && outputs.every(isFailed);
  const ends = isFlawed ? "failed" : scenario.ends;
  const durations = { ...durationsOf(subject.timing, subject.medium), ...scenario.durations };
  const timeline = planTimeline("queued", followingSteps(ends, durations), scenario.progression ?? subject.progression);
  const failure = isFlawed ? outputs[0]?.failure : usualFailure;
  const { progressPoints } = scenario;
  return {
    timeline,
    outputs,
    ...(failure !== undefined && ends !== "succeeded" && { failure }),
    ...(progressPoints !== undefined && { progressCurve: { points: progressPoints, overMs: durations.processing } }),
  };
}

const isFailed = ({ result }: Output): boolean => result === "failed";

function followingSteps(ends: Scenario["ends"], { queued, processing }: PhaseDurations): OpenStep[] {
  if (ends === "rejected") return [{ phase: "rejected", after: queued }];
  const started: OpenStep = { phase: "processing", after: queued };
  return ends === "never" ? [started] : [started, { phase: ends, after: processing }];
}

function outputPlanOf({ outputs }: Scenario, index: number, count: number): OutputPlan {
  if (outputs === "partial") return { result: index < Math.ceil(count / 2) ? "succeeded" : "failed" };
  return typeof outputs === "string"
    ? { result: outputs }
    : (outputs[Math.min(index, outputs.length - 1)] ?? outputs[0]);
}

/** Returns the failure that an output's own plan asks for; undefined if it fails like the generation. */
function ownFailureOf({ result, code, message }: OutputPlan, capabilities: Capabilities): Failure | undefined {
  if (result !== "failed" || (code === undefined && message === undefined)) return undefined;
  const failure = knownFailure(capabilities, code, "failed");
  return message === undefined ? failure : { ...failure, message };
}

/** Throws {@link ScenarioRefused} for a scenario that the vendor cannot show. */
function checkCapabilities(scenario: Scenario, capabilities: Capabilities, outputCount: number): void {
  const refuse = (what: string): never => {
    throw new ScenarioRefused(
      "SCENARIO_NOT_EXPRESSIBLE",
      `${capabilities.vendor} cannot show ${what}, which scenario "${scenario.name}" needs.`,
    );
  };
  if (scenario.ends !== "never" && !capabilities.phases.includes(scenario.ends))
    refuse(`a generation that is ${scenario.ends}`);
  if (scenario.webhook !== undefined && capabilities.webhooks === undefined) refuse("a webhook");
  if (scenario.webhook?.signature === "old" && capabilities.webhooks !== "timestamped")
    refuse("the time at which a webhook was signed");
  if (scenario.outputs === "partial") {
    if (outputCount < 2) refuse("a partly failed generation with only one output");
    return;
  }
  const results =
    typeof scenario.outputs === "string" ? [scenario.outputs] : scenario.outputs.map((each) => each.result);
  for (const result of results) if (!capabilities.results.includes(result)) refuse(`an output that is ${result}`);
}

function failureOf(scenario: Scenario, code: string | undefined, capabilities: Capabilities): Failure | undefined {
  const wanted = code ?? scenario.code;
  if (scenario.ends === "succeeded" && typeof scenario.outputs === "string" && scenario.outputs !== "partial")
    return undefined;
  if (scenario.ends === "never") return undefined;
  const failure = knownFailure(capabilities, wanted, scenario.ends === "rejected" ? "rejected" : "failed");
  return scenario.message === undefined ? failure : { ...failure, message: scenario.message };
}

function knownFailure(capabilities: Capabilities, code: string | undefined, phase: "failed" | "rejected"): Failure {
  const failure = capabilities.failure(code, phase);
  if (failure !== undefined) return failure;
  throw new ScenarioRefused(
    "FAILURE_CODE_UNKNOWN",
    `${capabilities.vendor} has no failure code "${code ?? ""}". ${adviceOnCode(code ?? "", capabilities.failureCodes)}`,
  );
}
