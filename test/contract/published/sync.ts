/** Lists the responses that sync publishes, written down apart from the emulator's code. */
import type { PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import { anything, array, literal, matching, object, oneOf, optional, record, someText, text, tuple } from "./shape.ts";
import { catalogueCodes, keyed, plainError } from "./sync-errors.ts";
import { syncAccountResponses } from "./sync-account.ts";
import { syncAssetResponses } from "./sync-assets.ts";
import { syncBatchResponses } from "./sync-batches.ts";
import { syncDialogueResponses } from "./sync-dialogue.ts";
import { syncGenerationResponses } from "./sync-generations.ts";
import { syncVoiceResponses } from "./sync-voices.ts";

const route = describeRoutes("sync");

const none = literal(null);
const model = object(
  {
    id: someText,
    name: oneOf("sync-3", "lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "react-1"),
    type: oneOf("lipsync", "react"),
    version: someText,
    description: optional(text),
    // The list omits deprecated models.
    deprecatedAt: optional(none),
  },
  {
    order: true,
    rules: [
      {
        says: "type react for react-1 and lipsync for the rest",
        holds: ({ name, type }) => (name === "react-1") === (type === "react"),
      },
    ],
  },
);

export const syncResponses: readonly PublishedResponse[] = [
  ...syncGenerationResponses,
  ...syncBatchResponses,
  ...syncAssetResponses,
  ...syncVoiceResponses,
  ...syncAccountResponses,
  ...syncDialogueResponses,
  ...route("listModels", "GET /v2/models", [{ status: 200, body: array(model, { min: 1 }), source: "sdk" }, ...keyed]),
  ...route("listErrors", "GET /v2/errors", [
    {
      status: 200,
      body: tuple(
        ...catalogueCodes.map((code) =>
          object({ code: literal(code), message: someText, suggestion: someText }, { order: true }),
        ),
      ),
      source: "client",
      note: "needs no key; messages and suggestions are not public in any source",
    },
  ]),
  ...route("getWebhookSecret", "GET /v2/organizations/webhook/secret", [
    {
      status: 200,
      body: object({ secret: matching(/^whsec_.+$/, "a webhook secret") }),
      source: "inferred",
      note: "the shape of the answer is unknown",
    },
    ...keyed,
  ]),
  ...route("checkHealth", "GET /v2/healthcheck", [{ status: 200, body: "empty", source: "doc" }]),
  ...route("getApiDocument", "GET /api-json", [
    {
      status: 200,
      body: object(
        {
          openapi: matching(/^3\.\d+\.\d+$/, "an OpenAPI 3 version"),
          info: object({ title: someText, version: someText }, { open: true }),
          paths: record(object({}, { open: true })),
          components: optional(anything),
        },
        { open: true },
      ),
      source: "client",
      note: "read without a key by the vendor's tool server at start-up",
    },
  ]),
  ...route("unknownRoute", "* {unknown}", [
    { status: 404, body: plainError(404), source: "inferred", note: "the framework's own answer" },
  ]),
];
