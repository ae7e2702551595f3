/** Requests that arrive while the server stops get their own answers, in the vendor's words. */
import { describe, expect, it } from "vitest";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestWorld, keyHeaders } from "../../support/app.ts";
import { openRaw, statusesOf } from "../../support/raw.ts";
import { listenOn } from "../../support/socket.ts";
import { createGeneration, lipsync } from "../../support/sync.ts";

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

  it("is not held, because nothing would release it", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, lipsync);
    const origin = await listenOn(world.app);
    const key = head({ "x-api-key": "fx_world_main" });
    const { socket, received, closed } = await openRaw(
      origin,
      `GET /v2/generate/${id} HTTP/1.1\r\n${key}\r\nGET /v2/generate/${id}?wait=true HTTP/1.1\r\n${key}`,
    );
    await new Promise<void>((resolve) => {
      socket.on("data", () => {
        if (statusesOf(received()).length > 0) resolve();
      });
    });
    const stopped = world.app.close();
    socket.write("\r\n");
    expect(statusesOf(await closed)).toEqual([200, 200]);
    await stopped;
  });
});

/** Returns the keys of the JSON body of a response. */
function bodyKeys(response = ""): string[] {
  return Object.keys(JSON.parse(response.slice(response.indexOf("\r\n\r\n"))) as object);
}
