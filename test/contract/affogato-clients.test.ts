/**
 * Tests the flows of affogato's known clients over a real socket: their requests, their polling, and when they stop.
 * When a client sleeps, the test advances the sandbox's clock by the same time.
 */
import { imageSize } from "image-size";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../src/config.ts";
import { advance } from "../../src/engine/sandbox/advance.ts";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import { inspectMedia } from "../../src/media/serve/inspect.ts";
import { listen } from "../../src/start.ts";
import { mediaFile } from "../support/affogato.ts";

interface Media {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly url?: string;
}

interface Answer {
  readonly status: number;
  readonly data: {
    readonly id: string;
    readonly status?: string;
    readonly url?: string;
    readonly upload_url: string;
    readonly asset: { readonly id: string };
    readonly generation_id: string;
    readonly result?: string;
    readonly credits_remaining: number;
    readonly media: readonly Media[];
    readonly images?: readonly Media[];
  };
  readonly err: { readonly code?: string; readonly message?: string };
}

interface Client {
  readonly baseUrl: string;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly put: (url: string, bytes: Uint8Array, contentType?: string) => Promise<number>;
  readonly download: (url: string | undefined) => Promise<Uint8Array>;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** Starts a server with a sandbox on a frozen clock, and a client that knows only a base URL and a key. */
async function connect(
  timing: "fast" | "realistic",
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Client> {
  const config = readConfig([{ values: { logLevel: "silent", port: 0, timing }, nameOf: String }]);
  const server = await listen(config);
  onTestFinished(() => server.close());
  const sandbox = server.app.httpContext.sandboxes.obtain("clients");
  sandbox.saveSettings(sandboxSettings.parse({ vendors: { affogato: settings } }));
  sandbox.clock.freeze();
  return {
    baseUrl: server.url,
    ask: async (method, path, body) => {
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: { "X-API-KEY": "fx_clients_main", "Content-Type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Omit<Answer, "status">;
      return { ...answer, status: response.status };
    },
    put: async (url, bytes, contentType) => {
      const body = Buffer.from(bytes);
      const headers = contentType === undefined ? {} : { "content-type": contentType };
      return (await fetch(url, { method: "PUT", body, headers })).status;
    },
    download: async (url) => {
      const response = await fetch(url ?? "");
      expect(response.status).toBe(200);
      return new Uint8Array(await response.arrayBuffer());
    },
    sleep: async (seconds) => {
      await advance(sandbox, (now) => now + seconds * 1000);
    },
  };
}

describe("SelfAI, which makes one generation of several elements", () => {
  /** Polls every 3 s, at most 60 times, until all media items succeed or one fails. */
  const follow = async ({ ask, sleep }: Client, id: string): Promise<"Completed" | "Failed" | "TimedOut"> => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const { data } = await ask("GET", `/pub/v1/generations/${id}`);
      if (data.media.every(({ status }) => status === "success")) return "Completed";
      if (data.media.some(({ status }) => status === "failed")) return "Failed";
      await sleep(3);
    }
    return "TimedOut";
  };

  const elementsFor = (prompt: string) => [
    { aspect_ratio: "2:3", batch_size: 1, model: "JuggernautXL", prompt: { positive: prompt, negative: "" }, seed: -1 },
    {
      aspect_ratio: "2:3",
      batch_size: 1,
      style_detail: { name: "Bokeh", base_model: "sdxl" },
      prompt: { positive: prompt },
    },
    { aspect_ratio: "2:3", batch_size: 2, model: "Flux", prompt: { positive: prompt } },
  ];

  it("SelfAI completes when every media item has succeeded, and each file exists", async () => {
    const client = await connect("realistic");
    const created = await client.ask("POST", "/pub/v1/generations", elementsFor("a portrait"));
    expect(created.data).toMatchObject({ result: "initiated" });
    expect(created.data.media).toHaveLength(4);
    expect(await follow(client, created.data.generation_id)).toBe("Completed");
    const { data } = await client.ask("GET", `/pub/v1/generations/${created.data.generation_id}`);
    for (const { url } of data.media)
      expect(imageSize(await client.download(url))).toMatchObject({ type: "png", width: 682, height: 1024 });
  });

  it("SelfAI fails as soon as one media item has failed", async () => {
    const client = await connect("realistic");
    const { data } = await client.ask("POST", "/pub/v1/generations", elementsFor("fauxgen:partial a portrait"));
    expect(await follow(client, data.generation_id)).toBe("Failed");
  });

  it("SelfAI gives up after three minutes on a generation that never ends", async () => {
    const client = await connect("realistic");
    const { data } = await client.ask("POST", "/pub/v1/generations", elementsFor("fauxgen:stuck a portrait"));
    expect(await follow(client, data.generation_id)).toBe("TimedOut");
  });

  it("SelfAI sends style_detail after a GE09", async () => {
    const client = await connect("fast");
    const bare = await client.ask("POST", "/pub/v1/generations", [{ style: "Cinematic", prompt: { positive: "a" } }]);
    expect(bare.err).toEqual({ code: "GE09", message: "Invalid styles" });
    const detail = { name: "Cinematic", base_model: "flux" };
    const created = await client.ask("POST", "/pub/v1/generations", [
      { style_detail: detail, prompt: { positive: "a" } },
    ]);
    expect(created.status).toBe(202);
  });

  it("SelfAI uploads by v1 and lists styles, models and characters", async () => {
    const client = await connect("fast");
    const slot = await client.ask("POST", "/pub/v1/assets/upload", { size: { height: 1024, width: 1024 } });
    expect(slot.status).toBe(201);
    expect(await client.put(slot.data.upload_url, mediaFile("jpg"), "image/jpeg")).toBe(200);
    for (const list of ["styles?page=1&page_size=50", "models?page=1&page_size=50", "characters?page=1&page_size=50"]) {
      const { data, status } = await client.ask("GET", `/pub/v1/${list}`);
      expect(status).toBe(200);
      expect(Array.isArray(data)).toBe(true);
    }
  });
});

describe("MyPage, which first makes a character from a photograph", () => {
  it("MyPage uploads by v2, polls the asset, creates the character and polls for the first image's url", async () => {
    const { ask, put, sleep, download } = await connect("realistic");
    const slot = await ask("POST", "/pub/v2/assets/upload?type=image", { size: { height: 800, width: 600 } });
    expect(slot.status).toBe(201);
    expect(await put(slot.data.upload_url, mediaFile("jpg", { width: 600, height: 800 }), "image/jpeg")).toBe(200);

    let asset = await ask("GET", `/pub/v2/assets/${slot.data.id}`);
    expect(asset.data.status).toBe("pending");
    for (let attempt = 0; attempt < 30 && asset.data.status !== "active"; attempt += 1) {
      await sleep(2);
      asset = await ask("GET", `/pub/v2/assets/${slot.data.id}`);
    }
    expect(asset.data).toMatchObject({ status: "active", size: { height: 800, width: 600 } });

    const character = await ask("POST", "/pub/v1/characters", {
      asset_id: slot.data.id,
      character_type: "realistic",
      name: "MyPage 1",
      prompt: "a person",
    });
    expect(character.status).toBe(201);

    const created = await ask("POST", "/pub/v1/generations", [
      {
        aspect_ratio: "3:5",
        batch_size: 1,
        character: { character_id: character.data.id, mode: "balanced", enable_facelock: true },
        prompt: { positive: "a portrait", negative: "" },
        quality: "Plus",
        style_detail: { name: "Cinematic", base_model: "flux" },
      },
    ]);
    expect(created.status).toBe(202);

    let [media] = created.data.media;
    for (let attempt = 0; attempt < 30 && media?.status !== "success"; attempt += 1) {
      await sleep(2);
      [media] = (await ask("GET", `/pub/v1/generations/${created.data.generation_id}`)).data.media;
    }
    expect(media?.url).toBeTruthy();
    expect(imageSize(await download(media?.url))).toMatchObject({ width: 614, height: 1024 });
  });
});

describe("the eliza fork, which waits for data.result", () => {
  const run = async ({ ask, sleep }: Client): Promise<string | undefined> => {
    const { data } = await ask("POST", "/pub/v1/generations", [{ model: "JuggernautXL", prompt: { positive: "a" } }]);
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const { data: read } = await ask("GET", `/pub/v1/generations/${data.generation_id}`);
      if (read.result === "failed") return undefined;
      if (read.result === "completed") return read.media.find(({ type, url }) => type === "image" && url)?.url;
      await sleep(2);
    }
    return "waited in vain";
  };

  it("the eliza fork waits its full minute for the documented response", async () => {
    expect(await run(await connect("fast"))).toBe("waited in vain");
  });

  it("the eliza fork gets its result with the setting dataResult", async () => {
    expect(await run(await connect("fast", { dataResult: true }))).toMatch(/\.png$/);
  });
});

describe("the Gradio try-on, which dresses a person", () => {
  it("the Gradio try-on uploads by v2, sleeps, sends an undocumented field and reads once", async () => {
    const { ask, put, sleep, download } = await connect("realistic");
    const slot = await ask("POST", "/pub/v2/assets/upload", { size: { height: 1024, width: 1024 } });
    expect(await put(slot.data.upload_url, mediaFile("png"))).toBe(200);
    await sleep(20);
    const nets = await ask("GET", "/pub/v1/controlnets?type=flux");
    expect(nets.data).toContainEqual({ name: "Canny", base_model: "flux" });
    const created = await ask("POST", "/pub/v1/generations", [
      {
        aspect_ratio: "1:1",
        batch_size: 1,
        cfg_scale: 7,
        control_net: { asset_id: slot.data.id, name: "Depth", control_mode: 2, resize_mode: 0 },
        model: "JuggernautXL",
        prompt: { positive: "a person in a coat", negative: "" },
        reference_image_id: slot.data.id,
        sampler: "DPM++ 2M Karras",
        steps: 20,
      },
    ]);
    expect(created.data.media[0]?.status).toBe("initiated");
    const url = `/pub/v1/generations/${created.data.generation_id}`;
    expect((await ask("GET", url)).data.media[0]?.status).toBe("pending");
    await sleep(20);
    const [media] = (await ask("GET", url)).data.media;
    expect(media?.status).toBe("success");
    expect((await download(media?.url)).length).toBeGreaterThan(100);
  });

  it("the Gradio try-on reads err.message of a refused request", async () => {
    const { ask } = await connect("fast");
    const refused = await ask("POST", "/pub/v1/generations", [
      { facelock: { asset_id: "ast_unknown000" }, model: "JuggernautXL", prompt: { positive: "a" } },
    ]);
    expect(refused.status).toBe(400);
    expect(refused.err.message).toBe("Asset ast_unknown000 does not exist");
  });
});

describe("the Flask headshots, which expect older responses", () => {
  it("the Flask app works with a slot's 200, a create's 202 and data.images, under its settings", async () => {
    const { ask, put, sleep } = await connect("realistic", { uploadStatus: 200, dataImages: true });
    const slot = await ask("POST", "/pub/v1/assets/upload", { size: { height: 1024, width: 1024 } });
    expect(slot.status).toBe(200);
    expect(await put(slot.data.upload_url, mediaFile("png"), "application/octet-stream")).toBe(200);
    await sleep(30);
    const created = await ask("POST", "/pub/v1/generations", [
      { facelock: { asset_id: slot.data.asset.id }, model: "JuggernautXL", prompt: { positive: "a headshot" } },
    ]);
    expect(created.status).toBe(202);
    expect(created.data.images?.[0]?.id).toMatch(/^img_/);
    await sleep(40);
    const status = await ask("GET", `/pub/v1/generations/${created.data.generation_id}/status`);
    expect(status.data).toEqual([{ image_id: created.data.images?.[0]?.id, status: "success" }]);
  });
});

describe("the clients that make films", () => {
  it("a face with a script or a recording becomes an mp4 of that length", async () => {
    const { ask, put, sleep, download } = await connect("realistic");
    const upload = async (type: "image" | "audio", bytes: Uint8Array): Promise<string> => {
      const slot = await ask("POST", `/pub/v2/assets/upload?type=${type}`, { size: { height: 960, width: 540 } });
      expect(await put(slot.data.upload_url, bytes)).toBe(200);
      return slot.data.id;
    };
    const image_asset_id = await upload("image", mediaFile("png", { width: 540, height: 960 }));
    const audio_asset_id = await upload("audio", mediaFile("mp3", { durationSeconds: 4 }));
    await sleep(100);
    const created = await ask("POST", "/pub/v1/generations", [
      { narrator: { image_asset_id, script: "Good evening, and welcome to the show.", voice: "Rachel" } },
      { narrator: { image_asset_id, audio_asset_id } },
    ]);
    expect(created.data).toMatchObject({ result: "initiated" });
    expect(created.data.credits_remaining).toBeLessThan(1_000_000);
    await sleep(100);
    const { data } = await ask("GET", `/pub/v1/generations/${created.data.generation_id}`);
    const films = await Promise.all(data.media.map(async ({ url }) => inspect(await download(url))));
    expect(films).toMatchObject([
      { kind: "video", width: 540, height: 960, durationSeconds: 3 },
      { kind: "video", width: 540, height: 960, durationSeconds: expect.closeTo(4, 0) as number },
    ]);
  });

  it("a generated picture is animated by the id of its media item", async () => {
    const { ask, sleep, download } = await connect("realistic");
    const still = await ask("POST", "/pub/v1/generations", [
      { aspect_ratio: "5:3", model: "Flux", prompt: { positive: "a scene" } },
    ]);
    await sleep(12);
    const media_id = still.data.media[0]?.id;
    const moved = await ask("POST", "/pub/v1/generations", [
      { video_anyone: { media_id, prompt: "the camera pans", duration: 5 } },
    ]);
    await sleep(90);
    const { data: media } = await ask("GET", `/pub/v1/generations/media/${moved.data.media[0]?.id ?? ""}`);
    expect(media).toMatchObject({ type: "video", status: "success" });
    expect(await inspect(await download(media.url))).toMatchObject({ kind: "video", durationSeconds: 5 });
  });
});

const inspect = (bytes: Uint8Array) =>
  inspectMedia({ size: bytes.length, read: async (start, end) => bytes.subarray(start, end) });
