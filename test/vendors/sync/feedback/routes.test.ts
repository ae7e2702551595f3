/** Tests the reports that clients send to sync. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";
import { idOf, post } from "../../../support/sync.ts";

const report = { kind: "bug", message: "The video is upside down." };

describe("POST /v2/feedback", () => {
  it("each report gets a receipt of its own", async () => {
    const world = await buildTestWorld();
    const [first, second] = [await post(world, "/v2/feedback", report), await post(world, "/v2/feedback", report)];
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(idOf(first)).not.toBe(idOf(second));
  });

  it.each([
    ["an unknown kind", { ...report, kind: "praise" }, "kind must be one of"],
    ["no message", { kind: "bug" }, "message"],
    ["an unknown severity", { ...report, severity: "huge" }, "severity must be one of"],
    ["unknown fields", { ...report, screenshot: "x", mood: 1 }, "property screenshot,mood should not exist"],
  ])("%s is refused", async (_what, body, message) => {
    const world = await buildTestWorld();
    const response = await post(world, "/v2/feedback", body);
    expect(response.statusCode).toBe(400);
    expect(response.json<{ message: string[] }>().message.join()).toContain(message);
  });

  it("a user may send 30 reports a minute, and each user is counted apart", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings({ limits: "enforced" });
    const send = async (account: string) => (await post(world, "/v2/feedback", report, { account })).statusCode;
    for (let sent = 0; sent < 30; sent += 1) expect(await send("main")).toBe(201);
    expect(await send("main")).toBe(429);
    expect(await send("main_colleague")).toBe(201);
    await world.advance("1m");
    expect(await send("main")).toBe(201);
  });
});
