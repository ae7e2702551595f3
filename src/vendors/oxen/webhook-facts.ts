/** States the facts about oxen's event stream, with their sources and tests. */
import type { WebhookFact } from "../vendor.ts";

const events = ["vendors/oxen/events/routes"] as const;

export const webhookFacts: readonly WebhookFact[] = [
  {
    what: "`media_generation_completed`",
    how: "one event per generation that succeeded or failed, to every reader with a key of the requesting user; one `data:` line of compact JSON",
    source: "doc",
    tests: events,
  },
  { what: "a success", how: "generation_id, status, media_type, model, url", source: "doc", tests: events },
  { what: "a failure", how: "generation_id, status, media_type, error", source: "doc", tests: events },
  { what: "a cancelled generation", how: "no event", source: "doc", tests: events },
  { what: "an idle stream", how: "the comment `: keep-alive` every 15 s", source: "doc", tests: events },
  { what: "a generation that ended before a reader connected", how: "no event", source: "doc", tests: events },
  { what: "order", how: "an event comes after the response to the create", source: "inferred", tests: events },
];
