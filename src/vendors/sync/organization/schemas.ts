/** Defines the response of the organisation routes. */
import { z } from "zod";

/** The route is known [client]; its response is [inferred]. */
export const webhookSecret = z.strictObject({
  secret: z.string().meta({ description: "Secret that signs the organisation's webhooks" }),
});
