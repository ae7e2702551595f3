/** Tests affogato's settings: each one supports a client that expects another behaviour than the documented one. */
import { describe, expect, it } from "vitest";
import { affogato } from "../../../src/vendors/affogato/index.ts";
import { buildAffogatoWorld, image, type CreatedData, type GenerationData } from "../../support/affogato.ts";

const settingUp = (settings: Readonly<Record<string, unknown>>) =>
  buildAffogatoWorld({ vendors: { affogato: settings } });

describe("affogato's settings", () => {
  it("dataResult shows a generation's state as data.result", async () => {
    const { send, create, advance } = await settingUp({ dataResult: true });
    const good = await create([image()]);
    const bad = await create([image("fauxgen:fail")]);
    const resultOf = async (id: string) =>
      (await send(affogato, "main", { method: "GET", url: `/pub/v1/generations/${id}` })).json<{
        data: GenerationData;
      }>().data.result;
    expect(await resultOf(good.generation_id)).toBe("pending");
    await advance("2s");
    expect(await resultOf(good.generation_id)).toBe("completed");
    expect(await resultOf(bad.generation_id)).toBe("failed");
  });

  it("dataImages repeats a create's media as images", async () => {
    const { send } = await settingUp({ dataImages: true });
    const response = await send(affogato, "main", { method: "POST", url: "/pub/v1/generations", body: [image()] });
    const { data } = response.json<{ data: CreatedData & { images: unknown } }>();
    expect(data.images).toEqual(data.media);
  });

  it("errData removes data from errors", async () => {
    const { send } = await settingUp({ errData: "absent" });
    const response = await send(affogato, "main", { method: "GET", url: "/pub/v1/generations/gen_0000000000" });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toEqual({ err: { code: "GE04", message: "Generation not found" } });
  });
});
