/** Tests how affogato creates, shows and cancels generations. */
import { describe, expect, it } from "vitest";
import { affogato } from "../../../../src/vendors/affogato/index.ts";
import { buildAffogatoWorld, image } from "../../../support/affogato.ts";

describe("creating an affogato generation", () => {
  it("a create answers 202 with one initiated media item per output and the remaining credits", async () => {
    const { create } = await buildAffogatoWorld();
    const data = await create([
      image("a lighthouse", { batch_size: 2, aspect_ratio: "16:9" }),
      { style_detail: { name: "Bokeh", base_model: "sdxl" }, prompt: { positive: "a fox" }, aspect_ratio: "2:3" },
    ]);
    expect(data).toMatchObject({ credits_remaining: 1_000_000 - 36, result: "initiated" });
    expect(data.generation_id).toMatch(/^gen_[0-9A-Za-z]{10}$/);
    expect(data.media).toEqual([
      expect.objectContaining({ dim: { height: 576, width: 1024 }, model: "JuggernautXL", type: "image" }),
      expect.objectContaining({ dim: { height: 576, width: 1024 }, model: "JuggernautXL" }),
      expect.objectContaining({
        dim: { height: 1024, width: 682 },
        style: "Bokeh",
        style_detail: { name: "Bokeh", base_model: "sdxl" },
      }),
    ]);
    expect(new Set(data.media.map(({ id }) => id)).size).toBe(3);
  });

  it("the highest of several variants in an element wins silently", async () => {
    const { create } = await buildAffogatoWorld();
    const all = {
      ...image(),
      style: "Bokeh",
      video_anyone: { media_id: "ast_0000000000" },
      true_touch: { asset_id: "ast_0000000000" },
    };
    const byStyle = await create([all]);
    expect(byStyle.media[0]).toMatchObject({ style: "Bokeh" });
    expect(byStyle.media[0]).not.toHaveProperty("model");
    const byModel = await create([{ ...all, style: null }]);
    expect(byModel.media[0]).toMatchObject({ model: "JuggernautXL", type: "image" });
  });

  it("a create accepts unknown fields and queries, and a seed of -1", async () => {
    const { send } = await buildAffogatoWorld();
    const body = [image("a lighthouse", { seed: -1, reference_image_id: "x", steps: 20, cfg_scale: 7 })];
    const response = await send(affogato, "main", { method: "POST", url: "/pub/v1/generations?type=image", body });
    expect(response.statusCode).toBe(202);
  });

  it.each([
    ["an object instead of an array", image()],
    ["an empty array", []],
    ["nothing to generate", [{}]],
    ["a batch size that is not a number", [image("a", { batch_size: "2" })]],
    ["an unknown aspect ratio", [image("a", { aspect_ratio: "21:9" })]],
    ["a quality in the wrong case", [image("a", { quality: "plus" })]],
    ["an unknown sampler", [image("a", { sampler: "euler a" })]],
    ["a batch above the plan's maximum", [image("a", { batch_size: 9 })]],
    ["a batch size of 0", [image("a", { batch_size: 0 })]],
    ["a lora of another base model", [image("a", { loras: [{ name: "Film Grain", weight: 0.5 }] })]],
    ["a bare style that two base models have", [{ style: "Cinematic", prompt: { positive: "a" } }]],
    ["an unknown scenario", [image("fauxgen:succed")]],
  ])("a create refuses %s, and charges and stores nothing", async (_, body) => {
    const { call, sandbox } = await buildAffogatoWorld();
    await call({ operation: "createGeneration", status: 400 }, "POST", "/pub/v1/generations", body);
    expect(sandbox.account("main").state("affogato")).toMatchObject({ credits: 1_000_000 });
    expect(sandbox.generations.count({ vendor: "affogato" })).toBe(0);
  });

  it("a style is found by its base model, and an ambiguous bare name is a GE09", async () => {
    const { call, create } = await buildAffogatoWorld();
    const refused = await call<{ err: unknown }>(
      { operation: "createGeneration", status: 400 },
      "POST",
      "/pub/v1/generations",
      [{ style: "Cinematic", prompt: { positive: "a fox" } }],
    );
    expect(refused.err).toEqual({ code: "GE09", message: "Invalid styles" });
    const detailed = await create([
      { style_detail: { name: "Cinematic", base_model: "flux" }, prompt: { positive: "a fox" } },
    ]);
    expect(detailed.media[0]?.style_detail).toEqual({ name: "Cinematic", base_model: "flux" });
  });

  it("a Flux model ignores options that do not apply to it", async () => {
    const { create } = await buildAffogatoWorld();
    await create([image("a fox", { model: "Flux", quality: "plus", sampler: "none", loras: [{ name: "bad-lora" }] })]);
  });

  it("a strict catalogue refuses unknown names, and an open one accepts them", async () => {
    const strict = await buildAffogatoWorld({ catalogue: "strict" });
    await strict.call({ operation: "createGeneration", status: 400 }, "POST", "/pub/v1/generations", [
      image("a", { model: "DreamShaper" }),
    ]);
    const open = await buildAffogatoWorld();
    const response = await open.send(affogato, "main", {
      method: "POST",
      url: "/pub/v1/generations",
      body: [image("a", { model: "DreamShaper" })],
    });
    expect(response.statusCode).toBe(202);
    expect(response.headers["x-fauxgen-diagnostic"]).toMatch(/^MODEL_NOT_IN_CATALOGUE/);
  });
});

describe("an affogato generation", () => {
  it("a generation goes from pending without a url to success with one", async () => {
    const { create, read, advance, sandbox } = await buildAffogatoWorld();
    const created = await create([image()]);
    const [media] = created.media;
    expect(await read(created.generation_id)).toEqual({
      created_at: Math.floor(sandbox.clock.now() / 1000),
      generation_id: created.generation_id,
      media: [{ id: media?.id, dim: { height: 1024, width: 1024 }, type: "image", status: "pending" }],
    });
    await advance("1s");
    expect((await read(created.generation_id)).media[0]).toMatchObject({ status: "pending" });
    await advance("1s");
    expect((await read(created.generation_id)).media).toEqual([
      {
        id: media?.id,
        dim: { height: 1024, width: 1024 },
        type: "image",
        status: "success",
        url: `http://localhost:80/_media/world/affogato/${media?.id ?? ""}.png`,
      },
    ]);
  });

  it("an output's url serves its file without a key", async () => {
    const { app, create, read, advance } = await buildAffogatoWorld();
    const { generation_id } = await create([image("a fox", { aspect_ratio: "3:2" })]);
    await advance("2s");
    const { pathname } = new URL((await read(generation_id)).media[0]?.url ?? "");
    const file = await app.inject({ method: "GET", url: pathname });
    expect(file.statusCode).toBe(200);
    expect(file.headers["content-type"]).toBe("image/png");
  });

  it("a failed generation shows failed with an empty url, and refunds the credits", async () => {
    const { create, read, advance, sandbox } = await buildAffogatoWorld();
    const { generation_id } = await create([image("fauxgen:fail")]);
    await advance("2s");
    expect((await read(generation_id)).media[0]).toMatchObject({ status: "failed", url: "" });
    expect(sandbox.account("main").state("affogato")).toMatchObject({ credits: 1_000_000 });
  });

  it("each output shows its own state, and the price of failed outputs is refunded", async () => {
    const { create, read, advance, sandbox } = await buildAffogatoWorld();
    const { generation_id } = await create([image("fauxgen:partial", { batch_size: 3 })]);
    await advance("2s");
    const { media } = await read(generation_id);
    expect(media.map(({ status }) => status)).toEqual(["success", "success", "failed"]);
    expect(sandbox.account("main").state("affogato")).toMatchObject({ credits: 1_000_000 - 24 });
  });

  it("a censored output is censored in the deprecated routes, failed in the newer ones, and stays paid", async () => {
    const { call, create, read, advance, sandbox } = await buildAffogatoWorld();
    const { generation_id, media } = await create([image("fauxgen:censor")]);
    await advance("2s");
    expect((await read(generation_id)).media[0]).toMatchObject({ status: "failed", url: "" });
    const old = await call(
      { operation: "getGenerationStatus", status: 200 },
      "GET",
      `/pub/v1/generations/${generation_id}/status`,
    );
    expect(old).toEqual({ data: [{ image_id: media[0]?.id, status: "censored" }], err: {} });
    expect(sandbox.account("main").state("affogato")).toMatchObject({ credits: 1_000_000 - 12 });
  });

  it("a generation is visible only to its own account", async () => {
    const { call, create } = await buildAffogatoWorld();
    const { generation_id, media } = await create([image()]);
    const mediaId = media[0]?.id ?? "";
    const urls = [
      ["getGeneration", "GET", `/pub/v1/generations/${generation_id}`],
      ["getMedia", "GET", `/pub/v1/generations/media/${mediaId}`],
      ["getGenerationStatus", "GET", `/pub/v1/generations/${generation_id}/status`],
      ["getImageStatus", "GET", `/pub/v1/generations/${generation_id}/images/${mediaId}/status`],
      ["deleteGeneration", "DELETE", `/pub/v1/generations/${generation_id}`],
      ["deleteMedia", "DELETE", `/pub/v1/generations/media/${mediaId}`],
      ["deleteImage", "DELETE", `/pub/v1/generations/${generation_id}/images/${mediaId}`],
    ] as const;
    for (const [operation, method, url] of urls) await call({ operation, status: 404, account: "other" }, method, url);
  });
});

describe("the deprecated status routes", () => {
  it("the status routes list only finished images, and show an unfinished image without a status", async () => {
    const { call, create } = await buildAffogatoWorld();
    const { generation_id, media } = await create([image()]);
    const id = media[0]?.id ?? "";
    const all = await call(
      { operation: "getGenerationStatus", status: 200 },
      "GET",
      `/pub/v1/generations/${generation_id}/status`,
    );
    expect(all).toEqual({ data: [], err: {} });
    const one = await call(
      { operation: "getImageStatus", status: 200 },
      "GET",
      `/pub/v1/generations/${generation_id}/images/${id}/status`,
    );
    expect(one).toEqual({ data: { image_id: id }, err: {} });
  });

  it("the status routes show pending with the setting pendingInStatus", async () => {
    const { send, create } = await buildAffogatoWorld({ vendors: { affogato: { pendingInStatus: true } } });
    const { generation_id, media } = await create([image()]);
    const id = media[0]?.id ?? "";
    const url = `/pub/v1/generations/${generation_id}`;
    const all = await send(affogato, "main", { method: "GET", url: `${url}/status` });
    expect(all.json()).toEqual({ data: [{ image_id: id, status: "pending" }], err: {} });
    const one = await send(affogato, "main", { method: "GET", url: `${url}/images/${id}/status` });
    expect(one.json()).toEqual({ data: { image_id: id, status: "pending" }, err: {} });
  });
});

describe("deleting affogato generations", () => {
  it("deleting a generation removes it and its media", async () => {
    const { call, create } = await buildAffogatoWorld();
    const { generation_id, media } = await create([image()]);
    const url = `/pub/v1/generations/${generation_id}`;
    const answer = await call({ operation: "deleteGeneration", status: 200 }, "DELETE", url);
    expect(answer).toEqual({ data: { id: generation_id }, err: {} });
    await call({ operation: "getGeneration", status: 404 }, "GET", url);
    await call({ operation: "getMedia", status: 404 }, "GET", `/pub/v1/generations/media/${media[0]?.id ?? ""}`);
    await call({ operation: "deleteGeneration", status: 404 }, "DELETE", url);
  });

  it.each([
    ["deleteMedia", (_: string, id: string) => `/pub/v1/generations/media/${id}`],
    ["deleteImage", (generation: string, id: string) => `/pub/v1/generations/${generation}/images/${id}`],
  ] as const)("deleting one output by %s keeps the other outputs", async (operation, urlOf) => {
    const { call, create, read, advance } = await buildAffogatoWorld();
    const { generation_id, media } = await create([image("a fox", { batch_size: 2 })]);
    const [first, second] = media.map(({ id }) => id);
    await call({ operation, status: 200 }, "DELETE", urlOf(generation_id, first ?? ""));
    await call({ operation, status: 404 }, "DELETE", urlOf(generation_id, first ?? ""));
    await advance("2s");
    expect((await read(generation_id)).media.map(({ id }) => id)).toEqual([second]);
  });

  it("deleting an image under the id of another generation is a 404", async () => {
    const { call, create } = await buildAffogatoWorld();
    const one = await create([image()]);
    const two = await create([image()]);
    const url = `/pub/v1/generations/${one.generation_id}/images/${two.media[0]?.id ?? ""}`;
    await call({ operation: "deleteImage", status: 404 }, "DELETE", url);
    await call({ operation: "getImageStatus", status: 404 }, "GET", `${url}/status`);
  });
});
