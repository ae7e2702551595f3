/** Sends the requests to sync that tests of many folders need. */
import type { Response as InjectedResponse } from "light-my-request";
import { sync } from "../../src/vendors/sync/index.ts";
import { keyHeaders, type TestWorld } from "./app.ts";
import { postJson, putFile, requestsTo, type Sending } from "./requests.ts";

type Sender = Pick<TestWorld, "send">;

export const video = { type: "video", url: "https://media.test/face.mp4" } as const;
export const audio = { type: "audio", url: "https://media.test/speech.wav" } as const;
export const image = { type: "image", url: "https://media.test/face.png" };
export const text = {
  type: "text",
  provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script: "Hello from a test." },
};

export const lipsync = { model: "lipsync-2" as const, input: [video, audio] };

/** Returns the lip-sync body with a scenario marker, which sync's bodies can carry only in a URL. */
export const marked = (marker: string) => ({
  ...lipsync,
  input: [{ ...video, url: `https://media.test/fauxgen:${marker}.mp4` }, audio],
});

export const { get, post, patch, remove } = requestsTo(sync);

export function postGeneration(world: Sender, body: unknown = lipsync, options?: Sending): Promise<InjectedResponse> {
  return post(world, "/v2/generate", body, options);
}

/** Creates a generation, and returns its id. */
export async function createGeneration(world: Sender, body: unknown = lipsync, options?: Sending): Promise<string> {
  const created = await postGeneration(world, body, options);
  if (created.statusCode !== 201) throw new Error(created.body);
  return idOf(created);
}

export function readGeneration(world: Sender, id: string, query = ""): Promise<InjectedResponse> {
  return get(world, `/v2/generate/${id}${query}`);
}

export const idOf = (response: Pick<InjectedResponse, "json">): string => response.json<{ id: string }>().id;

/** Returns the headers that an account of a sandbox sends to a listening server. */
export function headersOf(sandbox: string, account = "main"): Record<string, string> {
  return keyHeaders(sync, sync.keyFrom(`fx_${sandbox}_${account}`));
}

/** Creates a generation on a listening server. */
export function postGenerationTo(
  origin: string,
  headers: Readonly<Record<string, string>>,
  body: unknown = lipsync,
): Promise<Response> {
  return postJson(`${origin}/v2/generate`, body, headers);
}

/** The description of a file in the request for its upload slot, and the account that sends the request. */
export interface Announced extends Pick<Sending, "account"> {
  readonly fileName: string;
  readonly contentType: string;
}

/** Uploads a file to a slot, and returns the URL by which it can be registered. */
export async function uploadFile(
  world: Pick<TestWorld, "app" | "send">,
  bytes: Uint8Array,
  { fileName, contentType, ...sender }: Announced,
): Promise<string> {
  const opened = await post(world, "/v2/assets/upload", { fileName, contentType, size: bytes.length }, sender);
  const { uploadUrl, url } = opened.json<{ uploadUrl: string; url: string }>();
  const { statusCode, body } = await putFile(world, uploadUrl, bytes, { "content-type": contentType });
  if (statusCode !== 200) throw new Error(body);
  return url;
}

/** Returns a record of a batch. */
const batchRow = (index: number, payload: object = lipsync) => ({
  request_id: `row-${index}`,
  endpoint: "/v2/generate",
  payload,
});

/** Returns `count` records of a batch; the first ones have the payloads `special`. */
export const batchRows = (count: number, ...special: readonly object[]) =>
  Array.from({ length: count }, (_, index) => batchRow(index, special[index]));
