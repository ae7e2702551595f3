/** Tests the parts of a sandbox's report that judge its clients. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, postGeneration, readCredits } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

describe("the report of a sandbox", () => {
  it("has the worst findings and the coverage of the operations in use", async () => {
    const world = await buildAcmeWorld();
    const headers = { "idempotency-key": "k1" };
    await postGeneration(world, { prompt: "a bridge" }, { headers });
    await postGeneration(world, { prompt: "a road" }, { headers });
    await readCredits(world);
    const { body } = await control(world.app, "GET", "sandboxes/world/report");
    expect(body).toMatchObject({
      conduct: {
        total: 1,
        worst: [
          {
            severity: "error",
            vendor: "acme",
            id: "idempotency-key-reused",
            what: "Requests 1 and 2 have one idempotency-key and different bodies.",
          },
        ],
      },
      coverage: {
        rows: 4,
        met: 2,
        percent: 50,
        operations: [
          { vendor: "acme", operation: "createGeneration", rows: 2, met: 1, percent: 50 },
          { vendor: "acme", operation: "getCredits", rows: 2, met: 1, percent: 50 },
        ],
      },
    });
    const { text } = await control(world.app, "GET", "sandboxes/world/report?format=text");
    expect(text).toContain(
      "\n1 finding:\n  error acme idempotency-key-reused: Requests 1 and 2 have one idempotency-key and different bodies.\n" +
        "coverage: 2 of 4 (50 %) of the answers of acme createGeneration (1 of 2), acme getCredits (1 of 2)\n",
    );
  });

  it("has neither in a sandbox that no client used", async () => {
    const world = await buildAcmeWorld();
    const { text } = await control(world.app, "GET", "sandboxes/world/report?format=text");
    expect(text).not.toMatch(/finding|coverage/);
  });
});
