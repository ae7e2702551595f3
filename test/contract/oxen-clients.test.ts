/**
 * Tests oxen with the examples of its documentation: plain `fetch` over a real socket, because no SDK is published.
 * Each client gets a base URL with or without `/api/ai`, as it expects.
 */
import { describe, expect, it } from "vitest";
import { advance } from "../../src/engine/sandbox/advance.ts";
import { listenForTest } from "../support/server.ts";
import { worldIn } from "../support/app.ts";
import { untilHeld } from "../support/waiting.ts";

const image = { model: "flux-3-image", prompt: "an ox at dawn" };
const headers = { authorization: "Bearer fx_docs_main", "content-type": "application/json" };

interface Row {
  readonly generation_id: string;
  readonly status: string;
  readonly result_url: string | null;
  readonly error_message: string | null;
}

async function startOxen() {
  const server = await listenForTest();
  const { sandbox } = worldIn(server.app, "docs");
  const base = `${server.url}/api/ai`;
  const getJson = async <Body>(path: string): Promise<Body> =>
    (await (await fetch(`${base}${path}`, { headers })).json()) as Body;
  const post = async (path: string, body: unknown, init: RequestInit = {}): Promise<Response> =>
    fetch(`${base}${path}`, { method: "POST", headers, body: JSON.stringify(body), ...init });
  return {
    server,
    sandbox,
    getJson,
    post,
    /** The pause between two polls. */
    pause: async (ms = 500) => advance(sandbox, (now) => now + ms),
    enqueue: async (body: unknown): Promise<string[]> => {
      const { generations } = (await (await post("/queue", body)).json()) as { generations: Row[] };
      return generations.map(({ generation_id }) => generation_id);
    },
    held: async (count: number): Promise<void> => untilHeld(sandbox, count),
  };
}

type Oxen = Awaited<ReturnType<typeof startOxen>>;

async function pollUntilTerminal({ getJson, pause }: Oxen, id: string): Promise<{ row: Row; seen: string[] }> {
  const seen: string[] = [];
  for (;;) {
    const row = await getJson<Row>(`/queue/${id}`);
    if (row.status !== seen.at(-1)) seen.push(row.status);
    if (["succeeded", "failed", "cancelled"].includes(row.status)) return { row, seen };
    await pause();
  }
}

describe("the documentation's polling loop", () => {
  it.each([
    ["an image", image, "image/png", "\x89PNG"],
    ["a video", { model: "google-veo-3-1-fast", prompt: "an ox walks", duration: 4 }, "video/mp4", "ftyp"],
  ])("a loop polls %s to its end and downloads it without a key", async (_what, body, contentType, signature) => {
    const oxen = await startOxen();
    const [id = ""] = await oxen.enqueue(body);
    const { row, seen } = await pollUntilTerminal(oxen, id);
    expect(seen).toEqual(["queued", "processing", "succeeded"]);
    const url = row.result_url ?? "";
    expect(url.startsWith(`${oxen.server.url}/api/repos/main/`)).toBe(true);
    const file = await fetch(url);
    expect([file.status, file.headers.get("content-type")]).toEqual([200, contentType]);
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.length).toBe(Number(file.headers.get("content-length")));
    expect(bytes.subarray(0, 12).toString("latin1")).toContain(signature);
    const part = await fetch(url, { headers: { range: "bytes=0-99" } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 100]);
    const head = await fetch(url, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(bytes.length));
  });

  it("the polling loop lists by model until the count is 0", async () => {
    const oxen = await startOxen();
    const ids = await oxen.enqueue({ ...image, num_generations: 4 });
    const counts: number[] = [];
    for (let count = -1; count !== 0;) {
      ({ count } = await oxen.getJson<{ count: number }>(`/queue?model=${image.model}`));
      counts.push(count);
      await oxen.pause(1000);
    }
    expect(counts).toEqual([4, 4, 0]);
    const urls = await Promise.all(
      ids.map(async (id) => (await oxen.getJson<Row>(`/queue/${id}`)).result_url ?? "none"),
    );
    const files = await Promise.all(urls.map(async (url) => (await fetch(url)).arrayBuffer()));
    expect(new Set(files.map((file) => Buffer.from(file).toString("base64"))).size).toBe(4);
  });

  it("the polling loop ends with the message of a failure, and with a cancellation", async () => {
    const oxen = await startOxen();
    const [failing = "", cancelled = ""] = [
      ...(await oxen.enqueue({ ...image, prompt: "fauxgen:fail=insufficient_credits" })),
      ...(await oxen.enqueue(image)),
    ];
    const deleted = await fetch(`${oxen.server.url}/api/ai/queue/${cancelled}`, { method: "DELETE", headers });
    expect(await deleted.json()).toEqual({ status: "success", generation_id: cancelled });
    expect((await pollUntilTerminal(oxen, cancelled)).row.status).toBe("cancelled");
    expect((await pollUntilTerminal(oxen, failing)).row.error_message).toBe("Insufficient credits");
  });
});

describe("a synchronous request to oxen", () => {
  it("is answered at the end of its own generation, not of another", async () => {
    const oxen = await startOxen();
    const asked = oxen.post("/images/generate", image);
    const stuck = oxen.post("/images/generate", { ...image, prompt: "fauxgen:stuck" });
    await oxen.held(2);
    await oxen.pause(2000);
    const answer = await asked;
    const { images } = (await answer.json()) as { images: { url: string }[] };
    expect([answer.status, images.length]).toEqual([200, 1]);
    expect((await fetch(images[0]?.url ?? "")).status).toBe(200);
    expect(oxen.sandbox.heldRequests.count).toBe(1);
    await oxen.server.close();
    expect((await stuck).status).toBe(500);
  });

  it("ends when its client disconnects, and its generation continues", async () => {
    const oxen = await startOxen();
    const hangUp = new AbortController();
    const asked = oxen.post(
      "/videos/generate",
      { model: "google-veo-3-1-fast", prompt: "an ox" },
      { signal: hangUp.signal },
    );
    await oxen.held(1);
    hangUp.abort();
    await expect(asked).rejects.toThrow("aborted");
    await oxen.held(0);
    await oxen.pause(2000);
    const { generations } = await oxen.getJson<{ generations: Row[] }>("/generations");
    expect(generations).toMatchObject([{ status: "succeeded" }]);
  });

  it("is answered with the bytes of the file for the format b64_json", async () => {
    const oxen = await startOxen();
    const asked = oxen.post("/images/generate", { ...image, response_format: "b64_json" });
    await oxen.held(1);
    await oxen.pause(2000);
    const { images } = (await (await asked).json()) as { images: { b64_json: string }[] };
    const { generations } = await oxen.getJson<{ generations: Row[] }>("/generations");
    const file = await (await fetch(generations[0]?.result_url ?? "")).arrayBuffer();
    expect(images[0]?.b64_json).toBe(Buffer.from(file).toString("base64"));
  });
});

describe("a known client's habits", () => {
  it("a client looks up a model, enqueues, downloads with its key, and deletes the result and the job", async () => {
    const oxen = await startOxen();
    const { data } = await oxen.getJson<{ data: { id: string }[] }>("/models/search?search=seed%20audio");
    expect(data.map(({ id }) => id)).toContain("bytedance-seed-audio-1-0");
    const [id = ""] = await oxen.enqueue({ ...image, num_generations: 1 });
    const { row } = await pollUntilTerminal(oxen, id);
    const url = row.result_url ?? "";
    const fetched = await fetch(url, { headers: { authorization: headers.authorization }, redirect: "manual" });
    expect(fetched.status).toBe(200);
    await fetched.arrayBuffer();
    const [, , , namespace, repo, , workspace, ...path] = new URL(url).pathname.split("/");
    const place = `${oxen.server.url}/api/repos/${namespace ?? ""}/${repo ?? ""}/workspaces/${workspace ?? ""}/files`;
    const deleted = await fetch(place, { method: "DELETE", headers, body: JSON.stringify([path.join("/")]) });
    expect(deleted.status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
  });

  it("a client reads the catalogue, refusals and 404s in their documented shapes", async () => {
    const { server, post } = await startOxen();
    const models = await fetch(`${server.url}/api/ai/models`);
    expect([models.status, models.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
    expect(await (await post("/queue", { ...image, model: "bad-model-name" })).json()).toEqual({
      error: { message: "Model not found: bad-model-name" },
    });
    const keyless = await fetch(`${server.url}/api/ai/queue`);
    expect([keyless.status, ((await keyless.json()) as { status_message: string }).status_message]).toEqual([
      401,
      "unauthenticated",
    ]);
  });
});
