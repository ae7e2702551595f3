/** Tests that multipart forms are read completely, limited, and cleaned up after. */
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { acceptForms, FormUnreadable, readForm, type Form, type FormLimits } from "../../../src/http/uploads/forms.ts";
import { registerVendor } from "../../../src/http/request/register-vendor.ts";
import { UploadTooLarge } from "../../../src/http/uploads/receive.ts";
import { buildAcmeApp, headersOf } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { listenOn } from "../../support/socket.ts";
import { until } from "../../support/waiting.ts";

const limits: FormLimits = { fieldBytes: 100, fileBytes: 1_000_000, fields: 5, files: 2, parts: 6 };

interface FormWorld {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly stored: () => number;
  /** The result of each form, in order of arrival. */
  readonly results: (Form | Error)[];
}

/** Starts a listening server with a route that reads a form and returns its contents. */
async function listen(): Promise<FormWorld> {
  const app = await buildAcmeApp();
  const results: (Form | Error)[] = [];
  await registerVendor(app, {
    vendor: { ...acme, prefixes: ["/forms"] },
    routes: async (scope) => {
      acceptForms(scope);
      scope.post("/forms/read", async (request) => {
        try {
          const form = await readForm(request, limits);
          results.push(form);
          const files = form.files.map(async ({ name, fileName, upload }) => {
            const content = await text(upload.open());
            return {
              name,
              fileName,
              contentType: upload.contentType,
              content: content.slice(0, 20),
              size: upload.size,
            };
          });
          return { fields: form.fields, files: await Promise.all(files) };
        } catch (error) {
          results.push(error as Error);
          throw error;
        }
      });
    },
  });
  const origin = await listenOn(app);
  const sandbox = app.httpContext.sandboxes.obtain("world");
  return {
    app,
    url: `${origin}/forms/read`,
    stored: () => sandbox.store.uploads.bytesIn(sandbox.rowId),
    results,
  };
}

const headers = headersOf("world");

const send = (url: string, parts: readonly (readonly [string, string | Blob, string?])[]): Promise<Response> => {
  const body = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, value, fileName);
  }
  return fetch(url, { method: "POST", headers, body });
};

describe("a form", () => {
  it("is read with all its fields and files, repeated names included", async () => {
    const { url } = await listen();
    const response = await send(url, [
      ["input", '{"type":"video"}'],
      ["video", new Blob(["moving"], { type: "video/mp4" }), "../../etc/speaker.mp4"],
      ["input", '{"type":"audio"}'],
      ["audio", new Blob(["a".repeat(700_000)], { type: "audio/wav" }), "voice.wav"],
    ]);
    expect(await response.json()).toEqual({
      fields: [
        { name: "input", value: '{"type":"video"}' },
        { name: "input", value: '{"type":"audio"}' },
      ],
      files: [
        { name: "video", fileName: "speaker.mp4", contentType: "video/mp4", content: "moving", size: 6 },
        { name: "audio", fileName: "voice.wav", contentType: "audio/wav", content: "a".repeat(20), size: 700_000 },
      ],
    });
  });

  it("gets the vendor's 413 if a field, a file or the number of parts is over the limit", async () => {
    const { url, stored, results } = await listen();
    const large = new Blob(["x".repeat(1_000_001)]);
    const small = new Blob(["x"]);
    for (const parts of [
      [["field", "x".repeat(101)]],
      [
        ["first", small, "a"],
        ["second", large, "b"],
      ],
      [
        ["first", small, "a"],
        ["second", small, "b"],
        ["third", small, "c"],
      ],
      Array.from({ length: 6 }, (_, index) => [`field${index}`, "x"] as const),
    ] as const) {
      const response = await send(url, parts);
      expect([response.status, await response.json()]).toMatchObject([413, { code: "too_large" }]);
    }
    expect(results.every((result) => result instanceof UploadTooLarge)).toBe(true);
    await until(() => stored() === 0);
  });

  it("gets the vendor's refusal of a content type without a boundary, with a diagnostic that says so", async () => {
    const { url, stored } = await listen();
    const sent = { method: "POST", headers: { ...headers, "content-type": "multipart/form-data" }, body: "x" };
    const response = await fetch(url, sent);
    expect(response.status).toBe(415);
    expect(response.headers.get("x-fauxgen-diagnostic")).toBe(
      'BODY_NOT_READ: content-type is "multipart/form-data", without the boundary of the form; let the HTTP client set this header.',
    );
    expect(stored()).toBe(0);
  });

  it("gets the vendor's malformed-body error with an incomplete part", async () => {
    const { url, stored, results } = await listen();
    for (const [type, body] of [
      [
        "multipart/form-data; boundary=b",
        '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nno end of it',
      ],
    ] as const) {
      const response = await fetch(url, { method: "POST", headers: { ...headers, "content-type": type }, body });
      expect(response.status).toBe(400);
    }
    expect(results.every((result) => result instanceof FormUnreadable)).toBe(true);
    expect(stored()).toBe(0);
  });

  it("leaves no upload behind if its client disconnects", async () => {
    const { url, stored, results } = await listen();
    const sent = httpRequest(url, {
      method: "POST",
      headers: { ...headers, "content-type": "multipart/form-data; boundary=b" },
    });
    sent.on("error", () => undefined);
    sent.write('--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n');
    sent.write("x".repeat(600_000));
    await until(() => stored() > 0);
    sent.destroy();
    await until(() => results.length > 0);
    expect(stored()).toBe(0);
  });

  it("does not delay the closing of the server", async () => {
    const { app, url, stored } = await listen();
    const sent = httpRequest(url, {
      method: "POST",
      headers: { ...headers, "content-type": "multipart/form-data; boundary=b" },
    });
    const closed = new Promise((resolve) => sent.on("close", resolve).on("error", () => undefined));
    sent.write('--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n');
    sent.write("x".repeat(600_000));
    await until(() => stored() > 0);
    await app.close();
    await closed;
    expect(app.server.listening).toBe(false);
  });
});
