/** Tests that the public routes of vendors need no key. */
import { expect, it } from "vitest";
import { buildTestWorld } from "../support/app.ts";
import { control } from "../support/control.ts";

it.each(["/v2/errors", "/v2/healthcheck", "/api-json", "/api/ai/models"])(
  "a request to the public route %s needs no key, and is not unassigned",
  async (url) => {
    const world = await buildTestWorld();
    expect((await world.app.inject({ method: "GET", url })).statusCode).toBe(200);
    expect((await control(world.app, "GET", "requests/unassigned")).body.items).toEqual([]);
    expect((await control(world.app, "GET", "sandboxes/default/requests")).body.items).toMatchObject([
      { url, status: 200, account: null },
    ]);
  },
);
