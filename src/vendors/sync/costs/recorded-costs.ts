/** Formats the recorded cost of a generation [doc: generate-api/get-costs, list-costs]. */
import type { Generation } from "../../../engine/model/generation.ts";
import type { Observation } from "../../../engine/model/observation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { uuidFrom } from "../../../engine/base/ids.ts";
import { attributesOf, echoOf } from "../generations/store.ts";
import { STATUSES } from "../generations/views.ts";
import { formatInstant } from "../instants.ts";
import type { GenerationCosts, UsageItem } from "./schemas.ts";

/** Seconds after which a client reads the cost of a running generation again [inferred: no page has the number]. */
const RETRY_SECONDS = 60;

/** The costs that no answer contains, of which the documentation names the kinds; the words are [inferred]. */
const EXCLUDED = ["tax", "subscription_fees", "external_provider_charges", "account_adjustments"] as const;

/**
 * Formats the cost of a generation. It is recorded when the generation ends; the vendor needs some ten minutes [doc], the
 * emulator none [inferred]. A failed generation costs nothing [doc].
 */
export function formatCosts({ generation, phase }: Observation): GenerationCosts {
  const components = componentsOf(generation, phase);
  const known = components.reduce((sum, { costUsd }) => sum + Number(costUsd ?? 0), 0);
  const isComplete = components.every(({ availability }) => availability === "complete");
  const isPending = !isTerminal(phase);
  return {
    generationId: generation.id,
    generationStatus: STATUSES[phase],
    currency: "USD",
    availability: isPending ? "pending" : isComplete ? "complete" : "partial",
    totalCostUsd: isComplete ? decimal(known) : null,
    knownSubtotalUsd: decimal(known),
    retryAfterSeconds: isPending ? RETRY_SECONDS : null,
    components,
    excludedCosts: [...EXCLUDED],
  };
}

/** Formats the cost of an ended generation for the list of an organisation's costs. */
export function formatUsage(observed: Observation, finishedAt: number, sandbox: Sandbox): UsageItem {
  const { generation } = observed;
  const { user } = attributesOf(generation);
  return {
    ...formatCosts(observed),
    createdAt: formatInstant(generation.createdAt),
    finishedAt: formatInstant(finishedAt),
    model: generation.model,
    // A user of the emulator has one key, whose shape in this answer could not be read [inferred].
    apiKey: { id: uuidFrom(sandbox.digest("sync", "api-key", generation.account, user)), name: user },
  };
}

type Component = GenerationCosts["components"][number];

/**
 * Lists the parts of a cost. Dubbing is billed by its provider, so its amount is unavailable; the emulator charges
 * nothing for speech [inferred: no page has its price].
 */
function componentsOf(generation: Generation, phase: Observation["phase"]): Component[] {
  const { input } = echoOf(generation);
  const { isDubbed = false } = attributesOf(generation);
  const succeeded = phase === "succeeded";
  const part = (component: Component["component"], cost: number): Component =>
    isTerminal(phase)
      ? { component, availability: "complete", costUsd: decimal(succeeded ? cost : 0) }
      : { component, availability: "pending", costUsd: null };
  const dubbing: Component = { component: "dubbing", availability: "unavailable", costUsd: null };
  return [
    part("lipsync", generation.finalCost ?? generation.cost),
    ...(isDubbed ? [succeeded ? dubbing : part("dubbing", 0)] : []),
    ...(input.some(({ type }) => type === "text") ? [part("speech_synthesis", 0)] : []),
  ];
}

/** Returns an amount as decimal text, which never has an exponent [doc: a decimal string]. */
function decimal(amount: number): string {
  return amount.toFixed(3).replace(/\.?0+$/, "");
}
