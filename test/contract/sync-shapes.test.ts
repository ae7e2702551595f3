/** Every answer that sync's outcomes list, held against what is published, which knows nothing of the route schemas. */
import type { Response } from "light-my-request";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/http/outcomes.ts";
import { sync } from "../../src/vendors/sync/index.ts";
import { provoke } from "../support/provoke.ts";
import { publishedCandidates } from "./published/lookup.ts";
import type { PublishedResponse } from "./published/response.ts";
import { differences } from "./published/shape.ts";

/** The same answer stands in several rows: once is enough here. */
const rows = sync.outcomes.filter(({ code }) => code !== "Unauthorized");

const title = ({ operation, status, code, phase, vintage, provoke: { method, path } }: Outcome): string =>
  [operation, status, code, phase, vintage, method, path].filter((part) => part !== undefined).join(" ");

describe("sync's answers", () => {
  it.each(rows.map((outcome) => ({ outcome, title: title(outcome) })))("$title", async ({ outcome }) => {
    const { operation, status, vintage } = outcome;
    const response = await provoke(sync, outcome);
    const published = publishedCandidates("sync", operation, status, vintage);
    expect(published.length, "published answers of this status").toBeGreaterThan(0);
    const found = published.map((each) => problems(each, response));
    expect(found.some((each) => each.length === 0) || found).toBe(true);
  });
});

function problems({ body, headers }: PublishedResponse, response: Response): string[] {
  const wrongHeaders = Object.entries(headers ?? {}).filter(
    ([name, pattern]) => !pattern.test(String(response.headers[name])),
  );
  return [...wrongHeaders.map(([name]) => `header ${name}`), ...bodyProblems(body, response)];
}

function bodyProblems(shape: PublishedResponse["body"], response: Response): string[] {
  if (shape === "empty") return response.body === "" ? [] : ["a body where none is published"];
  if (shape === "text" || shape === "bytes") return response.body === "" ? ["no body"] : [];
  return differences(shape, response.json());
}
