/** Tests sync's list of error codes. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";
import { catalogueCodes } from "../../../contract/published/sync-errors.ts";
import { lipsync, postGeneration } from "../../../support/sync.ts";

interface CatalogueEntry {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
}

describe("GET /v2/errors", () => {
  it("the list has the catalogue's codes in order, and needs no key", async () => {
    const { app } = await buildTestWorld();
    const listed = (await app.inject({ method: "GET", url: "/v2/errors" })).json<CatalogueEntry[]>();
    expect(listed.map(({ code }) => code)).toEqual(catalogueCodes);
  });

  it("the list has the same texts for a code as an error response with that code", async () => {
    const world = await buildTestWorld();
    const { app } = world;
    const listed = (await app.inject({ method: "GET", url: "/v2/errors" })).json<CatalogueEntry[]>();
    const refused = (await postGeneration(world, { ...lipsync, model: "unknown" })).json<
      CatalogueEntry & { errorCode: string }
    >();
    const entry = listed.find(({ code }) => code === refused.errorCode);
    expect(refused).toMatchObject({ message: entry?.message, suggestion: entry?.suggestion });
  });
});
