/** What following events can answer, apart from the stream itself, which has no end to look at. */
import type { Outcome } from "../../../http/errors/outcome.ts";
import { getting, unauthenticated } from "../provocations.ts";

export const eventOutcomes: readonly Outcome[] = [unauthenticated("followEvents", getting("/api/events"))];
