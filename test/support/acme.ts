/** Builds servers and worlds with only made-up vendors, and sends requests to Acme. */
import type { FastifyInstance } from "fastify";
import type { Response as InjectedResponse } from "light-my-request";
import type { ConfigInput } from "../../src/config.ts";
import type { WallClock } from "../../src/engine/base/clock.ts";
import type { RunningServer } from "../../src/start.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { bolt } from "./acme/bolt.ts";
import { acme } from "./acme/index.ts";
import { buildTestApp, buildTestWorld, keyHeaders, type TestWorld } from "./app.ts";
import { postJson, putFile, requestsTo, type Sending } from "./requests.ts";
import { listenForTest } from "./server.ts";

type Sender = Pick<TestWorld, "send">;

/** The vendors of the tests of rules that are not a vendor's. */
export const madeUpVendors: readonly Vendor[] = [acme, bolt];

export const buildAcmeApp = (values?: ConfigInput, wall?: WallClock): Promise<FastifyInstance> =>
  buildTestApp(values, madeUpVendors, wall);

export const buildAcmeWorld = (
  values?: ConfigInput,
  name?: string,
  list: readonly Vendor[] = madeUpVendors,
): Promise<TestWorld> => buildTestWorld(values, name, list);

export const listenWithAcme = (values?: ConfigInput): Promise<RunningServer> => listenForTest(values, madeUpVendors);

export const picture = { prompt: "a lighthouse" };

/** Returns the same body with a marker, such as `fail` or `label=hero`. */
export const marked = (marker: string) => ({ prompt: `a lighthouse fauxgen:${marker}` });

export const { get, post, remove } = requestsTo(acme);

/** Orders a picture. */
export function postGeneration(world: Sender, body: unknown = picture, options?: Sending): Promise<InjectedResponse> {
  return post(world, "/acme/jobs", body, options);
}

/** Orders a picture and returns its id. */
export async function createGeneration(world: Sender, body: unknown = picture, options?: Sending): Promise<string> {
  const created = await postGeneration(world, body, options);
  if (created.statusCode !== 201) throw new Error(created.body);
  return created.json<{ id: string }>().id;
}

export function readGeneration(world: Sender, id: string, query = ""): Promise<InjectedResponse> {
  return get(world, `/acme/jobs/${id}${query}`);
}

export function readCredits(world: Sender, options?: Sending): Promise<InjectedResponse> {
  return get(world, "/acme/credits", options);
}

/** Returns the key header of an account. */
export function headersOf(sandbox: string, account = "main"): Record<string, string> {
  return keyHeaders(acme, acme.keyFrom(`fx_${sandbox}_${account}`));
}

/** Orders a picture over a socket. */
export function postGenerationTo(
  origin: string,
  headers: Readonly<Record<string, string>>,
  body: unknown = picture,
): Promise<Response> {
  return postJson(`${origin}/acme/jobs`, body, headers);
}

/** Uploads a file through a slot and returns its URL. */
export async function uploadFile(
  world: Pick<TestWorld, "app" | "send">,
  bytes: Uint8Array,
  contentType = "video/mp4",
): Promise<string> {
  const opened = await post(world, "/acme/uploads", { contentType });
  const { uploadUrl, url } = opened.json<{ uploadUrl: string; url: string }>();
  const { statusCode, body } = await putFile(world, uploadUrl, bytes, { "content-type": contentType });
  if (statusCode !== 200) throw new Error(body);
  return url;
}
