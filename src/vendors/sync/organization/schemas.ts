/** Answers of the routes about an organisation. */
import { z } from "zod";

/** That the route exists is known [client]; what it answers is [inferred]. */
export const webhookSecret = z.strictObject({
  secret: z.string().meta({ description: "Signs the organisation's webhooks" }),
});
