/** What is known of oxen and not done here. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "The API before May 2026 (`/api/media/generations/...`, rows that vanish when a job ends)",
    why: "the vendor replaced it; both vintages here are of the API in which rows persist.",
    source: "doc",
  },
  {
    what: "`POST /api/ai/chat/completions`",
    why: "text is answered at once and is no asynchronous generation; models that make text are refused as the queue refuses them.",
    source: "doc",
  },
  {
    what: "Custom models and deployments (`PUT` and `DELETE /api/ai/models/{id}`, `POST .../activate`, `POST .../deactivate`)",
    why: "they belong to fine-tuning.",
    source: "doc",
  },
  {
    what: "`GET /api/evaluations/models`",
    why: "a second catalogue, which only the vendor's own documentation was seen to read.",
    source: "doc",
  },
  {
    what: "Repositories beyond result files: commits, branches, uploads into workspaces",
    why: "a product of its own; result files can be fetched and deleted under the paths that clients use.",
    source: "doc",
  },
  {
    what: "`GET /api/users/me`",
    why: "one client calls it and guesses at its fields; no balance route is documented.",
    source: "client",
  },
];
