/** The recipe of docs/contributing.md, followed: a vendor that nothing in `src` has heard of works beside the others. */
import { expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { buildTestApp } from "../support/app.ts";
import { advance } from "../../src/engine/sandbox/advance.ts";
import { acme } from "./acme/index.ts";

it("gets sandboxes, scenarios, held requests, media, its own errors and a document by being in the list", async () => {
  const app = await buildTestApp({}, [...vendors, acme]);
  const sandbox = app.httpContext.sandboxes.obtain("fifth");
  sandbox.clock.freeze();
  sandbox.steering.publish();
  const headers = { "x-acme-key": "fx_fifth_main" };
  const draw = (prompt: string) =>
    app.inject({ method: "POST", url: "/acme/v1/pictures", headers, payload: { prompt } });

  const created = await draw("a hat");
  expect([created.statusCode, created.json()]).toEqual([201, { id: expect.any(String), state: "waiting" }]);
  const url = `/acme/v1/pictures/${created.json<{ id: string }>().id}`;
  const waiting = app.inject({ method: "GET", url: `${url}?wait=true`, headers });
  await new Promise<void>((resolve) => {
    const stop = sandbox.events.follow(() => {
      stop();
      resolve();
    });
  });
  await advance(sandbox, (now) => now + 5000);
  const done = (await waiting).json<{ state: string; url: string }>();
  expect(done.state).toBe("done");
  const picture = await app.inject({ method: "GET", url: new URL(done.url).pathname });
  expect([picture.statusCode, picture.headers["content-type"]]).toEqual([200, "image/png"]);

  const failing = await draw("fauxgen:fail=ink a hat");
  await advance(sandbox, (now) => now + 5000);
  const broken = await app.inject({
    method: "GET",
    url: `/acme/v1/pictures/${failing.json<{ id: string }>().id}`,
    headers,
  });
  expect(broken.json()).toMatchObject({ state: "broken" });

  expect((await app.inject({ method: "GET", url, headers: { "x-acme-key": "fx_fifth_other" } })).statusCode).toBe(404);
  expect((await app.inject({ method: "GET", url })).json()).toEqual({ code: "bad_key" });
  expect((await app.inject({ method: "GET", url: "/acme/v1/nowhere", headers })).json()).toEqual({
    code: "no_such_route",
  });
  expect((await app.inject({ method: "POST", url: "/acme/v1/pictures", headers, payload: {} })).json()).toEqual({
    code: "bad_request",
  });
  expect((await app.inject({ method: "GET", url: "/_fauxgen/openapi/acme.json" })).json()).toMatchObject({
    paths: { "/acme/v1/pictures": { post: expect.any(Object) } },
  });
});
