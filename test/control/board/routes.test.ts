/** Tests the page of the board and its files; test/system drives the board itself in a browser. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp } from "../../support/acme.ts";

describe("the board's page", () => {
  it.each(["/_fauxgen/", "/_fauxgen/board", "/_fauxgen/board/", "/_fauxgen/board/w1/timeline/some-id"])(
    "is served at %s, allows nothing inline and no other host, and holds no data",
    async (url) => {
      const app = await buildAcmeApp({ control: "token", controlToken: "secret" });
      const page = await app.inject({ url });
      expect([page.statusCode, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
      expect(page.headers["content-security-policy"]).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(page.headers["x-content-type-options"]).toBe("nosniff");
      expect(page.body).not.toMatch(/<script(?![^>]*src)|<style|\sstyle=|\son\w+=/);
      expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(page.body).not.toContain("fx_");
    },
  );

  it("is where a browser that opens the server arrives", async () => {
    const app = await buildAcmeApp();
    expect((await app.inject({ url: "/" })).headers.location).toBe("/_fauxgen/");
  });

  it("loads files that exist", async () => {
    const app = await buildAcmeApp();
    const { body } = await app.inject({ url: "/_fauxgen/" });
    const urls = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = ""]) => url);
    expect(urls.length).toBeGreaterThan(4);
    for (const url of urls) expect([url, (await app.inject({ url })).statusCode]).toEqual([url, 200]);
  });

  it("has no other files", async () => {
    const app = await buildAcmeApp();
    for (const file of ["package.json", "..%2findex.js", "constructor", "board.js%00"])
      expect((await app.inject({ url: `/_fauxgen/board-assets/${file}` })).statusCode).toBe(404);
  });
});
