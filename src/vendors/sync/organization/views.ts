/** Formats the account behind a key: who uses it, its plan and limits, and what is left of the free plan's allowance. */
import type { FastifyRequest } from "fastify";
import { uuidFrom } from "../../../engine/base/ids.ts";
import { clonesAllowed, concurrencyOf, FREE_ALLOWANCE, nextCycleOf, stateOf, type AccountState } from "../account.ts";
import { BILLING_URL } from "../errors.ts";
import { formatInstant } from "../instants.ts";
import { hasToken } from "./source.ts";
import type { AccountView } from "./schemas.ts";

export function formatAccount(request: FastifyRequest): AccountView {
  const { sandbox, account, user, now } = request;
  const state = stateOf(account, now);
  const { generations, speech = 0 } = state.used;
  const clones = clonesAllowed(state);
  return {
    account: {
      id: uuidFrom(sandbox.digest("sync", "user", account.name, user)),
      email: `${user}@${account.name}.example`,
      name: user,
    },
    organization: {
      id: uuidFrom(sandbox.digest("sync", "organization", account.name)),
      name: account.name,
      role: user === "owner" ? "owner" : "member",
    },
    credentialType: hasToken(request) ? "oauth" : "api_key",
    plan: state.plan,
    limits: {
      concurrentGenerations: concurrencyOf(state),
      voiceClones: Number.isFinite(clones) ? clones : null,
    },
    balance: {
      credits: null,
      freeMonthlyLimits:
        state.plan === "free"
          ? {
              generations: { used: generations, max: FREE_ALLOWANCE.generations },
              textToSpeech: { used: speech, max: FREE_ALLOWANCE.speech },
              monthlyResetDate: formatInstant(nextCycleOf(now)),
            }
          : null,
    },
    billingModel: billingModelOf(state),
    billingUrl: BILLING_URL,
  };
}

/** Returns how the organisation pays; paid plans pay by use, because the emulator bills dollars [inferred]. */
function billingModelOf({ plan }: AccountState): AccountView["billingModel"] {
  if (plan === "free" || plan === "enterprise") return plan;
  return "usage";
}
