/**
 * Formats generations for oxen's responses: every state has the same fields, null until they are known [doc:
 * async_queue].
 */
import type { Instant } from "../../../engine/base/clock.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Observation } from "../../../engine/model/observation.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { finalPrice } from "../account.ts";
import { attributesOf } from "./store.ts";
import { resultUrl } from "./urls.ts";
import { withExactNumbers } from "../../../http/parsing/exact-numbers.ts";
import { isParameters, type Parameters } from "./sent-parameters.ts";
import { formatDollars } from "../pricing.ts";
import { historyRow, type HistoryRow, type Row } from "./schemas.ts";
import { mediaTypeOf } from "./submission.ts";

/** Converts an instant to integer Unix seconds [seed]. */
export const unixSeconds = (instant: Instant): number => Math.floor(instant / 1000);

type Place = { readonly sandbox: Sandbox; readonly origin: string };

/** Formats a row of the queue: the core fields, then the request's parameters. */
export function formatRow(observed: Observation, place: Place): Row {
  return { ...coreOf(observed, place), ...echoOf(observed.generation) };
}

/** Formats a row of the history, with the price and the requesting user. */
export function formatHistoryRow(observed: Observation, place: Place): HistoryRow {
  const { userId, username } = attributesOf(observed.generation);
  return {
    ...coreOf(observed, place),
    cost: formatCost(observed),
    user_id: userId,
    username,
    user_image: null,
    ...echoOf(observed.generation),
  };
}

/** Returns the cost in dollars; null for a failed or cancelled generation, whose price was refunded. */
function formatCost({ generation, phase }: Observation): string | null {
  if (phase === "failed" || phase === "cancelled") return null;
  return formatDollars(phase === "succeeded" ? finalPrice(generation) : generation.cost);
}

function coreOf({ generation, phase, startedAt, endedAt }: Observation, { sandbox, origin }: Place): Row {
  const { repo, directory } = attributesOf(generation);
  return {
    generation_id: generation.id,
    model_name: generation.model,
    media_type: mediaTypeOf(generation.medium),
    status: statusOf(phase),
    enqueued_at: unixSeconds(generation.createdAt),
    started_at: startedAt === undefined ? null : unixSeconds(startedAt),
    completed_at: endedAt === undefined ? null : unixSeconds(endedAt),
    result_url: phase === "succeeded" ? resultUrl(sandbox, origin, generation) : null,
    error_message: phase === "failed" ? (generation.failure?.message ?? "") : null,
    target_namespace: generation.account,
    target_repo: repo,
    target_directory: directory,
  };
}

function statusOf(phase: Phase): Row["status"] {
  // Oxen has no status for a generation that is rejected after it was accepted.
  return phase === "rejected" ? "failed" : phase;
}

/** Returns the request's parameters, except those with the name of a field of the row [inferred]. */
function echoOf(generation: Generation): Parameters {
  const { exactNumbers } = attributesOf(generation);
  // The vendor's server keeps integers of any size and the digits of fractions [inferred].
  const request = exactNumbers === undefined ? generation.request : withExactNumbers(generation.request, exactNumbers);
  if (!isParameters(request)) return {};
  return Object.fromEntries(Object.entries(request).filter(([name]) => !Object.hasOwn(historyRow.shape, name)));
}
