/** Tests requests that arrive while the server stops. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, createGeneration } from "../../support/acme.ts";
import { openRaw, statusesOf } from "../../support/raw.ts";
import { listenOn } from "../../support/socket.ts";

describe("a request that arrives while the server stops", () => {
  it("is not held, because nothing would release it", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const origin = await listenOn(world.app);
    const key = "host: localhost\r\nauthorization: Bearer acme_fx_world_main\r\n";
    const { socket, received, closed } = await openRaw(
      origin,
      `GET /acme/jobs/${id} HTTP/1.1\r\n${key}\r\nGET /acme/jobs/${id}?wait=true HTTP/1.1\r\n${key}`,
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
