/** Tests that input of clients is returned only as data, never as a page, a header or a file of the host. */
import { describe, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { buildAcmeWorld, createGeneration, get as getAs, post } from "../support/acme.ts";
import { buildTestWorld, keyHeaders } from "../support/app.ts";
import { createOf } from "../support/provoke.ts";
import { control } from "../support/control.ts";
import { sendRaw } from "../support/raw.ts";
import { listenForTest } from "../support/server.ts";

const SCRIPT = "<script>alert(1)</script>";
const RUN_BY_BROWSERS = /html|svg|xhtml|javascript/;

const get = (path: string, headers = ""): string =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}connection: close\r\n\r\n`;
const headOf = (answer: string): string => answer.split("\r\n\r\n", 1)[0]?.toLowerCase() ?? "";

describe("a script in a URL", () => {
  const prefixes = vendors.flatMap((vendor) => vendor.prefixes);
  const places = [
    ...prefixes.map((prefix) => `${prefix}/${SCRIPT}`),
    `/${SCRIPT}`,
    `/_media/default/sync/${SCRIPT}.png`,
    `/_media/${SCRIPT}/sync/x.png`,
    `/_media/default/uploads/${SCRIPT}`,
    `/_fauxgen/${SCRIPT}`,
    `/_fauxgen/sandboxes/${SCRIPT}`,
    `/_fauxgen/diagnostics/${SCRIPT}`,
    `/_fauxgen/openapi/${SCRIPT}.json`,
    `/_fauxgen/docs/assets/${SCRIPT}`,
    `/_fauxgen/events?kinds=${SCRIPT}`,
    `/v2/generations?limit=${SCRIPT}`,
  ];

  it("is in no answer that a browser would run", async () => {
    const { url } = await listenForTest();
    for (const place of places) {
      const answer = await sendRaw(url, get(place, "x-api-key: fx_default_main\r\n"));
      const type = /^content-type: (.*)$/m.exec(headOf(answer))?.[1] ?? "";
      expect(type, place).toMatch(/^application\/(?:problem\+)?(?:json|xml)/);
      if (type.includes("xml")) expect(answer, place).not.toContain(SCRIPT);
      if (!prefixes.some((prefix) => place.startsWith(prefix)))
        expect(headOf(answer), place).toContain("x-content-type-options: nosniff");
    }
  });

  it("is not in the pages of control, whose policy allows only their own scripts", async () => {
    const { url } = await listenForTest();
    for (const page of ["", "docs", "docs?api="]) {
      const response = await fetch(`${url}/_fauxgen/${page}${page.endsWith("=") ? encodeURIComponent(SCRIPT) : ""}`);
      expect(response.headers.get("content-security-policy")).toMatch(/default-src '(?:self|none)'/);
      expect(response.headers.get("content-security-policy")).not.toMatch(/script-src(?! 'self'(?:;|$))|unsafe-eval/);
      expect(await response.text()).not.toContain("alert(1)");
    }
  });

  it("is plain text when control shows requests and generations", async () => {
    const world = await buildAcmeWorld();
    await createGeneration(world, { prompt: `${SCRIPT} fauxgen:label=x` });
    await getAs(world, `/acme/${encodeURIComponent(SCRIPT)}`);
    for (const [path, headers] of [
      ["sandboxes/world/requests", {}],
      ["sandboxes/world/generations", {}],
      ["sandboxes/world/report", {}],
      ["sandboxes/world/report?format=text", { accept: "text/html" }],
      ["requests/unassigned", {}],
    ] as const) {
      const shown = await control(world.app, "GET", path, undefined, { headers });
      expect(shown.status, path).toBe(200);
      expect(shown.headers["content-type"], path).not.toMatch(RUN_BY_BROWSERS);
      expect(shown.headers["x-content-type-options"], path).toBe("nosniff");
    }
  });

  it("in an uploaded page stays in its sandbox", async () => {
    const world = await buildAcmeWorld();
    const { app } = world;
    const opened = await post(world, "/acme/uploads", { contentType: "video/mp4" });
    const { pathname, search } = new URL(opened.json<{ uploadUrl: string }>().uploadUrl);
    const put = async (contentType: string) =>
      app.inject({
        method: "PUT",
        url: `${pathname}${search}`,
        headers: { "content-type": contentType },
        payload: SCRIPT,
      });
    expect((await put("text/html")).statusCode).toBe(403);
    expect((await put("video/mp4; charset=<script>")).statusCode).toBe(200);
    const { headers } = await app.inject({ method: "GET", url: pathname });
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "content-security-policy": "sandbox" });
  });
});

describe("a line break in a request", () => {
  const INJECTED = "x%0d%0ax-injected:%201%0d%0a%0d%0a";

  it("is in no response header if the URL has it", async () => {
    const { url } = await listenForTest();
    const keys = "x-api-key: fx_default_main\r\nauthorization: Bearer vvx_live_fx_default_main\r\n";
    for (const path of [
      `/v2/generate/${INJECTED}`,
      `/v2/${INJECTED}`,
      `/v2/generations/${INJECTED}/result?token=${INJECTED}&sandbox=${INJECTED}`,
      `/api/v1/generations/${INJECTED}`,
      `/pub/v1/generations/${INJECTED}`,
      `/api/repos/main/${INJECTED}/file/main/${INJECTED}.png`,
      `/_media/default/sync/${INJECTED}.png`,
      `/_media/${INJECTED}/sync/x.png`,
      `/_fauxgen/${INJECTED}`,
      `/_fauxgen/sandboxes/${INJECTED}`,
      `/${INJECTED}`,
    ])
      expect(headOf(await sendRaw(url, get(path, keys))), path).not.toMatch(/^x-injected/m);
  });

  it("is in no response header if a body, a scenario or a label has it", async () => {
    const { app } = await buildTestWorld();
    const text = "x\r\nx-injected: 1";
    for (const vendor of vendors) {
      const { headers } = await app.inject({
        method: "POST",
        url: createOf(vendor).path,
        headers: keyHeaders(vendor, vendor.keyFrom("fx_world_main")),
        payload: { model: text, prompt: `fauxgen:fail=${text} fauxgen:label=${text}`, input: [{ type: text }] },
      });
      for (const value of Object.values(headers)) expect(String(value)).not.toMatch(/[\r\n]/);
    }
  });
});

describe("a path traversal", () => {
  const TRAVERSALS = [
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f%2e%2e%2fpackage.json",
    "%252e%252e%252fpackage.json",
    "..%5c..%5cpackage.json",
    "..\\..\\package.json",
    "....//....//package.json",
    "%00",
    "package.json%00.png",
    "%c0%ae%c0%ae%c0%afpackage.json",
    "/etc/passwd",
    "file:///etc/passwd",
    "__proto__",
    "constructor",
  ];

  it("finds no file, even if the socket sends the path unchanged", async () => {
    const { url } = await listenForTest();
    for (const below of [
      "/_media/",
      "/_media/default/",
      "/_media/default/uploads/",
      "/_media/default/sync/",
      "/_media/default/vivix/provider/",
      "/api/repos/main/renders/file/main/",
      "/_fauxgen/docs/assets/",
      "/_fauxgen/openapi/",
      "/_fauxgen/schemas/",
    ])
      for (const path of TRAVERSALS) {
        const answer = await sendRaw(url, get(`${below}${path}`));
        expect(answer, `${below}${path}`).toMatch(/^HTTP\/1\.1 40[04] /);
        expect(answer, `${below}${path}`).not.toMatch(/root:|"devDependencies"/);
      }
  });
});
