/** Sends requests to oxen in a test world, and compares responses with the published ones. */
import type { Response } from "light-my-request";
import { expect } from "vitest";
import { oxen } from "../../src/vendors/oxen/index.ts";
import { publishedFor } from "../contract/published/lookup.ts";
import { differences } from "../contract/published/shape.ts";
import { buildTestWorld, type TestWorld } from "./app.ts";

export const image = { model: "flux-3-image", prompt: "an ox at dawn" };
export const video = { model: "kling-video-v2-6-pro-text-to-video", prompt: "an ox walks", duration: 5 };

export interface Answered {
  readonly status: number;
  readonly headers: Response["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OxenWorld extends TestWorld {
  readonly get: (path: string, account?: string) => Promise<Answered>;
  readonly post: (path: string, body: unknown, account?: string) => Promise<Answered>;
  readonly remove: (path: string, account?: string) => Promise<Answered>;
  /** Enqueues generations and returns their ids. */
  readonly enqueue: (body: unknown, account?: string) => Promise<string[]>;
  /** Reads the row of a generation in the queue. */
  readonly row: (id: string, account?: string) => Promise<Readonly<Record<string, unknown>>>;
}

export async function buildOxenWorld(...options: Parameters<typeof buildTestWorld>): Promise<OxenWorld> {
  const world = await buildTestWorld(...options);
  const ask =
    (method: "GET" | "POST" | "DELETE") =>
    async (path: string, body: unknown, account: string): Promise<Answered> => {
      const response = await world.send(oxen, account, { method, url: path, ...(body !== undefined && { body }) });
      return { status: response.statusCode, headers: response.headers, body: response.json() };
    };
  const get: OxenWorld["get"] = async (path, account = "main") => ask("GET")(path, undefined, account);
  const post: OxenWorld["post"] = async (path, body, account = "main") => ask("POST")(path, body, account);
  return {
    ...world,
    get,
    post,
    remove: async (path, account = "main") => ask("DELETE")(path, undefined, account),
    enqueue: async (body, account) => {
      const { status, body: answer } = await post("/api/ai/queue", body, account);
      expect({ status, answer }).toMatchObject({ status: 200 });
      return (answer as { generations: { generation_id: string }[] }).generations.map((each) => each.generation_id);
    },
    row: async (id, account) => (await get(`/api/ai/queue/${id}`, account)).body,
  };
}

/** Compares a response with the published one; see test/contract/published. */
export function expectPublished(
  { status, body }: Pick<Answered, "status" | "body">,
  operation: string,
  state?: string,
  vintage?: string,
): void {
  const published = publishedFor("oxen", operation, status, state, vintage);
  if (published === undefined || typeof published.body === "string")
    throw new Error(`No response is published for ${operation} ${status} ${state ?? ""}: ${JSON.stringify(body)}`);
  expect(differences(published.body, body)).toEqual([]);
}
