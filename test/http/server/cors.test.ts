/** Tests CORS over a real socket: a browser's preflights, and the answers that it lets a page read. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import { vendors } from "../../../src/vendors/index.ts";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { listenOn } from "../../support/socket.ts";
import { createGeneration, headersOf, image } from "../../support/vivix.ts";

const ORIGIN = "http://localhost:5173";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface ListeningWorld extends TestWorld {
  readonly origin: string;
  /** Sends a request with headers that `fetch` forbids to set, as a browser does. */
  readonly ask: (method: string, url: string, headers?: Record<string, string>, body?: unknown) => Promise<Answer>;
}

async function listen(): Promise<ListeningWorld> {
  const world = await buildTestWorld();
  const origin = await listenOn(world.app);
  return {
    ...world,
    origin,
    ask: async (method, url, headers = {}, body) =>
      new Promise((resolve, reject) => {
        const sent = body === undefined ? undefined : JSON.stringify(body);
        const type = sent === undefined ? {} : { "content-type": "application/json" };
        const options = { method, agent: false, headers: { origin: ORIGIN, ...type, ...headers } };
        const request = httpRequest(new URL(url, origin), options, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const { statusCode = 0 } = response;
            resolve({ status: statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() });
          });
        });
        request.on("error", reject);
        request.end(sent);
      }),
  };
}

const listed = (value: string | undefined): string[] =>
  (value ?? "").split(",").map((each) => each.trim().toLowerCase());

describe("a page of another origin", () => {
  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "may send requests with a key and any method to $name",
    async ({ vendor }) => {
      const { ask, app, sandbox } = await listen();
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

  it("may submit a generation and read the answer with its documented headers", async () => {
    const { ask } = await listen();
    const created = await ask("POST", "/api/v1/generate", headersOf("world"), image);
    expect(created.status).toBe(201);
    expect(created.headers["access-control-allow-origin"]).toBe(ORIGIN);
    const exposed = listed(created.headers["access-control-expose-headers"]);
    expect(exposed).toEqual(expect.arrayContaining([...vivix.exposedHeaders, "x-fauxgen-scenario"]));
  });

  it("may read the body of a refusal", async () => {
    const { ask } = await listen();
    for (const [url, status] of [
      ["/api/v1/credits", 401],
      ["/api/v1/no/such/route", 404],
    ] as const) {
      const refused = await ask("GET", url);
      expect([url, refused.status, refused.headers["access-control-allow-origin"]]).toEqual([url, status, ORIGIN]);
    }
  });

  it("may show media, fetch byte ranges and read Content-Range", async () => {
    const world = await listen();
    const { ask } = world;
    const id = await createGeneration(world);
    await world.advance("10s");
    const url = `/_media/world/vivix/${id}.jpg`;

    const preflight = await ask("OPTIONS", url, {
      "access-control-request-method": "GET",
      "access-control-request-headers": "range,if-none-match",
    });
    expect(preflight.status).toBe(204);
    expect(listed(preflight.headers["access-control-allow-headers"])).toEqual(["range", "if-none-match"]);

    const part = await ask("GET", url, { range: "bytes=0-9" });
    expect(part.status).toBe(206);
    expect(part.headers["access-control-allow-origin"]).toBe(ORIGIN);
    expect(listed(part.headers["access-control-expose-headers"])).toEqual(
      expect.arrayContaining(["content-range", "content-length", "accept-ranges", "etag"]),
    );
    const missing = await ask("GET", "/_media/world/vivix/nothing.jpg");
    expect([missing.status, missing.headers["access-control-allow-origin"]]).toEqual([404, ORIGIN]);
  });

  it("may not use control", async () => {
    const { ask } = await listen();
    const preflight = await ask("OPTIONS", "/_fauxgen/sandboxes/world", { "access-control-request-method": "DELETE" });
    expect(preflight.status).not.toBe(204);
    for (const answer of [preflight, await ask("GET", "/_fauxgen/sandboxes"), await ask("GET", "/_fauxgen/health")])
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  });
});
