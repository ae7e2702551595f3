/** Sends requests to affogato in a sandbox with a frozen clock, and compares every response with the published ones. */
import type { Response } from "light-my-request";
import { expect } from "vitest";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import { renderMedia, type MediaSpec } from "../../src/media/encode/render.ts";
import { affogato } from "../../src/vendors/affogato/index.ts";
import { publishedCandidates } from "../contract/published/lookup.ts";
import { differences } from "../contract/published/shape.ts";
import { buildTestWorld, type TestRequest, type TestWorld } from "./app.ts";
import { putFile } from "./requests.ts";

export interface AffogatoWorld extends TestWorld {
  /** Sends a request as `account`, and expects the status and one of the published shapes. */
  readonly call: <Body = Json>(
    wanted: { readonly operation: string; readonly status: number; readonly account?: string },
    method: TestRequest["method"],
    url: string,
    body?: unknown,
  ) => Promise<Body>;
  /** Creates a generation and returns the data of the response. */
  readonly create: (body: readonly unknown[], account?: string) => Promise<CreatedData>;
  /** Uploads bytes to a v2 slot, and returns the asset's id; the asset is active 1.5 s later. */
  readonly upload: (bytes: Uint8Array, type?: "image" | "video" | "audio", account?: string) => Promise<string>;
  /** PUTs bytes to a slot's URL without a key, and returns the status. */
  readonly put: (url: string, bytes: Uint8Array, headers?: Readonly<Record<string, string>>) => Promise<number>;
  /** Returns the data of GET /pub/v1/generations/{id}. */
  readonly read: (id: string, account?: string) => Promise<GenerationData>;
}

type Json = Readonly<Record<string, never>> & { readonly [key: string]: Json };

export interface CreatedData {
  readonly credits_remaining: number;
  readonly generation_id: string;
  readonly media: readonly {
    readonly id: string;
    readonly dim: { readonly height: number; readonly width: number };
    readonly type: string;
    readonly model?: string;
    readonly style?: string;
    readonly style_detail?: { readonly name: string; readonly base_model: string };
  }[];
}

export interface GenerationData {
  readonly created_at: number;
  readonly generation_id: string;
  readonly result?: string;
  readonly media: readonly { readonly id: string; readonly status: string; readonly url?: string }[];
}

export async function buildAffogatoWorld(settings: Readonly<Record<string, unknown>> = {}): Promise<AffogatoWorld> {
  const world = await buildTestWorld();
  world.sandbox.saveSettings(sandboxSettings.parse(settings));
  const call: AffogatoWorld["call"] = async ({ operation, status, account = "main" }, method, url, body) => {
    const response = await world.send(affogato, account, { method, url, ...(body !== undefined && { body }) });
    expect({ status: response.statusCode, body: response.body }).toMatchObject({ status });
    expectPublished(operation, response);
    return response.json();
  };
  const create: AffogatoWorld["create"] = async (body, account = "main") => {
    const answer = await call<{ data: CreatedData }>(
      { operation: "createGeneration", status: 202, account },
      "POST",
      "/pub/v1/generations",
      body,
    );
    return answer.data;
  };
  const read: AffogatoWorld["read"] = async (id, account = "main") => {
    const answer = await call<{ data: GenerationData }>(
      { operation: "getGeneration", status: 200, account },
      "GET",
      `/pub/v1/generations/${id}`,
    );
    return answer.data;
  };
  const put: AffogatoWorld["put"] = async (url, bytes, headers) =>
    (await putFile(world, url, bytes, headers)).statusCode;
  const upload: AffogatoWorld["upload"] = async (bytes, type = "image", account = "main") => {
    const { data } = await call<{ data: { id: string; upload_url: string } }>(
      { operation: "createAssetUploadV2", status: 201, account },
      "POST",
      `/pub/v2/assets/upload?type=${type}`,
      { size: { height: 512, width: 512 } },
    );
    expect(await put(data.upload_url, bytes)).toBe(200);
    return data.id;
  };
  return { ...world, call, create, read, put, upload };
}

/** Expects the response to fit at least one of the shapes that are published for its operation and status. */
function expectPublished(operation: string, response: Pick<Response, "statusCode" | "json">): void {
  const published = publishedCandidates("affogato", operation, response.statusCode);
  expect(published, `${operation} ${response.statusCode} is published`).not.toHaveLength(0);
  const found = published.map(({ body }) => (typeof body === "string" ? [] : differences(body, response.json())));
  expect(found.reduce((best, candidate) => (candidate.length < best.length ? candidate : best))).toEqual([]);
}

/** Renders a real file of the given format and size. */
export const mediaFile = (format: MediaSpec["format"], size: Partial<Omit<MediaSpec, "format">> = {}): Uint8Array =>
  renderMedia({ format, width: 320, height: 192, durationSeconds: 2, title: "asset", seed: "asset", ...size });

/** Builds a text-to-image element; the prompt's first word may be a marker. */
export const image = (prompt = "a lighthouse", extra: Readonly<Record<string, unknown>> = {}) => ({
  model: "JuggernautXL",
  prompt: { positive: prompt },
  ...extra,
});
