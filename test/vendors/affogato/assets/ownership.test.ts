/** Tests that an affogato asset belongs to one account. */
import { expect, it } from "vitest";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import { affogato } from "../../../../src/vendors/affogato/index.ts";
import { buildTestWorld } from "../../../support/app.ts";
import { putFile } from "../../../support/requests.ts";

const bytes = renderMedia({ format: "mp4", width: 64, height: 64, durationSeconds: 1, title: "v", seed: "v" });

it("another account cannot use the owner's affogato asset", async () => {
  const world = await buildTestWorld();
  const size = { size: { height: 64, width: 64 } };
  const slot = await world.send(affogato, "main", {
    method: "POST",
    url: "/pub/v2/assets/upload?type=video",
    body: size,
  });
  const { data } = slot.json<{ data: { id: string; upload_url: string } }>();
  expect((await putFile(world, data.upload_url, bytes, { "content-type": "video/mp4" })).statusCode).toBe(200);
  const read = async (account: string) =>
    (await world.send(affogato, account, { method: "GET", url: `/pub/v2/assets/${data.id}` })).statusCode;
  expect([await read("main"), await read("other")]).toEqual([200, 404]);
  const archive = { method: "POST", url: "/pub/v1/assets/archive", body: { asset_ids: [data.id] } } as const;
  expect((await world.send(affogato, "other", archive)).statusCode).toBeGreaterThanOrEqual(400);
  expect(await read("main")).toBe(200);
});
