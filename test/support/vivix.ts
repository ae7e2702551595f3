/** Sends the requests to vivix, the smallest vendor, that tests of many folders need. */
import type { Response as InjectedResponse } from "light-my-request";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { keyHeaders, type TestWorld } from "./app.ts";
import { postJson, requestsTo, type Sending } from "./requests.ts";

type Sender = Pick<TestWorld, "send">;

export const image = { model: "grok-imagine-image-quality", prompt: "a lighthouse" };

const requests = requestsTo(vivix);

export const { get } = requests;

/** Creates an image. */
export function postGeneration(world: Sender, body: unknown = image, options?: Sending): Promise<InjectedResponse> {
  return requests.post(world, "/api/v1/generate", body, options);
}

/** Creates an image, and returns its id. */
export async function createGeneration(world: Sender, body: unknown = image, options?: Sending): Promise<string> {
  const created = await postGeneration(world, body, options);
  if (created.statusCode !== 201) throw new Error(created.body);
  return created.json<{ generation_id: string }>().generation_id;
}

export function readGeneration(world: Sender, id: string): Promise<InjectedResponse> {
  return get(world, `/api/v1/generations/${id}`);
}

/** Returns the headers that an account of a sandbox sends to a listening server. */
export function headersOf(sandbox: string, account = "main"): Record<string, string> {
  return keyHeaders(vivix, vivix.keyFrom(`fx_${sandbox}_${account}`));
}

/** Creates an image on a listening server. */
export function postGenerationTo(
  origin: string,
  headers: Readonly<Record<string, string>>,
  body: unknown = image,
): Promise<Response> {
  return postJson(`${origin}/api/v1/generate`, body, headers);
}
