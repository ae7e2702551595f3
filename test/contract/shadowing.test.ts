/**
 * Tests that no documented path is answered by another route: a route with a parameter takes every literal path that has
 * no route of its own, and then answers something false. The router is asked with a request to each documented path.
 */
import { describe, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { sync } from "../../src/vendors/sync/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { buildTestWorld, type TestRequest } from "../support/app.ts";
import { isPublishedVendor } from "./matching.ts";
import { publishedResponses } from "./published/lookup.ts";
import { otherPaths } from "./published/other-paths.ts";

/** Returns the operation whose route takes a request to a documented path; "none" if no route takes it. */
async function routedOperation(vendor: Vendor, documented: string): Promise<string> {
  const { app, sandbox, send } = await buildTestWorld();
  const [method = "", path = ""] = documented.split(" ");
  const request: TestRequest = {
    method: method as TestRequest["method"],
    url: path.replaceAll(/\{[^}]+\}/g, "00000000-0000-4000-8000-000000000000"),
    ...(["POST", "PUT", "PATCH"].includes(method) && { body: {} }),
  };
  // A refused key is enough, because the router answers first; an accepted stream of events would not end.
  await send(vendor, "revoked", request);
  return app.httpContext.journals.of(sandbox).entries().at(-1)?.operation ?? "none";
}

const documents = vendors.flatMap((vendor) => {
  if (!isPublishedVendor(vendor.name)) return [];
  const served = publishedResponses[vendor.name]
    // A path that begins with a placeholder is a whole URL from an earlier response.
    .filter(({ path }) => path.startsWith("/"))
    .map(({ method, path, operation }) => [`${method} ${path}`, operation] as const);
  const others = (otherPaths[vendor.name] ?? []).map((path) => [path, "none"] as const);
  return [...new Map([...served, ...others])].map(([path, operation]) => ({ vendor, path, operation }));
});

describe("the routes of documented paths", () => {
  it.each(documents)(
    "$path of $vendor.name is taken by the route of $operation",
    async ({ vendor, path, operation }) => {
      expect(await routedOperation(vendor, path)).toBe(operation);
    },
  );

  it("a literal path without a route of its own is taken by a route with a parameter", async () => {
    expect(await routedOperation(sync, "GET /v2/generations/tally")).toBe("getGenerationById");
    expect(await routedOperation(sync, "GET /v2/no/such/route")).toBe("none");
  });

  it("every vendor has documented paths", () => {
    expect(new Set(documents.map(({ vendor }) => vendor.name)).size).toBe(vendors.length);
    expect(documents.length).toBeGreaterThan(100);
  });
});
