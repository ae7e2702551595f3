/** What affogato's lists of outcomes share. */
import type { Operation } from "../../http/journal/operations.ts";
import type { Outcome, Provocation, Source } from "../../http/errors/outcome.ts";

export const on = (method: string, path: string, body?: unknown): Provocation => ({
  account: "main",
  method,
  path,
  ...(body !== undefined && { body }),
});

/** What every route that needs a key answers without one, and after too many calls. */
export const keyed = (operation: Operation, route: Provocation): readonly Outcome[] => [
  { operation, status: 401, code: "GE01", source: "inferred", provoke: withoutAccount(route) },
  { operation, status: 429, code: "GE14", source: "inferred", provoke: { ...route, account: "limited", times: 61 } },
];

export function withoutAccount({ account: _account, ...provocation }: Provocation): Provocation {
  return provocation;
}

/** A GIF of 512 by 512 pixels, as far as its head says; it has only bytes that text can carry. */
export const imageText = "GIF89a\u0000\u0002\u0000\u0002\u0000\u0000\u0000;";

/** An asset that is active, named `{data.asset.id}`, put where `{data.upload_url}` says. */
export const withAsset = {
  settings: { timing: "instant" },
  before: [
    on("POST", "/pub/v1/assets/upload", { size: { height: 512, width: 512 } }),
    { method: "PUT", path: "{data.upload_url}", rawBody: imageText },
  ],
} as const satisfies Partial<Provocation>;

/** More than a body may have. */
export const tooLong = "x".repeat(1024 * 1024 + 1);

/** A POST or PUT that is refused for its body: none of the required fields, or too much. */
export const refusing = (operation: Operation, route: Provocation): readonly Outcome[] => [
  { operation, status: 400, code: "GE03", source: "inferred", provoke: { ...route, body: {} } },
  { operation, status: 413, code: "GE13", source: "inferred", provoke: { ...route, body: { prompt: tooLong } } },
  ...keyed(operation, route),
];

/** What a list answers: a page, and a refusal of pages that are too long. */
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

/** An element of a create, and a create that goes before: its prompt carries a scenario marker. */
export const image = { model: "JuggernautXL", prompt: { positive: "a lighthouse" } } as const;

export const creating = (scenario: string, batchSize = 1): NonNullable<Provocation["create"]> => ({
  body: [{ ...image, batch_size: batchSize, prompt: { positive: `fauxgen:${scenario} a lighthouse` } }],
});
