/** Tests that vivix's file host answers as R2 does. */
import { expect, it } from "vitest";
import { buildTestWorld } from "../../support/app.ts";
import { fetchFile } from "../../support/requests.ts";

it("vivix answers a missing file with R2's page", async () => {
  const world = await buildTestWorld();
  const page = await fetchFile(world, "http://localhost/_media/world/vivix/x.jpg");
  expect(page.statusCode).toBe(404);
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
});
