/** What oxen's event stream is. */
import type { WebhookFact } from "../vendor.ts";

const events = ["vendors/oxen/events/routes"] as const;

export const webhookFacts: readonly WebhookFact[] = [
  {
    what: "`media_generation_completed`",
    how: "once per generation that succeeded or failed, to every reader with a key of who asked for it; one `data:` line of compact JSON",
    source: "doc",
    tests: events,
  },
  { what: "a success", how: "generation_id, status, media_type, model, url", source: "doc", tests: events },
  { what: "a failure", how: "generation_id, status, media_type, error", source: "doc", tests: events },
  { what: "a cancelled generation", how: "no event", source: "doc", tests: events },
  { what: "an idle stream", how: "the comment `: keep-alive` every 15 s", source: "doc", tests: events },
  { what: "what ended before a reader came", how: "is not told", source: "doc", tests: events },
  { what: "order", how: "an event comes after the answer to the create", source: "inferred", tests: events },
];
