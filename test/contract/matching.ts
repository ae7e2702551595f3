/** Finds the published response for an answer, and the differences between the two. */
import type { Response } from "light-my-request";
import type { VendorName } from "../../src/client/vendor-names.ts";
import { publishedCandidates, publishedResponses } from "./published/lookup.ts";
import type { PublishedResponse } from "./published/response.ts";
import { differences } from "./published/shape.ts";

/** The parts of a request that decide which published response it must get. */
export interface Asked {
  readonly operation: string;
  /** Path with query. */
  readonly path: string;
  readonly vintage?: string | undefined;
  /** The expected code of the answer, or another word of the published states. */
  readonly state?: string | undefined;
}

export function isPublishedVendor(name: string): name is VendorName {
  return Object.hasOwn(publishedResponses, name);
}

/** Returns the published response that the answer must match; undefined if none with its status is published. */
export function findPublished(
  vendor: VendorName,
  { operation, path, vintage, state }: Asked,
  response: Response,
): PublishedResponse | undefined {
  const { statusCode: status } = response;
  const candidates = withPath(publishedCandidates(vendor, operation, status, vintage), path);
  const words = candidates.map((each) => each.state?.split("?")[0]);
  const said = new Set(textsIn(bodyOf(response)));
  const word = words.includes(state) ? state : words.find((each) => each !== undefined && said.has(each));
  const query = ["wait=true", "include=progress"].find((each) => path.includes(each));
  const ofState = (wanted: string): PublishedResponse | undefined => candidates.find((each) => each.state === wanted);
  const wanted = word === undefined ? [] : [...(query === undefined ? [] : [`${word}?${query}`]), word];
  const exact = wanted.map(ofState).find((each) => each !== undefined);
  if (exact !== undefined) return exact;
  const ranked = candidates
    .filter((each) => each.state === undefined || each.state.split("?")[0] === (word ?? each.state))
    .sort((left, right) => distance(left, response) - distance(right, response));
  return ranked[0];
}

/** Returns the distance of an answer from an entry; of two equally near entries, the one without a state is nearer. */
function distance(published: PublishedResponse, response: Response): number {
  return differencesOf(published, response).length * 2 + (published.state === undefined ? 0 : 1);
}

/** Returns all differences between an answer and a published response, with headers and without the actual values. */
export function differencesOf(published: PublishedResponse, response: Response): string[] {
  const headers = Object.entries(published.headers ?? {}).flatMap(([name, pattern]) => {
    const value = response.headers[name];
    return pattern.test(String(value)) ? [] : [`header ${name}: expected ${String(pattern)}`];
  });
  return [...headers, ...bodyDifferences(published, response)].map((each) => each.replace(/; got [\s\S]*$/, ""));
}

function bodyDifferences({ body }: PublishedResponse, response: Response): string[] {
  switch (body) {
    case "empty":
      return response.body === "" ? [] : ["body: expected none"];
    case "bytes":
      return response.rawPayload.length > 0 ? [] : ["body: expected bytes"];
    case "text":
      return bodyOf(response) === undefined && response.body !== "" ? [] : ["body: expected text"];
    default:
      return differences(body, bodyOf(response));
  }
}

/** Returns the routes of an operation that match the path, if it has several. */
function withPath(candidates: readonly PublishedResponse[], path: string): readonly PublishedResponse[] {
  const own = candidates.filter((each) => patternOf(each.path).test(path.split("?")[0] ?? path));
  return own.length > 0 ? own : candidates;
}

function patternOf(path: string): RegExp {
  const parts = path.split(/\{[^}]+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]+")}$`);
}

function bodyOf(response: Response): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}

/** Returns every text in a body, in order. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
