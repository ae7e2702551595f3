/** Lists every response of the generation routes, each with a request that provokes it. */
import type { Phase } from "../../../engine/model/phases.ts";
import type { Operation } from "../../../http/journal/operations.ts";
import type { Outcome, Provocation, Source } from "../../../http/errors/outcome.ts";
import { creating, image, keyed, on, tooLong, withAsset, withoutAccount } from "../provocations.ts";

const create: Provocation = { account: "main", method: "POST", path: "/pub/v1/generations", body: [image] };
const createWith = (element: Readonly<Record<string, unknown>>): Provocation => ({
  ...create,
  body: [{ ...image, ...element }],
});

/** Lists the responses of a route that reads one generation, one for each of the `states`. */
const reading = (
  operation: Operation,
  path: string,
  source: Source,
  states: readonly { readonly scenario: string; readonly phase: Phase; readonly advance?: string }[],
): readonly Outcome[] => {
  const route = on("GET", path);
  return [
    ...states.map(({ scenario, phase, advance }): Outcome => ({
      operation,
      status: 200,
      phase,
      source,
      provoke: { ...route, create: creating(scenario, scenario === "partial" ? 2 : 1), ...(advance && { advance }) },
    })),
    { operation, status: 404, code: "GE04", source: "inferred", provoke: { ...route, ...another() } },
    {
      operation,
      status: 500,
      code: "GE15",
      source: "inferred",
      provoke: { ...route, create: creating("read-error=GE15") },
    },
    ...keyed(operation, { ...route, create: creating("succeed") }),
  ];
};

const lives = [
  { scenario: "succeed", phase: "queued" },
  { scenario: "succeed", phase: "processing", advance: "1s" },
  { scenario: "succeed", phase: "succeeded", advance: "10s" },
  { scenario: "partial", phase: "succeeded", advance: "10s" },
  { scenario: "fail", phase: "failed", advance: "10s" },
  { scenario: "censor", phase: "failed", advance: "10s" },
] as const;

const removing = (operation: Operation, path: string, source: Source): readonly Outcome[] => {
  const route = { ...on("DELETE", path), create: creating("succeed") };
  return [
    { operation, status: 200, source, provoke: route },
    { operation, status: 404, code: "GE04", source: "inferred", provoke: { ...route, ...another() } },
    ...keyed(operation, route),
  ];
};

export const generationOutcomes: readonly Outcome[] = [
  { operation: "createGeneration", status: 202, phase: "queued", source: "client", provoke: create },
  {
    operation: "createGeneration",
    status: 202,
    phase: "queued",
    source: "client",
    provoke: createWith({ aspect_ratio: "3:5" }),
  },
  { operation: "createGeneration", status: 400, code: "GE03", source: "inferred", provoke: { ...create, body: image } },
  {
    operation: "createGeneration",
    status: 400,
    code: "must be one of 1:1, 2:3, 3:2, 4:5, 16:9, 9:16",
    source: "inferred",
    provoke: { ...createWith({ aspect_ratio: "3:5" }), settings: { catalogue: "strict" } },
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE05",
    source: "inferred",
    provoke: createWith({ model: "unknown-model" }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE06",
    source: "inferred",
    provoke: createWith({ loras: [{ name: "unknown-lora" }] }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE08",
    source: "inferred",
    provoke: { ...createWith({ batch_size: 2 }), account: "free" },
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE09",
    source: "client",
    provoke: createWith({ style: "Cinematic" }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE07",
    source: "inferred",
    provoke: createWith({ control_net: { asset_id: "ast_0000000000", name: "unknown-net" } }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE10",
    source: "inferred",
    provoke: createWith({ facelock: { asset_id: "ast_0000000000" } }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE11",
    source: "inferred",
    provoke: createWith({ character: { character_id: "chr_0000000000" } }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "GE12",
    source: "inferred",
    provoke: {
      ...withAsset,
      ...on("POST", create.path, [
        { narrator: { image_asset_id: "{data.asset.id}", script: "hello", voice: "unknown-voice" } },
      ]),
    },
  },
  {
    operation: "createGeneration",
    status: 402,
    code: "GE02",
    source: "inferred",
    provoke: { ...create, account: "broke" },
  },
  {
    operation: "createGeneration",
    status: 413,
    code: "GE13",
    source: "inferred",
    provoke: createWith({ prompt: { positive: tooLong } }),
  },
  {
    operation: "createGeneration",
    status: 500,
    code: "GE15",
    source: "inferred",
    provoke: createWith({ prompt: { positive: "fauxgen:error=GE15" } }),
  },
  {
    operation: "createGeneration",
    status: 401,
    code: "GE01",
    source: "inferred",
    provoke: { ...create, account: "revoked" },
  },
  {
    operation: "createGeneration",
    status: 401,
    code: "GE01",
    source: "inferred",
    provoke: { ...withoutAccount(create), key: "unknown" },
  },
  ...keyed("createGeneration", create),
  {
    operation: "estimateCost",
    status: 200,
    source: "doc",
    provoke: on("POST", "/pub/v1/generations/estimate", [image]),
  },
  {
    operation: "estimateCost",
    status: 400,
    code: "GE03",
    source: "inferred",
    provoke: on("POST", "/pub/v1/generations/estimate", []),
  },
  {
    operation: "estimateCost",
    status: 413,
    code: "GE13",
    source: "inferred",
    provoke: on("POST", "/pub/v1/generations/estimate", [{ model: tooLong }]),
  },
  ...keyed("estimateCost", on("POST", "/pub/v1/generations/estimate", [image])),
  {
    operation: "listGenerations",
    status: 200,
    source: "doc",
    provoke: { ...on("GET", "/pub/v1/generations"), create: creating("succeed") },
  },
  {
    operation: "listGenerations",
    status: 400,
    code: "GE03",
    source: "inferred",
    provoke: on("GET", "/pub/v1/generations?status=pending"),
  },
  ...keyed("listGenerations", on("GET", "/pub/v1/generations")),
  ...reading("getGeneration", "/pub/v1/generations/{id}", "doc", lives),
  ...reading("getMedia", "/pub/v1/generations/media/{output}", "doc", lives),
  ...reading("getGenerationStatus", "/pub/v1/generations/{id}/status", "seed", lives),
  ...reading("getImageStatus", "/pub/v1/generations/{id}/images/{output}/status", "doc", lives),
  ...removing("deleteGeneration", "/pub/v1/generations/{id}", "doc"),
  ...removing("deleteMedia", "/pub/v1/generations/media/{output}", "inferred"),
  ...removing("deleteImage", "/pub/v1/generations/{id}/images/{output}", "inferred"),
];

/** Sends the request as another account than the one that created the generation. */
function another(): Pick<Provocation, "account" | "create"> {
  return { account: "other", create: creating("succeed") };
}
