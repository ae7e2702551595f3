/** Tests that an unknown parameter or field of a request is told beside the vendor's answer. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, createGeneration, get, post } from "../../support/acme.ts";

const said = (response: { readonly headers: object }): string =>
  String(new Map(Object.entries(response.headers)).get("x-fauxgen-diagnostic"));

describe("an unknown name", () => {
  it("in the query is told, and the answer is that without it", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const response = await get(world, `/acme/jobs/${id}?wiat=true&timeout[]=3`);
    expect(response.statusCode).toBe(200);
    expect(said(response)).toBe(
      "PARAMETER_UNKNOWN: query.wiat is not known and was ignored. Did you mean wait? query.timeout[] is not known and was ignored. Did you mean timeout?",
    );
    const bare = await get(world, "/acme/credits?verbose=1");
    expect([bare.statusCode, said(bare)]).toEqual([200, expect.stringContaining("query.verbose is not known")]);
  });

  it("is shortened if it is long, and is not told where the route is unknown", async () => {
    const world = await buildAcmeWorld();
    const long = said(await get(world, `/acme/credits?${"z".repeat(3000)}=1`));
    expect(long).toBe(
      `PARAMETER_UNKNOWN: query.${"z".repeat(74)}... is not known and was ignored. This route reads no parameters.`,
    );
    expect(said(await get(world, "/acme/nothing?wiat=true"))).not.toContain("PARAMETER_UNKNOWN");
  });

  it("in the body is told, also if the vendor refuses the request for it", async () => {
    const world = await buildAcmeWorld();
    const refused = await post(world, "/acme/jobs", { promt: "a lighthouse" });
    expect(refused.statusCode).toBe(400);
    expect(said(refused)).toContain("PARAMETER_UNKNOWN: body.promt is not known and was ignored. Did you mean prompt?");
    expect(said(refused)).toContain("REQUEST_INVALID");
  });
});
