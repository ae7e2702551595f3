/** Tests what the server does the same for every vendor: body limits, pages, closing, OpenAPI documents. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { MOST_JSON_LEVELS } from "../../../src/http/server/json-bodies.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestWorld, keyHeaders } from "../../support/app.ts";
import { generatedFiles } from "../../support/generated-files.ts";
import { listenToPages } from "../../support/page.ts";
import { createOf } from "../../support/provoke.ts";
import { openRaw, statusesOf } from "../../support/raw.ts";
import { listenOn } from "../../support/socket.ts";

const creating = vendors.map((vendor) => ({ vendor, name: vendor.name, url: createOf(vendor).path }));

/** Returns a JSON body of exactly this many bytes. */
const bodyOf = (bytes: number): string => `{"x":"${"y".repeat(bytes - 8)}"}`;

const ORIGIN = "http://localhost:5173";

const listed = (value: string | undefined): string[] =>
  (value ?? "").split(",").map((each) => each.trim().toLowerCase());

const rebound = { host: "evil.example.com:4600", origin: "http://evil.example.com:4600" };

const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("a deeply nested body", () => {
  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "gets $name's malformed-body error with more nesting levels than allowed",
    async ({ vendor }) => {
      const world = await buildTestWorld();
      const { path: url } = createOf(vendor);
      const send = async (payload: string) =>
        world.app.inject({
          method: "POST",
          url,
          headers: { "content-type": "application/json", ...keyHeaders(vendor, vendor.keyFrom("fx_world_main")) },
          payload,
        });
      const malformed = vendor.errors.malformedBody();
      for (const levels of [MOST_JSON_LEVELS + 1, 50_000]) {
        const refused = await send(nested(levels));
        expect(refused.statusCode).toBe(malformed.status);
        expect(refused.json()).toMatchObject(malformed.body as object);
        expect(refused.headers["x-fauxgen-diagnostic"]).toContain("levels deep");
      }
      // At the deepest allowed level, the body is refused because it is a list.
      const read = await send(nested(MOST_JSON_LEVELS));
      expect(read.headers["x-fauxgen-diagnostic"]).not.toContain("levels deep");
    },
  );
});

describe("--max-body-bytes", () => {
  it.each(creating)("limits the bodies that $name reads, and can only lower its own limit", async ({ vendor, url }) => {
    const world = await buildTestWorld({ maxBodyBytes: 2000 });
    const send = async (bytes: number) =>
      world.send(vendor, "main", {
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: bodyOf(bytes),
      });
    expect((await send(2000)).statusCode).not.toBe(413);
    const refused = await send(2001);
    const { status, body } = vendor.errors.bodyTooLarge();
    expect(refused.statusCode).toBe(status);
    expect(refused.json()).toMatchObject(body as object);
  });
});

it("every vendor reads a body of its own limit, and refuses one byte more", async () => {
  const world = await buildTestWorld();
  for (const vendor of vendors.filter(({ bodyLimit }) => bodyLimit <= 1024 * 1024)) {
    const { path: url } = createOf(vendor);
    const send = async (bytes: number) =>
      world.send(vendor, "main", {
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: bodyOf(bytes),
      });
    expect((await send(vendor.bodyLimit)).statusCode).not.toBe(413);
    expect((await send(vendor.bodyLimit + 1)).statusCode).toBe(vendor.errors.bodyTooLarge().status);
  }
});

describe("a page of another origin", () => {
  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "may send requests with a key and any method to $name",
    async ({ vendor }) => {
      const { ask, app, sandbox } = await listenToPages(await buildTestWorld(), { origin: ORIGIN });
      const [keyHeader = ""] = vendor.keyHeaders;
      for (const prefix of vendor.prefixes) {
        const preflight = await ask("OPTIONS", `${prefix}/anything`, {
          "access-control-request-method": "DELETE",
          "access-control-request-headers": `${keyHeader},content-type,x-fauxgen-scenario`,
        });
        expect(preflight).toMatchObject({ status: 204, body: "" });
        expect(preflight.headers["access-control-allow-origin"]).toBe(ORIGIN);
        expect(listed(preflight.headers.vary)).toContain("origin");
        expect(listed(preflight.headers["access-control-allow-headers"])).toEqual(
          expect.arrayContaining([keyHeader, "content-type", "x-fauxgen-scenario"]),
        );
        expect(listed(preflight.headers["access-control-allow-methods"])).toEqual(
          expect.arrayContaining(["get", "post", "put", "patch", "delete"]),
        );
      }
      const { journals, sandboxes } = app.httpContext;
      const journaled = [sandboxes.default, sandbox].flatMap((each) => journals.of(each).entries());
      expect(journaled).toEqual([]);
    },
  );
});

describe("a page's request to a host that is not the server's own", () => {
  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "is refused by $name in its words",
    async ({ vendor }) => {
      const { ask, app } = await listenToPages(await buildTestWorld());
      const key = keyHeaders(vendor, vendor.keyFrom("fx_world_main"));
      for (const signs of [{ origin: rebound.origin }, { "sec-fetch-site": "same-origin" }, rebound]) {
        const url = `${vendor.prefixes[0] ?? ""}/anything`;
        const refused = await ask("GET", url, { ...key, host: rebound.host, ...signs });
        const words = vendor.errors.unauthorized("unknown");
        expect(refused.status).toBe(words.status);
        expect(Object.keys(JSON.parse(refused.body) as object)).toEqual(
          expect.arrayContaining(Object.keys(words.body as object)),
        );
        expect(refused.headers["x-fauxgen-diagnostic"]).toContain("HOST_NOT_ALLOWED");
      }
      expect(app.httpContext.journals.of(app.httpContext.sandboxes.obtain("world")).entries()).toHaveLength(3);
    },
  );
});

const head = (headers: Readonly<Record<string, string>>): string =>
  Object.entries({ host: "localhost", ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");

describe("a request that arrives while the server stops", () => {
  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "gets $name's own answer, instead of the framework's 503",
    async ({ vendor }) => {
      const { app } = await buildTestWorld();
      const origin = await listenOn(app);
      const key = head(keyHeaders(vendor, vendor.keyFrom("fx_world_main")));
      const path = `${vendor.prefixes[0] ?? ""}/no/such/route`;
      // The first answer shows that the server has also read the unfinished second request.
      const { socket, received, closed } = await openRaw(
        origin,
        `GET ${path} HTTP/1.1\r\n${key}\r\nGET ${path} HTTP/1.1\r\n${key}`,
      );
      await new Promise<void>((resolve) => {
        socket.on("data", () => {
          if (statusesOf(received()).length > 0) resolve();
        });
      });
      const stopped = app.close();
      socket.write("\r\n");
      const [first, second] = (await closed).split(/(?<=\})(?=HTTP\/1\.1 )/);
      await stopped;
      expect(statusesOf(first ?? "")).toEqual([404]);
      expect(statusesOf(second ?? "")).toEqual([404]);
      expect(bodyKeys(second)).toEqual(bodyKeys(first));
    },
  );
});

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

describe.each((await generatedFiles()).filter(([path]) => /^openapi\/[^/]+$/.test(path)))("%s", (_path, content) => {
  const document = JSON.parse(content) as Document;
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

  it("is a valid OpenAPI 3.1 document", async () => {
    const result = await new Validator().validate(JSON.parse(content));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it("has a unique operation id for every operation", () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids).not.toContain(undefined);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

/** Returns the keys of the JSON body of a response. */
function bodyKeys(response = ""): string[] {
  return Object.keys(JSON.parse(response.slice(response.indexOf("\r\n\r\n"))) as object);
}
