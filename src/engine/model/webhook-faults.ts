/** Defines how a scenario disturbs the webhooks of its generations: the ways in which real deliveries go wrong. */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";

export const webhookFaults = z.strictObject({
  copies: z.int().min(1).max(10).optional().meta({ description: "How often each webhook is sent, even once accepted" }),
  delay: duration.optional().meta({ description: "How long after the transition it is sent, on the sandbox's clock" }),
  swapped: z.boolean().optional().meta({ description: "Sent after the next one to the same receiver" }),
  beforeAnswer: z.boolean().optional().meta({ description: "Sent, and answered, before the create is answered" }),
  lost: z.boolean().optional().meta({ description: "Never sent" }),
  signature: z
    .enum(["bad", "old", "wrong-secret"])
    .optional()
    .meta({ description: "Signed over another body, an hour ago, or with another secret" }),
  padBytes: z
    .int()
    .positive()
    .max(64 * 1024 * 1024)
    .optional()
    .meta({ description: "Bytes that the body is padded with" }),
  sendOver: duration.optional().meta({ description: "How long the sending of the body takes, in real time" }),
});

export type WebhookFaults = z.output<typeof webhookFaults>;

/** Which webhooks a vendor sends: none (absent), signed ones, or signed ones that also say when they were signed. */
export type WebhookKind = "signed" | "timestamped";
