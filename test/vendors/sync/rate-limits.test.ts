/** Tests that a rate-limit fault answers with sync's own 429. */
import { expect, it } from "vitest";
import { sync } from "../../../src/vendors/sync/index.ts";
import { buildTestWorld } from "../../support/app.ts";

it.each([
  { vintage: "2026-06", hasCode: false },
  { vintage: "2026-11", hasCode: true },
])(
  "a rate-limit fault answers sync's 429 of vintage $vintage to requests for the API and for files",
  async ({ vintage, hasCode }) => {
    const world = await buildTestWorld({ vintages: { sync: vintage } });
    world.sandbox.rules.add({ when: {}, fault: { rateLimit: true } }, "control");
    for (const url of ["/v2/generations", "/_media/world/sync/outputs/x.mp4"]) {
      const limited = await world.send(sync, "main", { method: "GET", url });
      expect(limited.statusCode).toBe(429);
      expect(limited.headers).not.toHaveProperty("retry-after");
      expect("errorCode" in limited.json<object>()).toBe(hasCode);
    }
  },
);
