/** Tests oxen's result files, from the end of a generation to their deletion. */
import { describe, expect, it } from "vitest";
import { oxen } from "../../../../src/vendors/oxen/index.ts";
import { buildOxenWorld, expectPublished, image, video, type OxenWorld } from "../../../support/oxen.ts";
import { pathOf } from "../../../support/requests.ts";

/** Creates a generation and returns the path of its result, with the query. */
async function makeFile(world: OxenWorld, body: unknown = image, account = "main"): Promise<string> {
  const [id = ""] = await world.enqueue(body, account);
  await world.advance("5s");
  return pathOf(String((await world.row(id, account)).result_url));
}

const fetched = async ({ app }: OxenWorld, url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "GET", url, headers });

describe("oxen's result files", () => {
  it.each([
    ["no key", {}],
    ["the owner's key", { authorization: "Bearer fx_world_main" }],
    ["another account's key", { authorization: "Bearer fx_world_other" }],
    ["an unknown key", { authorization: "Bearer SFMyNTY.unknown" }],
  ])("a result file is served with %s", async (_what, headers: Record<string, string>) => {
    const world = await buildOxenWorld();
    const url = await makeFile(world);
    const response = await fetched(world, url, headers);
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("image/png");
    expect(response.rawPayload.subarray(1, 4).toString()).toBe("PNG");
  });

  it("the result file of a video is a video, and supports ranges and HEAD", async () => {
    const world = await buildOxenWorld();
    const url = await makeFile(world, { ...video, target_repo: "renders", target_directory: "a b/../ü" });
    expect(url).toMatch(/^\/api\/repos\/main\/renders\/file\/main\/a%20b\/%C3%BC\/[0-9a-f-]{36}\.mp4\?sandbox=world$/);
    const part = await fetched(world, url, { range: "bytes=4-7" });
    expect([part.statusCode, part.body, part.headers["content-type"]]).toEqual([206, "ftyp", "video/mp4"]);
    const head = await world.app.inject({ method: "HEAD", url });
    expect([head.statusCode, head.body]).toEqual([200, ""]);
    expect(Number(head.headers["content-length"])).toBeGreaterThan(1000);
  });

  it("a result file is a 404 under another path, before its generation ends, and after a failure", async () => {
    const world = await buildOxenWorld();
    const url = await makeFile(world);
    const [pending = ""] = await world.enqueue(image);
    const [failing = ""] = await world.enqueue({ ...image, prompt: "fauxgen:fail" });
    const path = url.split("?")[0] ?? "";
    const id = path.split("/").at(-1)?.replace(".png", "") ?? "";
    for (const wrong of [
      url.replace("playground", "elsewhere"),
      url.replace("/repos/main/", "/repos/other/"),
      url.replace(".png", ".jpg"),
      url.replace("sandbox=world", "sandbox=nowhere"),
      path,
      url.replace(id, pending),
      url.replace(id, failing),
      url.replace("files/", "files/..%2F"),
    ]) {
      const response = await fetched(world, wrong);
      expectPublished({ status: response.statusCode, body: response.json() }, "unknownRoute");
    }
  });

  it("the owner deletes a result file in its workspace, and the row stays", async () => {
    const world = await buildOxenWorld();
    const url = await makeFile(world);
    const [, workspace = "", path = ""] = /^(.*\/workspaces\/[^/]+)\/([^?]+)/.exec(url) ?? [];
    const remove = async (account: string, paths: unknown) => {
      const response = await world.send(oxen, account, { method: "DELETE", url: `${workspace}/files`, body: paths });
      return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
    };
    expectPublished(await remove("main", []), "deleteMedia", "invalid_params");
    expectPublished(await remove("other", [path]), "deleteMedia", "resource_not_found");
    expectPublished(await remove("main", [path, "files/none.png"]), "deleteMedia", "resource_not_found");
    expect((await fetched(world, url)).statusCode).toBe(200);
    expectPublished(await remove("main", [path]), "deleteMedia");
    expect((await fetched(world, url)).statusCode).toBe(404);
    expectPublished(await remove("main", [path]), "deleteMedia", "resource_not_found");
    expect((await world.get("/api/ai/generations")).body).toMatchObject({ generations: [{ status: "succeeded" }] });
  });

  it("the owner deletes a committed result file with a commit's form", async () => {
    const world = await buildOxenWorld();
    const url = await makeFile(world, { ...image, target_repo: "renders" });
    const boundary = "----form";
    const response = await world.app.inject({
      method: "DELETE",
      url,
      headers: { authorization: "Bearer fx_world_main", "content-type": `multipart/form-data; boundary=${boundary}` },
      payload: `--${boundary}\r\nContent-Disposition: form-data; name="message"\r\n\r\nDelete\r\n--${boundary}--\r\n`,
    });
    expectPublished({ status: response.statusCode, body: response.json() }, "deleteMedia");
    expect((await fetched(world, url)).statusCode).toBe(404);
    const unkeyed = await world.app.inject({ method: "DELETE", url });
    expect(unkeyed.statusCode).toBe(401);
  });
});
