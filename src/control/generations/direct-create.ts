/** Creates a generation that a test requests through control. */
import type { Generation } from "../../engine/model/generation.ts";
import { isTerminal, type Phase } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Scenario } from "../../engine/scenario/plan.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";
import { problem } from "../../http/errors/problems.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkAccountName } from "../rules/match-check.ts";
import { vendorNamed } from "../names.ts";
import type { ControlOptions } from "../scope.ts";

/** The sandbox of an order, its fixtures, and the origin of the request. */
export interface OrderPlace {
  readonly sandbox: Sandbox;
  readonly fixtures: FixtureLibrary;
  readonly origin: string;
}

export interface Order {
  readonly vendor: string;
  readonly account: string;
  readonly request?: unknown;
  readonly scenario?: string | undefined;
  readonly phase?: Phase | undefined;
  readonly hold: boolean;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly label?: string | undefined;
}

/** The scenario that ends in each phase, for an order that names a phase and no scenario. */
const SCENARIO_OF = { succeeded: "succeed", failed: "fail", rejected: "reject" } as const;

/**
 * Creates the ordered generation. The effects of the phases that it skips (credits, webhooks) happen at once, in order.
 * Throws problems, `ScenarioRefused` and the vendor's own errors.
 */
export function createDirectly(
  { vendors, context }: ControlOptions,
  { sandbox, fixtures, origin }: OrderPlace,
  order: Order,
): Generation {
  const vendor = vendorNamed(vendors, order.vendor, "body.vendor");
  checkAccountName(order.account, "body.account", sandbox.accounts.names());
  checkPhase(vendor, order.phase);
  const { planDirectCreate } = vendor;
  if (planDirectCreate === undefined)
    throw problem("not-creatable", `${vendor.title} cannot create a generation without a client's request yet.`);
  const { scenario, chosen } = context.scenarios.choose(sandbox, [
    { source: "control", text: scenarioText(order) },
    { source: "sandbox", text: sandbox.settings.scenarioDefaults.sandbox },
    { source: "configured", text: sandbox.settings.scenarioDefaults.configured },
  ]);
  const { phase } = order;
  if (phase !== undefined && phase !== "cancelled" && isTerminal(phase) && scenario.ends !== phase)
    throw problem("invalid-request", `body.phase: scenario "${scenario.name}" never reaches ${phase}.`);
  if (order.hold && phase !== undefined && isTerminal(phase))
    throw problem("invalid-request", `body.hold: only an unfinished phase can be held, not ${phase}.`);
  const now = sandbox.clock.now();
  // One transaction, so that a refused write leaves nothing of it: no account, no charge and no phase on the way.
  return sandbox.write(() => {
    const account = sandbox.account(order.account);
    const { draft, charge } = planDirectCreate({
      sandbox,
      account,
      user: "owner",
      now,
      fixtures,
      request: order.request,
    });
    charge?.();
    // The test decides how the generation ends, so the vendor's late checks (`flaw`) are ignored.
    const { flaw: _flaw, ...job } = draft();
    const created = sandbox.generations.create(
      { kind: "generation", account, label: order.label, ...job, vendor: vendor.name, origin },
      {
        scenario: placedScenario(scenario, order),
        chosen: { ...chosen, ...(order.code !== undefined && { code: order.code }) },
        capabilities: {
          vendor: vendor.name,
          ...vendor.capabilities,
          failure: vendor.failure,
          failureCodes: vendor.failureCodes,
        },
        timing: sandbox.settings.timing,
        progression: sandbox.settings.progression,
      },
      now,
    );
    sandbox.settle();
    const present = sandbox.generations.findByRow(created.rowId) ?? created;
    return phase === "cancelled" ? sandbox.generations.cancel(present, now) : present;
  });
}

function scenarioText({ scenario, phase }: Order): string | undefined {
  if (scenario !== undefined) return scenario;
  return phase === "succeeded" || phase === "failed" || phase === "rejected" ? SCENARIO_OF[phase] : undefined;
}

/** Returns the scenario with zero durations for the phases before the ordered one. */
function placedScenario(scenario: Scenario, { phase, hold, message }: Order): Scenario {
  const placed = { ...scenario, ...(message !== undefined && { message }) };
  if (hold && (phase === undefined || !isTerminal(phase)))
    return {
      ...placed,
      ...(phase === "processing" && { durations: { ...scenario.durations, queued: 0 } }),
      progression: { hold: phase ?? "queued" },
    };
  if (phase === "processing") return { ...placed, durations: { ...scenario.durations, queued: 0 } };
  if (phase === undefined || phase === "queued" || phase === "cancelled") return placed;
  return { ...placed, durations: { queued: 0, processing: 0 }, progression: "time" };
}

/** Throws `not-expressible` for a phase that the vendor cannot show. */
function checkPhase(vendor: Vendor, phase: Phase | undefined): void {
  if (phase === undefined || vendor.capabilities.phases.includes(phase)) return;
  throw problem(
    "not-expressible",
    `${vendor.title} cannot show a generation that is ${phase}; it shows ${vendor.capabilities.phases.join(", ")}.`,
  );
}
