/** Lists the responses of GET /api/events, except the stream itself, which does not end. */
import type { Outcome } from "../../../http/errors/outcome.ts";
import { getting, unauthenticated } from "../provocations.ts";

export const eventOutcomes: readonly Outcome[] = [unauthenticated("followEvents", getting("/api/events"))];
