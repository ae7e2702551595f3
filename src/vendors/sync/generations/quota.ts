/** Checks whether an organisation may generate: billing, the free plan's allowance, and concurrency. */
import type { FastifyRequest } from "fastify";
import type { Account } from "../../../engine/generation/accounts.ts";
import type { Instant } from "../../../engine/base/clock.ts";
import type { Transition } from "../../../engine/generation/generations.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { concurrencyOf, cycleOf, stateOf, type AccountState } from "../account.ts";
import { concurrencyLimit, refusal, unusableInput } from "../errors.ts";

/**
 * The free plan's allowance [doc: error-handling]: 3 generations a month of 20 s each, at most one of them by sync-3,
 * of 15 s.
 */
const FREE = { generations: 3, seconds: 20, sync3: 1, sync3Seconds: 15 } as const;

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
  if (state.plan === "free" && sandbox.document.limits !== "off") {
    if (model.type === "react") throw refusal("plan_feature_unavailable", { field: "model" });
    checkFreePlan(state, model.name === "sync-3", length.known ?? 0);
  }
  if (sandbox.settings.enforcesLimits(account)) checkConcurrency(sandbox, account, concurrencyOf(state), now);
}

/** Counts a generation of the free plan. Call it inside the transaction that creates it. */
export function chargeQuota({ account, now }: FastifyRequest, { model }: Pick<Work, "model">): void {
  count(account, now, model.name, 1);
}

/** Removes a failed generation from the count, because failed generations are not charged [doc]. */
export function correctCharge(sandbox: Sandbox, { generation, to, at }: Transition): void {
  if (generation.kind !== "generation" || (to !== "failed" && to !== "rejected")) return;
  if (cycleOf(generation.createdAt) === cycleOf(at))
    count(sandbox.account(generation.account), at, generation.model, -1);
}

function checkFreePlan({ used }: AccountState, isSync3: boolean, seconds: number): void {
  if (used.generations >= FREE.generations) throw refusal("free_tier_generations_exhausted");
  if (isSync3 && used.sync3 >= FREE.sync3) throw refusal("free_tier_generations_exhausted");
  if (seconds > (isSync3 ? FREE.sync3Seconds : FREE.seconds)) throw unusableInput("generation_plan_duration_exceeded");
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

function count(account: Account, now: Instant, model: string, change: 1 | -1): void {
  const state = stateOf(account, now);
  if (state.plan !== "free") return;
  const { cycle, generations, sync3 } = state.used;
  const used = {
    cycle,
    generations: Math.max(0, generations + change),
    sync3: Math.max(0, sync3 + (model === "sync-3" ? change : 0)),
  };
  account.updateState("sync", { ...state, used });
}
