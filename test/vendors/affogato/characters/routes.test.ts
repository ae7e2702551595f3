/** Tests affogato's characters, and the generations that use them. */
import { describe, expect, it } from "vitest";
import { buildAffogatoWorld, image, mediaFile } from "../../../support/affogato.ts";

interface CharacterData {
  readonly id: string;
  readonly name: string;
  readonly character_type: string;
  readonly input_image: string;
  readonly prompt: string;
}

const url = "/pub/v1/characters";
const created = { operation: "createCharacter", status: 201 } as const;
const refused = { operation: "createCharacter", status: 400 } as const;

describe("affogato characters", () => {
  it("a character is made from an active asset and shows its file", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const asset_id = await world.upload(mediaFile("png"));
    const body = { asset_id, character_type: "realistic", name: "Ada", prompt: "a woman" };
    const { data } = await world.call<{ data: CharacterData }>(created, "POST", url, body);
    expect(data).toMatchObject({ character_type: "realistic", name: "Ada", prompt: "a woman" });
    const file = await world.app.inject({ method: "GET", url: new URL(data.input_image).pathname });
    expect(file.headers["content-type"]).toBeDefined();
    expect(file.rawPayload.equals(mediaFile("png"))).toBe(true);
  });

  it("a character needs an active asset and a unique name", async () => {
    const world = await buildAffogatoWorld();
    const asset_id = await world.upload(mediaFile("png"));
    const body = { asset_id, character_type: "stylized", name: "Ada", prompt: "a woman" };
    await world.call(refused, "POST", url, body);
    await world.advance("2s");
    await world.call(created, "POST", url, body);
    await world.call(refused, "POST", url, body);
    const others = await world.upload(mediaFile("png"), "image", "other");
    await world.advance("2s");
    await world.call(refused, "POST", url, { ...body, name: "Grace", asset_id: others });
    await world.call({ ...created, account: "other" }, "POST", url, { ...body, asset_id: others });
  });

  it.each([
    ["no asset", { asset_id: undefined }],
    ["an unknown asset", { asset_id: "ast_0000000000" }],
    ["no name", { name: undefined }],
    ["no prompt", { prompt: undefined }],
    ["an unknown type", { character_type: "cartoon" }],
  ])("a character with %s is refused", async (_, change) => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const asset_id = await world.upload(mediaFile("png"));
    const body = { asset_id, character_type: "realistic", name: "Ada", prompt: "a woman", ...change };
    await world.call(refused, "POST", url, body);
  });

  it("an edit changes everything except the name, and only the owner can edit", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const asset_id = await world.upload(mediaFile("png"));
    const body = { asset_id, character_type: "realistic", name: "Ada", prompt: "a woman" };
    const { data } = await world.call<{ data: CharacterData }>(created, "POST", url, body);
    const another = await world.upload(mediaFile("jpg"));
    const edit = { asset_id: another, character_type: "stylized", prompt: "a drawing", name: "Grace" };
    const edited = await world.call<{ data: CharacterData }>(
      { operation: "updateCharacter", status: 200 },
      "PUT",
      `${url}/${data.id}`,
      edit,
    );
    expect(edited.data).toMatchObject({ id: data.id, name: "Ada", character_type: "stylized", prompt: "a drawing" });
    expect(edited.data.input_image).not.toBe(data.input_image);
    await world.call({ operation: "updateCharacter", status: 404 }, "PUT", `${url}/chr_0000000000`, edit);
    const foreign = { ...edit, asset_id: await world.upload(mediaFile("png"), "image", "other") };
    const elsewhere = { operation: "updateCharacter", status: 404, account: "other" } as const;
    await world.call(elsewhere, "PUT", `${url}/${data.id}`, foreign);
  });

  it("the list shows characters in pages, newest first", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const asset_id = await world.upload(mediaFile("png"));
    for (const name of ["Ada", "Grace", "Edith"])
      await world.call(created, "POST", url, { asset_id, character_type: "realistic", name, prompt: "" });
    const list = await world.call<{ data: readonly CharacterData[]; pagination: unknown }>(
      { operation: "listCharacters", status: 200 },
      "GET",
      `${url}?page_size=2`,
    );
    expect(list.data.map(({ name }) => name)).toEqual(["Edith", "Grace"]);
    expect(list.data[0]).toMatchObject({ system_character: false });
    expect(list.pagination).toEqual({ page: 1, page_size: 2, total: 3 });
  });

  it("a generation accepts only a character of its own account", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const asset_id = await world.upload(mediaFile("png"));
    const body = { asset_id, character_type: "realistic", name: "Ada", prompt: "a woman" };
    const { data } = await world.call<{ data: CharacterData }>(created, "POST", url, body);
    const element = image("Ada at sea", { character: { character_id: data.id, mode: "balanced" } });
    await world.create([element]);
    const wanted = { operation: "createGeneration", status: 400, account: "other" } as const;
    await world.call(wanted, "POST", "/pub/v1/generations", [element]);
  });
});
