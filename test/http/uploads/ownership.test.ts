/** Tests that an upload belongs to its sandbox, and that no path of an upload reaches a file of the host. */
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { buildAcmeWorld, uploadFile } from "../../support/acme.ts";
import { control } from "../../support/control.ts";
import { fetchFile } from "../../support/requests.ts";

const bytes = renderMedia({ format: "mp4", width: 64, height: 64, durationSeconds: 1, title: "v", seed: "v" });

describe("the path of another sandbox", () => {
  it("does not serve an upload", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    const url = await uploadFile(world, bytes);
    expect((await fetchFile(world, url)).statusCode).toBe(200);
    expect((await fetchFile(world, url.replace("/world/", "/elsewhere/"))).statusCode).toBe(404);
  });
});

describe("an upload", () => {
  it.each([
    "/_media/world/uploads/..%2f..%2fdata.db",
    "/_media/world/acme/..%2f..%2fpackage.json",
    "/_media/..%2f/a/b",
  ])("is searched in the store, and no file is opened, for the path %s", async (path) => {
    const world = await buildAcmeWorld();
    expect((await world.app.inject({ method: "GET", url: path })).statusCode).toBe(404);
  });
});
