/**
 * Fills a server with a sample of all data that a store keeps, through the API as clients and tests do. Clocks are
 * frozen, so that a file gives the same answers on any day. Extend it for each new table or kind of document.
 */
import { renderMedia } from "../../src/media/encode/render.ts";
import { jobs } from "../load/jobs.ts";
import { pathOf, textAt, type RequestSpec, type Send } from "./exchange.ts";

const NOW = "2026-11-22T10:00:00Z";

const syncHeaders = { "x-api-key": "fx_studio_main" };
const oxenHeaders = { authorization: "Bearer fx_studio_main" };
const affogatoHeaders = { "x-api-key": "fx_studio_main" };

const lipsync = {
  model: "lipsync-2",
  input: [
    { type: "video", url: "https://media.test/face.mp4" },
    { type: "audio", url: "https://media.test/speech.wav" },
  ],
};

const media = (format: "mp4" | "png"): Uint8Array =>
  renderMedia({ format, width: 64, height: 48, durationSeconds: 2, title: "sample", seed: "sample" });

/** Kept in the sandbox's document, because the catalogues of the package may change. */
const ownModel = {
  id: "own-model",
  display_name: "Own",
  summary: "A model of a test.",
  created: 1762300800,
  endpoint: "/images/generate",
  capabilities: { input: ["text"], output: ["image"] },
  pricing: { method: "per_image", cost_per_image: 0.25 },
  developer: { name: "A test" },
  request_schema: { type: "object", title: "Input", required: ["prompt"], properties: { prompt: { type: "string" } } },
};

/** Takes two chunks in the store, and little space in the repository. */
const LONG_SOUND = Buffer.alloc(256 * 1024 + 1000, "a voice that goes on and on. ");

/**
 * Fills an empty server; returns the requests that clients can send later. `receiver` accepts webhooks only below
 * /accepts.
 */
export async function fillServer(send: Send, receiver: string): Promise<RequestSpec[]> {
  await describeStudio(send, receiver);
  const kept = await makeResources(send);
  await makeGenerations(send, receiver);
  await steerGenerations(send);
  await makeOtherSandboxes(send, receiver);
  await sendTemplate(send);
  return [
    ...kept,
    { method: "GET", path: "/v2/generations", headers: syncHeaders },
    { method: "GET", path: "/v2/organizations/webhook/secret", headers: { "x-api-key": "a-literal-key" } },
    { method: "GET", path: "/api/ai/generations", headers: oxenHeaders },
    { method: "GET", path: "/api/ai/queue", headers: oxenHeaders },
    { method: "GET", path: "/api/ai/queue", headers: { authorization: "Bearer fx_studio_revoked" } },
    { method: "GET", path: "/pub/v1/generations", headers: affogatoHeaders },
    { method: "GET", path: "/api/v1/credits", headers: { authorization: "Bearer vvx_live_of_ada" } },
    { method: "POST", path: "/v2/generate", headers: { ...syncHeaders, "idempotency-key": "order-1" }, body: lipsync },
    // The id of this generation comes from a counter.
    { method: "POST", path: "/v2/generate", headers: syncHeaders, body: lipsync },
  ];
}

/** Creates a sandbox with a long document, and adds what tests add: accounts, keys, scenarios, rules, an endpoint. */
/** Gives every sandbox a rule that matches none of the recorded requests, and a file that replaces none of their files. */
async function sendTemplate(send: Send): Promise<void> {
  const body = {
    scenarios: { "of-the-template": { extends: "fail", message: "It is sent." } },
    rules: [{ when: { label: "of-the-template" }, scenario: "of-the-template" }],
    media: { "affogato/of-the-template.png": Buffer.from(media("png")).toString("base64") },
  };
  await send({ method: "PUT", path: "/_fauxgen/template", body });
}

async function describeStudio(send: Send, receiver: string): Promise<void> {
  const control = async (method: RequestSpec["method"], path: string, body?: unknown) =>
    send({ method, path: `/_fauxgen/sandboxes/studio${path}`, body });
  await control("PUT", "", {
    seed: "studio",
    now: NOW,
    clock: { mode: "frozen", rate: 2 },
    timing: { queued: "1s", processing: "4s" },
    limits: "off",
    catalogueItems: { oxen: { models: { [ownModel.id]: ownModel } } },
    accounts: {
      main: {
        keys: ["a-literal-key", { key: "vvx_live_of_ada", vendor: "vivix", user: "ada" }],
        vendors: { vivix: { plan: "ultimate", granted: 9000 } },
        endpoints: { vivix: [{ url: `${receiver}/accepts/vivix`, secret: "whsec_of_the_document" }] },
      },
      second: {},
    },
    rules: [{ when: { vendor: "oxen", label: "slow" }, scenario: "stuck", priority: 2 }],
    scenarios: { "of-the-document": { extends: "fail", message: "It is written." } },
  });
  await control("PUT", "/accounts/guest", { vendors: { affogato: { plan: "pro", credits: 77 } } });
  await control("POST", "/accounts/guest/keys", { key: "a-key-of-a-guest", user: "grace" });
  await control("POST", "/accounts/second/keys/revoke", { key: "fx_studio_second" });
  await control("POST", "/accounts/revoked/keys/revoke", { key: "fx_studio_revoked" });
  await control("PUT", "/scenarios/of-a-test", { phases: { processing: "1h" }, progress: [0, 30, 90] });
  await control("POST", "/rules", { when: { operation: "getGeneration" }, fault: { latency: "0ms" }, times: 20 });
  await control("POST", "/rules", { when: { vendor: "vivix" }, scenario: "of-the-document", after: 2, times: 1 });
  await control("POST", "/rules", { when: { vendor: "sync", account: "broke" }, fault: { status: 503 } });
  const added = await control("POST", "/webhooks/endpoints", {
    vendor: "vivix",
    account: "second",
    url: `${receiver}/accepts/second`,
  });
  await control("PATCH", `/webhooks/endpoints/${textAt(added.answer, "id")}`, { isEnabled: false });
}

/** Uploads files, and creates the vendors' other resources; returns the requests that read them. */
async function makeResources(send: Send): Promise<RequestSpec[]> {
  const sync = async (path: string, body: unknown) =>
    (await send({ method: "POST", path, headers: syncHeaders, body })).answer;
  const affogato = async (path: string, body: unknown) =>
    (await send({ method: "POST", path, headers: affogatoHeaders, body })).answer;
  const upload = async (fileName: string, contentType: string, body: Uint8Array): Promise<string> => {
    const slot = await sync("/v2/assets/upload", { fileName, contentType, size: body.length });
    const headers = { "content-type": contentType };
    await send({ method: "PUT", path: pathOf(textAt(slot, "uploadUrl")), headers, body });
    return textAt(slot, "url");
  };
  const video = await upload("face.mp4", "video/mp4", media("mp4"));
  const sound = await upload("voice.wav", "audio/wav", LONG_SOUND);
  const open = await sync("/v2/assets/upload", { fileName: "later.mp4", contentType: "video/mp4", size: 5 });
  const projectId = textAt(await sync("/v2/projects", { name: "Spring", description: "A campaign" }), "id");
  await sync("/v2/assets", { type: "VIDEO", url: video, name: "Face", projectId });
  await sync("/v2/assets", { type: "VIDEO", url: "https://media.test/clip.mov", visibility: "ORGANIZATION" });
  const voice = textAt(await sync("/v2/voices", { provider: "elevenlabs", name: "Narrator", url: sound }), "id");
  const speech = textAt(await sync("/v2/tts/jobs", { script: "Hello from a file.", voiceId: voice }), "id");
  const rows = Array.from({ length: 20 }, (_, index) => ({
    request_id: `row-${index}`,
    endpoint: "/v2/generate",
    payload: lipsync,
  }));
  const batch = textAt(await sync("/v2/batch", { rows }), "id");

  const slot = await affogato("/pub/v2/assets/upload?type=image", { size: { height: 48, width: 64 } });
  await send({ method: "PUT", path: pathOf(textAt(slot, "data", "upload_url")), body: media("png") });
  await advance(send, "studio", "10s");
  const character = {
    asset_id: textAt(slot, "data", "id"),
    character_type: "realistic",
    name: "Ada",
    prompt: "a woman",
  };
  await affogato("/pub/v1/characters", character);
  const image = { model: "JuggernautXL", prompt: { positive: "a cup" } };
  const output = textAt(await affogato("/pub/v1/generations", [image]), "data", "media", 0, "id");
  await send({ method: "POST", path: `/api/ai/models/${ownModel.id}/favorite`, headers: oxenHeaders });

  const read = (path: string, headers?: RequestSpec["headers"]): RequestSpec => ({
    method: "GET",
    path,
    ...(headers !== undefined && { headers }),
  });
  return [
    read("/v2/assets?sortBy=dateAsc", syncHeaders),
    read("/v2/projects", syncHeaders),
    read(`/v2/voices/${voice}`, syncHeaders),
    read(`/v2/tts/jobs/${speech}`, syncHeaders),
    read(`/v2/batch/${batch}`, syncHeaders),
    read("/pub/v2/assets", affogatoHeaders),
    read("/pub/v1/characters", affogatoHeaders),
    read(`/pub/v1/generations/media/${output}`, affogatoHeaders),
    read("/api/ai/models/favorites", oxenHeaders),
    read(pathOf(video)),
    read(pathOf(sound)),
    { method: "PUT", path: pathOf(textAt(open, "uploadUrl")), headers: { "content-type": "video/mp4" }, body: "bytes" },
  ];
}

/** Creates generations of every vendor in different phases, and webhooks in every status. */
async function makeGenerations(send: Send, receiver: string): Promise<void> {
  const [sync] = jobs;
  const createAll = async (marker: string): Promise<void> => {
    for (const { create, headers, idOf, read } of jobs) {
      const webhookUrl = `${receiver}/${marker === "" ? "accepts" : "refuses"}`;
      const created = await send({ method: "POST", ...create({ marker, webhookUrl }), headers: headers("studio") });
      await send({ method: "GET", path: read(idOf(created.answer)), headers: headers("studio") });
    }
  };
  const tellOf = async (scenario: string, to: string): Promise<void> => {
    const created = sync.create({ marker: `fauxgen:${scenario}`, webhookUrl: `${receiver}/${to}` });
    await send({ method: "POST", ...created, headers: syncHeaders });
  };
  const headers = { ...syncHeaders, "idempotency-key": "order-1" };
  await send({ method: "POST", path: "/v2/generate", headers, body: lipsync });
  await createAll("");
  await tellOf("webhook-lost", "accepts");
  await tellOf("fail", "refuses/to-the-end");
  await advance(send, "studio", "1m");
  await tellOf("webhook-out-of-order", "accepts/in-order");
  await createAll("fauxgen:fail");
  // By then, two of the four attempts of the refused webhooks were made.
  await advance(send, "studio", "7s");
  await createAll("fauxgen:of-a-test");
  await createAll("fauxgen:label=slow");
  await advance(send, "studio", "2s");
  await createAll("");
}

/** Creates and steers generations through control, for phases that do not follow from time. */
async function steerGenerations(send: Send): Promise<void> {
  const path = "/_fauxgen/sandboxes/studio/generations";
  const create = async (body: unknown) => textAt((await send({ method: "POST", path, body })).answer, "id");
  const steer = async (id: string, action: string, body?: unknown) =>
    send({ method: "POST", path: `${path}/${id}/${action}`, body });
  await create({ vendor: "sync", phase: "rejected", label: "ordered" });
  await create({ vendor: "oxen", phase: "cancelled" });
  await create({ vendor: "affogato", scenario: "censor", phase: "failed", account: "guest" });
  await create({ vendor: "vivix", phase: "queued", hold: true });
  await steer(await create({ vendor: "sync" }), "hold", { phase: "processing" });
  await steer(await create({ vendor: "sync", phase: "processing" }), "progress", { percent: 42 });
  await steer(await create({ vendor: "vivix", account: "second" }), "fail", {
    code: "OUT_OF_PAINT",
    message: "No more blue.",
  });
  await steer(await create({ vendor: "oxen" }), "cancel");
}

/** Creates four sandboxes: progress by reads, collected webhooks, a running clock, and one that was reset. */
async function makeOtherSandboxes(send: Send, receiver: string): Promise<void> {
  const make = async (sandbox: string, document: unknown): Promise<string[]> => {
    await send({ method: "PUT", path: `/_fauxgen/sandboxes/${sandbox}`, body: document });
    const paths: string[] = [];
    for (const { create, headers, idOf, read } of jobs) {
      const job = create({ marker: "", webhookUrl: `${receiver}/accepts/${sandbox}` });
      const { answer } = await send({ method: "POST", ...job, headers: headers(sandbox) });
      paths.push(read(idOf(answer)));
    }
    return paths;
  };
  const frozen = { now: NOW, clock: { mode: "frozen" } };
  const polled = await make("polled", { ...frozen, progression: { polls: 2 } });
  for (const [index, { headers }] of jobs.entries())
    await send({ method: "GET", path: polled[index] ?? "", headers: headers("polled") });
  await make("collected", { ...frozen, timing: "instant", webhooks: { mode: "collect" } });
  await send({ method: "PUT", path: "/_fauxgen/sandboxes/collected/webhooks/mode", body: { mode: "collect" } });
  await make("running", { timing: "instant", webhooks: { mode: "collect" } });
  await make("emptied", { ...frozen, seed: 7 });
  await send({ method: "POST", path: "/_fauxgen/sandboxes/emptied/reset" });
}

async function advance(send: Send, sandbox: string, by: string): Promise<void> {
  await send({ method: "POST", path: `/_fauxgen/sandboxes/${sandbox}/clock/advance`, body: { by } });
}
