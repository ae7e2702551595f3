/** Tests sync's projects, and what happens to their contents. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { get, lipsync, patch, post, remove } from "../../../support/sync.ts";

interface Project {
  readonly id: string;
  readonly name: string;
}

const OWN_ID = "3f2c6a1e-8f5d-4b7a-9c3e-2d1f0a9b8c7d";

const create = async (world: TestWorld, body: unknown): Promise<Project> =>
  (await post(world, "/v2/projects", body)).json();

const names = async (world: TestWorld, query: string) =>
  (await get(world, `/v2/projects?${query}`)).json<{ items: Project[] }>().items.map(({ name }) => name);

const libraryOf = async (world: TestWorld, projectId: string): Promise<string[]> =>
  (await get(world, `/v2/assets?projectId=${projectId}`)).json<{ items: Project[] }>().items.map(({ id }) => id);

describe("sync's projects", () => {
  it("a second create with the client's own id returns the first project and ignores its other fields", async () => {
    const world = await buildTestWorld();
    const first = await create(world, { name: "Spring", id: OWN_ID, description: "Campaign" });
    expect(await create(world, { name: "Autumn", id: OWN_ID })).toEqual(first);
    expect(Object.keys(first)).toEqual([
      "id",
      "createdAt",
      "updatedAt",
      "visibility",
      "mode",
      "name",
      "description",
      "defaultWorkflow",
    ]);
  });

  it("a changed project moves to the front of the list", async () => {
    const world = await buildTestWorld();
    const spring = await create(world, { name: "Spring" });
    await create(world, { name: "Autumn" });
    expect(await names(world, "")).toEqual(["Autumn", "Spring"]);
    await world.advance("1s");
    await patch(world, `/v2/projects/${spring.id}`, { defaultWorkflow: "lipsync" });
    expect(await names(world, "")).toEqual(["Spring", "Autumn"]);
    expect(await names(world, "sortBy=name&limit=1")).toEqual(["Autumn"]);
    expect(await names(world, "searchQuery=SPR")).toEqual(["Spring"]);
  });

  it("a project can be deleted only after its generations have ended, which then lose the project", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world, { name: "Spring" });
    const generation = (await post(world, "/v2/generate", { ...lipsync, projectId: id })).json<Project>();
    expect((await remove(world, `/v2/projects/${id}`)).statusCode).toBe(409);
    await world.advance("10s");
    expect((await remove(world, `/v2/projects/${id}`)).json()).toEqual({ id });
    const kept = await get(world, `/v2/generations/${generation.id}`);
    expect(kept.json()).toMatchObject({ status: "COMPLETED", projectId: null });
    expect((await post(world, "/v2/generate", { ...lipsync, projectId: id })).json()).toMatchObject({
      statusCode: 422,
      errorCode: "project_not_found",
    });
  });

  it("deleting a project in 2026-11 deletes its generations and assets", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: "2026-11" } }));
    const { id } = await create(world, { name: "Spring" });
    const generation = (await post(world, "/v2/generate", { ...lipsync, projectId: id })).json<Project>();
    const body = { url: "https://media.test/face.mp4", type: "VIDEO", projectId: id };
    const asset = (await post(world, "/v2/assets", body)).json<Project>();
    await world.advance("10s");
    expect((await remove(world, `/v2/projects/${id}`)).statusCode).toBe(200);
    expect((await get(world, `/v2/generations/${generation.id}`)).statusCode).toBe(404);
    expect((await get(world, `/v2/assets/${asset.id}`)).statusCode).toBe(404);
  });

  it("an asset that is detached stays in its project's library, and any detach of a readable project succeeds", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world, { name: "Spring" });
    const body = { url: "https://media.test/face.mp4", type: "VIDEO", projectId: id };
    const asset = (await post(world, "/v2/assets", body)).json<Project>();
    for (const detached of [asset.id, asset.id, "00000000-0000-4000-8000-000000000000"]) {
      const response = await remove(world, `/v2/projects/${id}/assets/${detached}`);
      expect([detached, response.statusCode, response.body]).toEqual([detached, 204, ""]);
    }
    expect(await libraryOf(world, id)).toEqual([asset.id]);
    const statusOf = async (path: string, account = "main") =>
      (await remove(world, path, undefined, { account })).statusCode;
    expect(await statusOf(`/v2/projects/${id}/assets/speaker`)).toBe(400);
    expect(await statusOf(`/v2/projects/${id}/assets/${asset.id}`, "other")).toBe(404);
  });

  it("an attached asset is in the project's library, also beside its own project", async () => {
    const world = await buildTestWorld();
    const spring = await create(world, { name: "Spring" });
    const autumn = await create(world, { name: "Autumn" });
    const asset = (
      await post(world, "/v2/assets", { url: "https://media.test/face.mp4", type: "VIDEO" })
    ).json<Project>();
    for (const project of [spring, spring, autumn, autumn]) {
      const response = await post(world, `/v2/projects/${project.id}/assets`, { assetId: asset.id });
      expect([response.statusCode, response.body]).toEqual([204, ""]);
    }
    expect((await get(world, `/v2/assets/${asset.id}`)).json()).toMatchObject({ projectId: spring.id });
    expect(await libraryOf(world, spring.id)).toEqual([asset.id]);
    expect(await libraryOf(world, autumn.id)).toEqual([asset.id]);
  });

  it.each(["2026-06", "2026-11"])("in %s, an asset of two projects outlives each of them", async (vintage) => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: vintage } }));
    const spring = await create(world, { name: "Spring" });
    const autumn = await create(world, { name: "Autumn" });
    const body = { url: "https://media.test/face.mp4", type: "VIDEO", projectId: spring.id };
    const asset = (await post(world, "/v2/assets", body)).json<Project>();
    await post(world, `/v2/projects/${autumn.id}/assets`, { assetId: asset.id });
    await remove(world, `/v2/projects/${spring.id}`);
    expect((await get(world, `/v2/assets/${asset.id}`)).json()).toMatchObject({ projectId: null });
    expect(await libraryOf(world, autumn.id)).toEqual([asset.id]);
    await remove(world, `/v2/projects/${autumn.id}`);
    const { statusCode } = await get(world, `/v2/assets/${asset.id}`);
    expect(statusCode).toBe(vintage === "2026-11" ? 404 : 200);
  });

  it("a shared project is visible to its organisation and to no other", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world, { name: "Spring" });
    const statusFor = async (account: string) => (await get(world, `/v2/projects/${id}`, { account })).statusCode;
    expect([await statusFor("main_colleague"), await statusFor("other")]).toEqual([404, 404]);
    await patch(world, `/v2/projects/${id}`, { visibility: "ORGANIZATION" });
    expect([await statusFor("main_colleague"), await statusFor("other")]).toEqual([200, 404]);
  });
});
