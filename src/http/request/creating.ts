/** Creates the generations of a request: chooses the scenario and the label, and stores all in one transaction. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { compileFault, describeFault } from "../../engine/rule/faults.ts";
import type { Failure, Generation } from "../../engine/model/generation.ts";
import type { GenerationDraft, ScenarioChoice } from "../../engine/generation/generations.ts";
import { findMarkers } from "../../engine/rule/marker.ts";
import { adviceOnCode } from "../../wording/nearest.ts";
import { ScenarioRefused, type Capabilities, type Scenario } from "../../engine/scenario/plan.ts";
import { orderAnswer } from "./answer-order.ts";
import { publishRuleHit } from "../journal/entry-event.ts";
import { addExplanation, explainMatching } from "./explain.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";
import { RequestSubject } from "./match-subject.ts";
import type { Submitter } from "./submitter.ts";
import { originOf } from "../parsing/public-url.ts";
import type { VendorErrors } from "../errors/vendor-error.ts";

const SCENARIO_HEADER = "x-fauxgen-scenario";

/** The phases and results that a vendor can show, and its failures; part of every `Vendor`. */
export interface VendorCapabilities {
  readonly name: string;
  readonly capabilities: Pick<Capabilities, "phases" | "results" | "webhooks">;
  /** Returns the failure with a code, in the words of the given catalogues. */
  readonly failure: (
    ...asked: [...Parameters<Capabilities["failure"]>, fixtures?: FixtureLibrary]
  ) => Failure | undefined;
  readonly failureCodes: Capabilities["failureCodes"];
  readonly errors: VendorErrors;
}

export type JobDraft = Omit<GenerationDraft, "vendor" | "account" | "kind" | "origin" | "label"> &
  Partial<Pick<GenerationDraft, "account" | "kind" | "label">> & {
    /** The failure of a job that the vendor checks only when it runs; it overrides the scenario. */
    readonly flaw?: Failure | undefined;
  };

/** A create that a test requests through control, without a client's request. */
export interface DirectCreate extends Submitter {
  /** The body that a client would send; undefined for the vendor's usual one. */
  readonly request: unknown;
}

export interface PlannedJob {
  /** Called inside the transaction that creates the job. */
  readonly draft: () => JobDraft;
  /** Charges the job's cost, inside the same transaction. */
  readonly charge?: (() => void) | undefined;
}

/** The jobs of one request. */
export interface PlannedJobs {
  /** Called inside the transaction that creates the jobs, because ids are counted there. */
  readonly drafts: () => readonly JobDraft[];
  /** Charges the cost of the jobs, inside the same transaction, before they are created. */
  readonly charge?: (() => void) | undefined;
}

/**
 * Chooses the scenario of a request: header, rule, marker in the body, the sandbox's default, the configured one.
 * The marker is searched for in `body`; a batch passes one row at a time. Throws `ScenarioRefused`.
 */
export function chooseScenario(
  request: FastifyRequest,
  reply: FastifyReply,
  vendor: VendorCapabilities,
  body: unknown = request.bodyAsSent,
): { choice: ScenarioChoice; label: string | undefined } {
  const { sandbox } = request;
  const { scenarios } = request.server.httpContext;
  const markers = findMarkers(body);
  const given = request.headers[SCENARIO_HEADER];
  const header = typeof given === "string" ? given.split(";", 1)[0] : undefined;
  const rule = header === undefined ? takeRule(request, reply, body) : undefined;
  const { scenario, chosen } = scenarios.choose(sandbox, [
    { source: "header", text: header },
    { source: "rule", text: rule?.scenario },
    { source: "marker", marker: markers.scenario },
    { source: "sandbox", text: sandbox.settings.scenarioDefaults.sandbox },
    { source: "configured", text: sandbox.settings.scenarioDefaults.configured },
  ]);
  const echoed = chosen.code === undefined ? chosen.name : `${chosen.name}=${chosen.code}`;
  addExplanation(reply, SCENARIO_HEADER, `${echoed}; from=${rule?.rule ?? chosen.source}`);
  request.entry.scenario = echoed;
  if (scenario.refuses !== undefined) refuseCode(request, vendor, scenario.refuses, chosen.code ?? scenario.code);
  const capabilities: Capabilities = {
    vendor: vendor.name,
    ...vendor.capabilities,
    failure: (code, phase) => vendor.failure(code, phase, request.fixtures),
    failureCodes: vendor.failureCodes,
  };
  return {
    choice: {
      scenario: meetScenarioFaults(request, scenario),
      chosen,
      capabilities,
      timing: sandbox.settings.timing,
      progression: sandbox.settings.progression,
    },
    label: markers.label,
  };
}

/**
 * Applies a scenario's fault on this create operation to the answer of this request. Returns the scenario with the
 * faults that remain for later requests.
 */
function meetScenarioFaults(request: FastifyRequest, scenario: Scenario): Scenario {
  const { operation } = request.entry;
  const own = scenario.faults?.find((each) => each.operation !== undefined && each.operation === operation);
  if (own === undefined) return scenario;
  const fault = { ...compileFault(own.fault), when: "after" as const };
  request.fault ??= { rule: `scenario ${scenario.name}`, fault, fraction: 0 };
  request.entry.fault ??= describeFault(fault);
  return { ...scenario, faults: scenario.faults?.filter((each) => each.operation !== operation) ?? [] };
}

/** Takes the scenario rule that matches a request or a row of a batch; each take counts as a use of the rule. */
function takeRule(
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
): { readonly rule: string; readonly scenario: string } | undefined {
  const { rules } = request.sandbox;
  if (!rules.haveScenarios) return undefined;
  const taken = rules.takeScenario(new RequestSubject(request, body));
  explainMatching(request, reply);
  if (taken === undefined) return undefined;
  (request.entry.rules ??= []).push(taken.rule);
  publishRuleHit(request.sandbox, request.entry, taken.rule, { scenario: taken.scenario });
  return taken;
}

/** Creates the only generation of a request; see {@link createGenerations} for several. */
export function createGeneration(
  request: FastifyRequest,
  reply: FastifyReply,
  vendor: VendorCapabilities,
  { draft, charge }: PlannedJob,
): Generation {
  const [created] = createGenerations(request, reply, vendor, { drafts: () => [draft()], charge });
  if (created === undefined) throw new Error("One draft did not create one generation.");
  return created;
}

/**
 * Creates the generations of one request in one transaction; an error inside it stores nothing. The answer waits until
 * they are written; a route that does more after the create must await `request.written` first.
 */
export function createGenerations(
  request: FastifyRequest,
  reply: FastifyReply,
  vendor: VendorCapabilities,
  { drafts, charge }: PlannedJobs,
): Generation[] {
  const { sandbox, account, now, entry } = request;
  const { choice, label } = chooseScenario(request, reply, vendor);
  const origin = originOf(request);
  const { result: created, written } = sandbox.writeWithOthers(() => {
    charge?.();
    return drafts().map(({ flaw, ...draft }) =>
      sandbox.generations.create(
        { kind: "generation", label, account, ...draft, vendor: vendor.name, origin },
        flaw === undefined ? choice : failingWith(choice, flaw),
        now,
      ),
    );
  });
  request.written = written;
  entry.generations = created.map((generation) => generation.id);
  entry.label = label;
  orderAnswer(request, reply, created);
  return created;
}

function failingWith(choice: ScenarioChoice, flaw: Failure): ScenarioChoice {
  const { message: _message, ...scenario } = choice.scenario;
  return {
    ...choice,
    scenario: { ...scenario, ends: "failed", outputs: "failed" },
    capabilities: { ...choice.capabilities, failure: () => flaw },
  };
}

/** Checks the code of the scenarios `error` and `read-error`; for `error`, throws the vendor's error with that code. */
function refuseCode(
  request: FastifyRequest,
  { name, errors }: VendorCapabilities,
  refuses: "create" | "read",
  code: string | undefined,
): void {
  const error = code === undefined ? errors.internal() : errors.byCode(code, request);
  if (error === undefined)
    throw new ScenarioRefused(
      "ERROR_CODE_UNKNOWN",
      `${name} has no error "${code ?? ""}". ${adviceOnCode(code ?? "", errors.codes)}`,
    );
  if (refuses === "create") throw error;
}
