/** Defines the responses of the account and organisation routes. */
import { z } from "zod";
import { isoTime, uuid } from "../schemas.ts";

/** The route is known [client]; its response is [inferred]. */
export const webhookSecret = z.strictObject({
  secret: z.string().meta({ description: "Secret that signs the organisation's webhooks" }),
});

const used = z.strictObject({ used: z.int(), max: z.int() });

/**
 * [doc: account-api/get] for the keys of the first level. The keys of account and organization are those that the
 * vendor's tool server reads [client]; those of limits and balance are [inferred] from what it shows of them.
 */
export const accountView = z.strictObject({
  account: z
    .strictObject({ id: uuid, email: z.string().nullable(), name: z.string().nullable() })
    .nullable()
    .meta({ description: "Null for a key without an owner" }),
  organization: z.strictObject({ id: uuid, name: z.string().nullable(), role: z.string() }),
  credentialType: z.enum(["api_key", "oauth", "session"]),
  plan: z.string(),
  limits: z.strictObject({
    concurrentGenerations: z.int(),
    voiceClones: z.int().nullable().meta({ description: "Null for no limit" }),
  }),
  balance: z.strictObject({
    credits: z.null().meta({ description: "No organisation of the emulator has credits" }),
    freeMonthlyLimits: z
      .strictObject({ generations: used, textToSpeech: used, monthlyResetDate: isoTime })
      .nullable()
      .meta({ description: "Only for the free plan" }),
  }),
  billingModel: z.enum(["credits", "usage", "free", "enterprise"]),
  billingUrl: z.url(),
});

export type AccountView = z.output<typeof accountView>;
