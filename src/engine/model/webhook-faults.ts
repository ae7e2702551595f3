/** Defines how a scenario disturbs the webhooks of its generations: the ways in which real deliveries go wrong. */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";

/** How the signature of a webhook is wrong. */
export const signatureFlaw = z.enum(["bad", "old", "wrong-secret", "none"]);

export type SignatureFlaw = z.output<typeof signatureFlaw>;

export const webhookFaults = z.strictObject({
  copies: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .meta({ description: "Number of times that each webhook is sent, even if the receiver accepts it" }),
  delay: duration.optional().meta({ description: "Delay after the transition, on the sandbox's clock" }),
  swapped: z.boolean().optional().meta({ description: "Send the webhook after the next webhook to the same receiver" }),
  beforeAnswer: z
    .boolean()
    .optional()
    .meta({ description: "Answer the create only after the webhook was sent and answered" }),
  lost: z.boolean().optional().meta({ description: "Do not send the webhook" }),
  signature: signatureFlaw.optional().meta({
    description:
      "`bad` signs another body, `old` signs a time one hour ago, `wrong-secret` signs with another secret, `none` leaves the signature out",
  }),
  addFields: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: "Fields that are added to every object of the body; the signature covers them" }),
  spaced: z.literal(true).optional().meta({
    description:
      "Write the body with white space and the fields in reverse order; the signature covers it as it is sent",
  }),
  padBytes: z
    .int()
    .positive()
    .max(64 * 1024 * 1024)
    .optional()
    .meta({ description: "Number of bytes that pad the body" }),
  sendOver: duration.optional().meta({ description: "Real time over which the body is sent" }),
});

export type WebhookFaults = z.output<typeof webhookFaults>;

/** Which webhooks a vendor sends: none (absent), signed ones, or signed ones that also say when they were signed. */
export type WebhookKind = "signed" | "timestamped";
