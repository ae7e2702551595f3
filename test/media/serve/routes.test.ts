/** Tests that output URLs serve files as a vendor's file host does. */
import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createWallClock } from "../../../src/engine/base/clock.ts";
import { FixtureUnusable } from "../../../src/fixtures/library.ts";
import { MediaLibrary } from "../../../src/media/serve/library.ts";
import {
  buildAcmeApp,
  buildAcmeWorld,
  createGeneration,
  madeUpVendors,
  picture,
  readGeneration,
} from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { fetchFile } from "../../support/requests.ts";

interface Finished {
  /** Of the first file. */
  readonly url: string;
  readonly urls: readonly string[];
}

/** Creates a generation, waits for its end, and returns the final answer. */
async function finish(world: TestWorld, body?: Readonly<Record<string, unknown>>): Promise<Finished> {
  const id = await createGeneration(world, body);
  await world.advance("10s");
  const { urls } = (await readGeneration(world, id)).json<{ urls: string[] }>();
  return { url: urls[0] ?? "", urls };
}

const journalOf = ({ app, sandbox }: TestWorld) => app.httpContext.journals.of(sandbox).entries();

describe("for an output URL,", () => {
  it("a decodable picture of the requested ratio is served without a key", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world, { ...picture, ratio: "16:9" });
    const response = await fetchFile(world, url);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      "content-type": "image/jpeg",
      "content-length": String(response.rawPayload.length),
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "last-modified": new Date(world.sandbox.clock.now() - 8000).toUTCString(),
    });
    const { width, height, format } = await sharp(response.rawPayload).metadata();
    expect({ ratio: (width / height).toFixed(2), format }).toEqual({ ratio: "1.78", format: "jpeg" });
  });

  it("each output of a generation is served as a different file", async () => {
    const world = await buildAcmeWorld();
    const { urls } = await finish(world, { ...picture, count: 3 });
    const files = await Promise.all(urls.map(async (url) => fetchFile(world, url)));
    expect(files.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(new Set(files.map(({ rawPayload }) => rawPayload.toString("base64"))).size).toBe(3);
  });

  it("another server with the same seed serves the same bytes and tag, and another sandbox does not", async () => {
    const fileOf = async (name: string) => {
      const world = await buildAcmeWorld({}, name);
      const { url } = await finish(world);
      const { rawPayload, headers } = await fetchFile(world, url);
      return { bytes: rawPayload.toString("base64"), etag: headers.etag };
    };
    const first = await fileOf("world");
    expect(await fileOf("world")).toEqual(first);
    const other = await fileOf("other-world");
    expect(other.bytes).not.toBe(first.bytes);
    expect(other.etag).not.toBe(first.etag);
  });

  it("the request is journaled in its sandbox as a download of that generation", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const { rawPayload } = await fetchFile(world, url);
    expect(journalOf(world).at(-1)).toMatchObject({
      operation: "downloadOutput",
      vendor: "acme",
      isAssigned: true,
      state: "answered",
      status: 200,
      responseBytes: rawPayload.length,
      generations: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    });
  });

  it("the Date header shows the sandbox's time", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const { headers } = await fetchFile(world, url);
    expect(headers.date).toBe(new Date(world.sandbox.clock.now()).toUTCString());
  });
});

describe("for HEAD, ranges and conditions,", () => {
  it("HEAD is answered with all headers and no body", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const whole = await fetchFile(world, url);
    const head = await fetchFile(world, url, { method: "HEAD" });
    expect(head.statusCode).toBe(200);
    expect(head.rawPayload).toHaveLength(0);
    for (const name of ["content-type", "content-length", "etag", "last-modified", "accept-ranges"])
      expect(head.headers[name]).toBe(whole.headers[name]);
  });

  it.each([
    ["bytes=0-99", 0, 100],
    ["bytes=100-", 100, undefined],
    ["bytes=-50", -50, undefined],
    ["bytes=0-99999999", 0, undefined],
    ["bytes=-99999999", 0, undefined],
  ])("the range %s is answered with that part", async (range, start, end) => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const whole = (await fetchFile(world, url)).rawPayload;
    const part = await fetchFile(world, url, { headers: { range } });
    const expected = whole.subarray(start, end);
    const first = start < 0 ? whole.length + start : start;
    expect(part.statusCode).toBe(206);
    expect(part.rawPayload.equals(expected)).toBe(true);
    expect(part.headers["content-range"]).toBe(`bytes ${first}-${first + expected.length - 1}/${whole.length}`);
    expect(part.headers["content-length"]).toBe(String(expected.length));
  });

  it("a range beyond the end is answered 416 with the size, and an unsupported range with the whole file", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const whole = await fetchFile(world, url);
    const beyond = await fetchFile(world, url, { headers: { range: "bytes=99999999-" } });
    expect(beyond.statusCode).toBe(416);
    expect(beyond.headers["content-range"]).toBe(`bytes */${whole.rawPayload.length}`);
    const none = await fetchFile(world, url, { headers: { range: "bytes=-0" } });
    expect(none.statusCode).toBe(416);
    for (const range of ["bytes=0-1,5-9", "lines=0-1", "bytes", "bytes=x-y", "bytes=5-2", "bytes=-", "bytes=1-2-3"]) {
      const answer = await fetchFile(world, url, { headers: { range } });
      expect([range, answer.statusCode, answer.rawPayload.length]).toEqual([range, 200, whole.rawPayload.length]);
    }
    expect((await fetchFile(world, url, { method: "HEAD", headers: { range: "bytes=0-1" } })).statusCode).toBe(200);
  });

  it("the conditions of a client that has the file or a part of it are honoured", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const { headers } = await fetchFile(world, url);
    const etag = String(headers.etag);
    const modified = String(headers["last-modified"]);
    const range = { range: "bytes=0-9" };
    const cases: readonly (readonly [Record<string, string>, number])[] = [
      [{ "if-none-match": etag }, 304],
      [{ "if-none-match": `"other", W/${etag}` }, 304],
      [{ "if-none-match": '"other"' }, 200],
      [{ "if-modified-since": modified }, 304],
      [{ "if-modified-since": new Date(0).toUTCString() }, 200],
      [{ "if-match": '"other"' }, 412],
      [{ "if-match": etag }, 200],
      [{ "if-unmodified-since": new Date(0).toUTCString() }, 412],
      [{ "if-unmodified-since": modified }, 200],
      [{ ...range, "if-range": etag }, 206],
      [{ ...range, "if-range": modified }, 206],
      [{ ...range, "if-range": '"other"' }, 200],
      [{ ...range, "if-none-match": etag }, 304],
    ];
    for (const [condition, status] of cases) {
      const { statusCode } = await fetchFile(world, url, { headers: condition });
      expect([condition, statusCode]).toEqual([condition, status]);
    }
    const unchanged = await fetchFile(world, url, { headers: { "if-none-match": etag } });
    expect(unchanged.headers).toMatchObject({ etag, "last-modified": modified });
    expect(unchanged.headers).not.toHaveProperty("content-type");
  });
});

describe("for a URL without a file,", () => {
  it.each([
    ["another extension", (url: string) => url.replace(/\.jpg$/, ".png")],
    ["no extension", (url: string) => url.replace(/\.jpg$/, "")],
    ["an output beyond the last", (url: string) => url.replace(/\.jpg$/, "-1.jpg")],
    ["another vendor", (url: string) => url.replace("/acme/", "/nobody/")],
    ["another sandbox", (url: string) => url.replace("/world/", "/default/")],
    ["a sandbox that does not exist", (url: string) => url.replace("/world/", "/nowhere/")],
    ["a path traversal", (url: string) => url.replace(/[^/]+$/, "..%2f..%2fpackage.json")],
    ["more path behind it", (url: string) => `${url}/more`],
    ["an empty name", (url: string) => url.replace(/[^/]+$/, "")],
  ])("the answer for %s is 404, with the reason in a diagnostic", async (_what, change) => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    const response = await fetchFile(world, change(url));
    expect(response.statusCode).toBe(404);
    expect(response.headers["x-fauxgen-diagnostic"]).toMatch(/^MEDIA_NOT_FOUND: /);
  });

  it("another sandbox's output is 404 under any name", async () => {
    const world = await buildAcmeWorld();
    const { url } = await finish(world);
    world.app.httpContext.sandboxes.obtain("elsewhere");
    expect((await fetchFile(world, url.replace("/world/", "/elsewhere/"))).statusCode).toBe(404);
  });

  it("an output is 404 until it has succeeded", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const url = `http://localhost/_media/world/acme/${id}.jpg`;
    expect((await fetchFile(world, url)).headers["x-fauxgen-diagnostic"]).toContain("is unfinished");
    await world.advance("10s");
    expect((await fetchFile(world, url)).statusCode).toBe(200);
    const failed = await createGeneration(world, { ...picture, prompt: "fauxgen:fail" });
    await world.advance("10s");
    const response = await fetchFile(world, `http://localhost/_media/world/acme/${failed}.jpg`);
    expect([response.statusCode, response.headers["x-fauxgen-diagnostic"]]).toEqual([
      404,
      expect.stringContaining("is failed"),
    ]);
  });

  it("a missing file gets the page of the vendor's file host, or S3's XML if the page is unknown", async () => {
    const world = await buildAcmeWorld();
    const page = await fetchFile(world, "http://localhost/_media/world/acme/x.jpg");
    expect(page.body).toBe("Acme has no such file.");
    expect(page.headers["content-type"]).toBe("text/plain; charset=utf-8");
    const xml = await fetchFile(world, "http://localhost/_media/world/nobody/%3Cx%3E.jpg");
    expect(xml.headers["content-type"]).toBe("application/xml");
    expect(xml.body).toContain("<Code>NoSuchKey</Code>");
    expect(xml.body).toContain("<Key>_media/world/nobody/%3Cx%3E.jpg</Key>");
  });

  it("a request is journaled in the sandbox of its path, or as unassigned for an unknown path", async () => {
    const world = await buildAcmeWorld();
    await fetchFile(world, "http://localhost/_media/world/acme/x.jpg");
    expect(journalOf(world).at(-1)).toMatchObject({ isAssigned: true, status: 404, vendor: "acme" });
    await fetchFile(world, "http://localhost/_media/nowhere/acme/x.jpg");
    const { journals, sandboxes } = world.app.httpContext;
    expect(journals.of(sandboxes.default).entries().at(-1)).toMatchObject({
      isAssigned: false,
      status: 404,
      url: "/_media/nowhere/acme/x.jpg",
      diagnostics: [{ code: "MEDIA_NOT_FOUND" }],
    });
  });
});

describe("for a user's media files,", () => {
  /** The first bytes of every JPEG. */
  const jpg = "\xff\xd8\xff";
  const withMedia = (files: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-media-"));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, "media", path, ".."), { recursive: true });
      writeFileSync(join(folder, "media", path), content, "latin1");
    }
    return folder;
  };

  it("a user's file replaces the rendered one: the model's first, then the vendor's, then the medium's", async () => {
    const served = async (files: Readonly<Record<string, string>>) => {
      const world = await buildAcmeWorld({ fixtures: withMedia(files) });
      const { url } = await finish(world);
      return (await fetchFile(world, url)).rawPayload.toString("latin1");
    };
    const medium = { "image.jpg": `${jpg}any image` };
    const vendor = { ...medium, "acme/image.jpeg": `${jpg}acme image` };
    expect(await served(medium)).toBe(`${jpg}any image`);
    expect(await served(vendor)).toBe(`${jpg}acme image`);
    expect(await served({ ...vendor, ["acme/pen.jpg"]: `${jpg}this model's` })).toBe(`${jpg}this model's`);
  });

  it("a user's file is served in parts and has its own tag", async () => {
    const world = await buildAcmeWorld({ fixtures: withMedia({ "image.jpg": `${jpg}3456789` }) });
    const { url } = await finish(world);
    const part = await fetchFile(world, url, { headers: { range: "bytes=4-6" } });
    expect([part.statusCode, part.body, part.headers["content-range"]]).toEqual([206, "456", "bytes 4-6/10"]);
    expect((await fetchFile(world, url, { headers: { "if-none-match": String(part.headers.etag) } })).statusCode).toBe(
      304,
    );
  });

  it.each([
    ["image.gif", /media files end in png, jpg/],
    ["acne/image.png", /unknown vendor acne; the vendors are/],
    ["lighthouse.png", /name it image, video or audio/],
    ["image.png", /image\.png: its content is not png/],
  ])("the start fails for %s, which can never be served", async (path, message) => {
    const folder = withMedia({ [path]: "" });
    expect(() => new MediaLibrary(folder, madeUpVendors, createWallClock())).toThrow(FixtureUnusable);
    await expect(buildAcmeApp({ fixtures: folder })).rejects.toThrow(message);
  });
});
