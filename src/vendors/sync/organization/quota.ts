/**
 * Checks whether an organisation may generate: billing, the free plan's allowance, and concurrency. The free plan has
 * its allowance and its concurrency unless the sandbox switches limits off.
 */
import type { FastifyRequest } from "fastify";
import type { Account } from "../../../engine/generation/accounts.ts";
import type { Instant } from "../../../engine/base/clock.ts";
import type { Transition } from "../../../engine/generation/generations.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { concurrencyOf, cycleOf, FREE_ALLOWANCE, stateOf, type AccountState } from "../account.ts";
import { concurrencyLimit, refusal, unusableInput } from "../errors.ts";

/** The facts on which the quota depends. */
interface Work {
  readonly model: { readonly name: string; readonly type: string };
  /** Length of the longest input of known length, in seconds; undefined if no length is known. */
  readonly length: { readonly known: number | undefined };
}

/** Throws 402, 403, 422 or 429 if the organisation may not make this generation now. */
export function checkQuota({ sandbox, account, now }: FastifyRequest, { model, length }: Work): void {
  const state = stateOf(account, now);
  if (state.billing === "payment_required") throw refusal("account_payment_required");
  if (state.billing === "on_hold") throw refusal("account_on_hold");
  const isFree = isFreePlan(sandbox, state);
  if (isFree) {
    if (model.type === "react") throw refusal("plan_feature_unavailable", { field: "model" });
    checkFreePlan(state, model.name === "sync-3", length.known ?? 0);
  }
  if (isFree || sandbox.settings.enforcesLimits(account)) checkConcurrency(sandbox, account, concurrencyOf(state), now);
}

/** Throws 402 if the free plan's speech of the month is used up [doc: product/billing; the code is inferred]. */
export function checkSpeechQuota({ sandbox, account, now }: FastifyRequest): void {
  const state = stateOf(account, now);
  if (isFreePlan(sandbox, state) && (state.used.speech ?? 0) >= FREE_ALLOWANCE.speech)
    throw refusal("free_tier_generations_exhausted");
}

/** Counts a generation of the free plan. Call it inside the transaction that creates it. */
export function chargeQuota({ account, now }: FastifyRequest, { model }: Pick<Work, "model">): void {
  count(account, now, useOf(model.name), 1);
}

/** Counts speech of the free plan. Call it inside the transaction that creates it. */
export function chargeSpeechQuota({ account, now }: FastifyRequest): void {
  count(account, now, SPEECH, 1);
}

/** Removes a failed generation from the count, because failed generations are not charged [doc]. */
export function correctCharge(sandbox: Sandbox, { generation, to, at }: Transition): void {
  const { kind, model, createdAt } = generation;
  if ((kind !== "generation" && kind !== "tts") || (to !== "failed" && to !== "rejected")) return;
  const used = kind === "tts" ? SPEECH : useOf(model);
  if (cycleOf(createdAt) === cycleOf(at)) count(sandbox.account(generation.account), at, used, -1);
}

function isFreePlan({ document }: Sandbox, { plan }: AccountState): boolean {
  return plan === "free" && document.limits !== "off";
}

function checkFreePlan({ used }: AccountState, isSync3: boolean, seconds: number): void {
  if (used.generations >= FREE_ALLOWANCE.generations) throw refusal("free_tier_generations_exhausted");
  if (isSync3 && used.sync3 >= FREE_ALLOWANCE.sync3) throw refusal("free_tier_generations_exhausted");
  if (seconds > (isSync3 ? FREE_ALLOWANCE.sync3Seconds : FREE_ALLOWANCE.seconds))
    throw unusableInput("generation_plan_duration_exceeded");
}

/**
 * Checks concurrency. Queued and processing generations count [doc: rate-limits]; those of a batch have their own
 * limit.
 */
function checkConcurrency(sandbox: Sandbox, account: Account, limit: number, now: Instant): void {
  const running = sandbox.generations.list(
    {
      accountId: account.id,
      vendor: "sync",
      kind: "generation",
      phases: ["queued", "processing"],
      facts: { batch: [""] },
    },
    { order: "oldest", limit: limit + 1 },
  );
  if (running.length < limit) return;
  const ends = running.map(({ timeline, createdAt }) => createdAt + (timeline.steps.at(-1)?.offset ?? 0));
  const soonestMs = Math.min(...ends) - now;
  throw concurrencyLimit(running.length, limit, Math.max(1, Math.ceil(soonestMs / 1000))).explained(
    "RATE_LIMITED",
    `${running.length} generations of account "${account.name}" are queued or processing; the limit is ${limit} at once.`,
  );
}

/** What one creation uses of the free plan's allowance. */
type Use = Readonly<Record<"generations" | "sync3" | "speech", 0 | 1>>;

const SPEECH: Use = { generations: 0, sync3: 0, speech: 1 };

function useOf(model: string): Use {
  return { generations: 1, sync3: model === "sync-3" ? 1 : 0, speech: 0 };
}

function count(account: Account, now: Instant, use: Use, sign: 1 | -1): void {
  const state = stateOf(account, now);
  if (state.plan !== "free") return;
  const { cycle, generations, sync3, speech = 0 } = state.used;
  const used = {
    cycle,
    generations: Math.max(0, generations + sign * use.generations),
    sync3: Math.max(0, sync3 + sign * use.sync3),
    speech: Math.max(0, speech + sign * use.speech),
  };
  account.updateState("sync", { ...state, used });
}
