/** Lists the known features of oxen that the emulator does not support. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "The API before May 2026 (`/api/media/generations/...`, rows that vanish when a job ends)",
    why: "the vendor replaced it; both vintages here have the API in which rows persist.",
    source: "doc",
  },
  {
    what: "`POST /api/ai/chat/completions`",
    why: "text is answered at once and is not an asynchronous generation; the emulator refuses text models as the real queue does.",
    source: "doc",
  },
  {
    what: "Custom models and deployments (`PUT` and `DELETE /api/ai/models/{id}`, `POST .../activate`, `POST .../deactivate`)",
    why: "they belong to fine-tuning.",
    source: "doc",
  },
  {
    what: "`GET /api/evaluations/models`",
    why: "a second catalogue; only the vendor's own documentation is known to read it.",
    source: "doc",
  },
  {
    what: "Repositories beyond result files: commits, branches, uploads into workspaces",
    why: "repositories are a separate product; clients can fetch and delete result files under their usual paths.",
    source: "doc",
  },
  {
    what: "`GET /api/users/me`",
    why: "one client calls it and guesses at its fields; no balance route is documented.",
    source: "client",
  },
];
