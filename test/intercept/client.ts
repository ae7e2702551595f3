/**
 * Acts as a client with hard-coded hosts, which preload.test.ts runs in a separate process. It prints its results as
 * JSON.
 */
import http from "node:http";
import https from "node:https";
import { SyncClient } from "@sync.so/sdk";
import { Agent, request } from "undici";

const sync = new SyncClient({ apiKey: "fx_intercepted_main" });
const created = await sync.generations.create({
  model: "lipsync-2",
  input: [
    { type: "video", url: "https://media.test/video.mp4" },
    { type: "audio", url: "https://media.test/audio.wav" },
  ],
});
const read = await sync.generations.get(created.id);

const fetched = await fetch("https://vivix-atelier.vercel.app/api/v1/credits", {
  headers: { authorization: "Bearer vvx_live_fx_intercepted_main" },
});
const viaUndici = await request("https://vivix-atelier.vercel.app/api/v1/credits", { dispatcher: new Agent() });
await viaUndici.body.dump();

const viaCore = (core: typeof https | typeof http, url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    core
      .get(url, (response) => {
        response.resume().once("end", () => {
          resolve(response.statusCode);
        });
      })
      .once("error", reject);
  });

process.stdout.write(
  JSON.stringify({
    sdk: { created: created.status, sameId: read.id === created.id },
    fetch: fetched.status,
    undici: viaUndici.statusCode,
    https: await viaCore(https, "https://hub.oxen.ai/api/ai/models"),
    http: await viaCore(http, "http://api.rendernet.ai/pub/v1/nowhere"),
  }),
);
