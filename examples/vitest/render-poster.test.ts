import { describe, expect } from "vitest";
import { test } from "fauxgen/vitest";
import { renderPoster } from "./render-poster.js";

test("returns the URL of a picture when the render has completed", async ({ sandbox, settled }) => {
  await sandbox.clock.freeze();
  const poster = renderPoster("a lighthouse", sandbox.vivix);
  const { phase } = await sandbox.generations.next({ vendor: "vivix" });
  expect(phase).toBe("queued");
  await sandbox.clock.advance("1m"); // the test does not wait in real time
  const picture = await fetch(await poster);
  expect(picture.headers.get("content-type")).toMatch(/^image\//);
  await settled();
});

describe("with renders that take no time", () => {
  test.override({ sandboxSettings: { timing: "instant" } });

  test("tells the user that a render failed, and does not pay for another", async ({ sandbox, settled }) => {
    await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "fail", times: 1 });
    await expect(renderPoster("a lighthouse", sandbox.vivix)).rejects.toThrow("could not be rendered");
    await sandbox.requests.verify({ vendor: "vivix", operation: "createGeneration", count: { exactly: 1 } });
    await settled();
  });

  test("tells the user that the credits are used up", async ({ sandbox }) => {
    const { baseUrl } = sandbox.vivix;
    const apiKey = `vvx_live_fx_${sandbox.name}_broke`; // an account without credits that every sandbox has
    await expect(renderPoster("a lighthouse", { baseUrl, apiKey })).rejects.toThrow("credits");
  });

  test("survives a connection that breaks while it polls", async ({ sandbox, settled }) => {
    await sandbox.rules.add({ when: { operation: "getGeneration" }, fault: "CONNECTION_RESET_BY_PEER", times: 1 });
    await expect(renderPoster("a lighthouse", sandbox.vivix)).resolves.toMatch(/^http/);
    await settled();
  });
});
