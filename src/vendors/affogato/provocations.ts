/** Provides the requests and outcomes that affogato's outcome lists share. */
import type { Operation } from "../../http/journal/operations.ts";
import type { Outcome, Provocation, Source } from "../../http/errors/outcome.ts";

export const on = (method: string, path: string, body?: unknown): Provocation => ({
  account: "main",
  method,
  path,
  ...(body !== undefined && { body }),
});

/** Lists the 401 without a key and the 429 after too many calls, for a route that needs a key. */
export const keyed = (operation: Operation, route: Provocation): readonly Outcome[] => [
  { operation, status: 401, code: "GE01", source: "inferred", provoke: withoutAccount(route) },
  { operation, status: 429, code: "GE14", source: "inferred", provoke: { ...route, account: "limited", times: 61 } },
];

export function withoutAccount({ account: _account, ...provocation }: Provocation): Provocation {
  return provocation;
}

/** A GIF of 512 by 512 pixels, according to its header; all its bytes can be sent as text. */
export const imageText = "GIF89a\u0000\u0002\u0000\u0002\u0000\u0000\u0000;";

/** Steps that upload an active asset, whose id is `{data.asset.id}` in later requests. */
export const withAsset = {
  settings: { timing: "instant" },
  before: [
    on("POST", "/pub/v1/assets/upload", { size: { height: 512, width: 512 } }),
    { method: "PUT", path: "{data.upload_url}", rawBody: imageText },
  ],
} as const satisfies Partial<Provocation>;

/** A text longer than the body limit. */
export const tooLong = "x".repeat(1024 * 1024 + 1);

/** Lists the refusals of a POST or PUT for its body: without the required fields, or over the limit. */
export const refusing = (operation: Operation, route: Provocation): readonly Outcome[] => [
  { operation, status: 400, code: "GE03", source: "inferred", provoke: { ...route, body: {} } },
  { operation, status: 413, code: "GE13", source: "inferred", provoke: { ...route, body: { prompt: tooLong } } },
  ...keyed(operation, route),
];

/** Lists the responses of a list route: a page, and the refusal of a page size over the limit. */
export const listing = (operation: Operation, path: string, source: Source): readonly Outcome[] => {
  const route = on("GET", path);
  return [
    { operation, status: 200, source, provoke: { ...withAsset, ...route } },
    {
      operation,
      status: 400,
      code: "GE03",
      source: "inferred",
      provoke: { ...route, path: `${path}?page_size=51` },
    },
    ...keyed(operation, route),
  ];
};

/** An element of a create request. */
export const image = { model: "JuggernautXL", prompt: { positive: "a lighthouse" } } as const;

/** Builds the create request that goes before a provocation; its prompt carries a scenario marker. */
export const creating = (scenario: string, batchSize = 1): NonNullable<Provocation["create"]> => ({
  body: [{ ...image, batch_size: batchSize, prompt: { positive: `fauxgen:${scenario} a lighthouse` } }],
});
