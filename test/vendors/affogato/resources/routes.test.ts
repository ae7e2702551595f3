/** Tests affogato's lists of models, styles, control nets and voices. */
import { describe, expect, it } from "vitest";
import { buildAffogatoWorld } from "../../../support/affogato.ts";

interface List {
  readonly data: readonly { readonly name: string; readonly base_model?: string }[];
  readonly pagination: { readonly page: number; readonly page_size: number; readonly total: number };
}

describe("affogato's lists of resources", () => {
  it("the list of control nets has those of Flux in the documentation", async () => {
    const { call } = await buildAffogatoWorld();
    const wanted = { operation: "listControlnets", status: 200 } as const;
    const { data } = await call<List>(wanted, "GET", "/pub/v1/controlnets?type=flux");
    expect(data).toEqual([
      { name: "Canny", base_model: "flux" },
      { name: "Depth", base_model: "flux" },
    ]);
  });

  it.each([
    ["listModels", "models", "Flux"],
    ["listStyles", "styles", "Cinematic"],
    ["listLoras", "loras", "Film Grain"],
    ["listControlnets", "controlnets", "Depth"],
  ] as const)("%s filters by base model and shows pages", async (operation, path, name) => {
    const { call } = await buildAffogatoWorld();
    const wanted = { operation, status: 200 } as const;
    const flux = await call<List>(wanted, "GET", `/pub/v1/${path}?type=flux`);
    expect(flux.data).toContainEqual({ name, base_model: "flux" });
    expect(flux.data.every(({ base_model }) => base_model === "flux")).toBe(true);
    const all = await call<List>(wanted, "GET", `/pub/v1/${path}`);
    const second = await call<List>(wanted, "GET", `/pub/v1/${path}?page=2&page_size=1`);
    expect(second).toMatchObject({ data: [all.data[1]], pagination: { page: 2, page_size: 1 } });
    expect(second.pagination.total).toBe(all.data.length);
    expect((await call<List>(wanted, "GET", `/pub/v1/${path}?type=none`)).data).toEqual([]);
    await call({ operation, status: 400 }, "GET", `/pub/v1/${path}?page_size=51`);
  });

  it("the list of voices has names and ignores the type", async () => {
    const { call } = await buildAffogatoWorld();
    const { data } = await call<List>({ operation: "listVoices", status: 200 }, "GET", "/pub/v1/voices?type=flux");
    expect(data).toContainEqual({ name: "Rachel" });
  });
});
