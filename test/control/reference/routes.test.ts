/** Tests the reference pages and the OpenAPI documents. */
import { describe, expect, it } from "vitest";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestApp } from "../../support/app.ts";

const names = [...vendors.map(({ name }) => name), "control"];

describe("the reference", () => {
  it.each(names)("serves the document of %s with the origin of the request", async (name) => {
    const app = await buildTestApp();
    const response = await app.inject({ url: `/_fauxgen/openapi/${name}.json`, headers: { host: "emulator:4601" } });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ openapi: "3.1.1", servers: [{ url: "http://emulator:4601" }] });
  });

  it.each(["nobody.json", "vivix", "..%2fpackage.json"])(
    "answers 404 for the document %s, and lists the documents",
    async (file) => {
      const app = await buildTestApp();
      const response = await app.inject({ url: `/_fauxgen/openapi/${file}` });
      expect(response.statusCode).toBe(404);
      expect(response.json<{ detail: string }>().detail).toContain("control.json");
    },
  );

  it("is a page that links to every API and loads nothing from other hosts", async () => {
    const app = await buildTestApp();
    const page = await app.inject({ url: "/_fauxgen/docs" });
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    for (const name of names) expect(page.body).toContain(`href="?api=${name}"`);
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'self';/);
    const loaded = [...page.body.matchAll(/(?:src|href)="(\/_fauxgen\/docs\/assets\/[^"]+)"/g)];
    expect(loaded.length).toBeGreaterThan(2);
    for (const [, url = ""] of loaded) {
      const asset = await app.inject({ url });
      expect([url, asset.statusCode, asset.rawPayload.length > 100]).toEqual([url, 200, true]);
    }
  });

  it("serves only its own files", async () => {
    const app = await buildTestApp();
    for (const file of ["package.json", "..%2findex.js", "constructor", "swagger-ui.css%00"])
      expect((await app.inject({ url: `/_fauxgen/docs/assets/${file}` })).statusCode).toBe(404);
  });

  it("can be read from any address, even if control needs a token", async () => {
    const app = await buildTestApp({ control: "token", controlToken: "secret" });
    for (const url of ["/_fauxgen/", "/_fauxgen/docs", "/_fauxgen/openapi/control.json"])
      expect((await app.inject({ url })).statusCode).toBe(200);
    expect((await app.inject({ url: "/_fauxgen/sandboxes" })).statusCode).toBe(401);
  });
});
