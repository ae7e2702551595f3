/** Tests that no secret of a URL is shown, wherever a client or a test puts the URL, and that a bundle can keep it. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, createGeneration, get, picture, post } from "../support/acme.ts";
import { control } from "../support/control.ts";

const PASSWORD = "hunter2-hunter2-hunter2";
const TOKEN = "t0k3n-0123456789-abcdef";

/** A receiver with a secret in every place of its URL that is recognised. */
const RECEIVER = `http://us:${PASSWORD}@127.0.0.1:9/in?token=${TOKEN}&X-Amz-Signature=${TOKEN}&key=${TOKEN}#access_token=${TOKEN}`;

async function buildWorld() {
  const world = await buildAcmeWorld();
  const { app, sandbox } = world;
  const path = `sandboxes/${sandbox.name}`;
  await control(app, "PUT", path, { webhooks: { mode: "collect" }, clock: { mode: "frozen" } });
  await control(app, "POST", `${path}/webhooks/endpoints`, { vendor: "acme", url: RECEIVER });
  await createGeneration(world, { ...picture, webhook: RECEIVER });
  await control(app, "POST", `${path}/clock/advance`, { by: "1h" });
  await post(world, "/acme/jobs", { prompt: 5, webhook: RECEIVER }, {});
  return { world, app, path };
}

describe("the secrets of a URL", () => {
  it("are in no list, journal, report, event or bundle", async () => {
    const { app, path } = await buildWorld();
    const verified = await control(app, "POST", `${path}/requests/verify`, {
      body: { webhook: `${RECEIVER}x` },
      count: { atLeast: 1 },
    });
    expect(verified.status).toBe(422);
    const shown = [verified.text];
    for (const part of ["/webhooks/deliveries", "/webhooks/endpoints", "/requests", "/report", "/bundle"]) {
      const { status, text } = await control(app, "GET", `${path}${part}`);
      expect([part, status]).toEqual([part, 200]);
      shown.push(text);
    }
    expect(shown.join("\n")).toContain("http://…@127.0.0.1:9/in?token=t0k3…ef");
    for (const text of shown) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(TOKEN);
    }
  });

  it("are kept for the receiver: rules, verifications and a bundle with its secrets find the whole URL", async () => {
    const { app, path } = await buildWorld();
    const verified = await control(app, "POST", `${path}/requests/verify`, {
      body: { webhook: RECEIVER },
      count: { exactly: 2 },
    });
    expect(verified.status).toBe(200);
    const { body } = await control(app, "GET", `${path}/bundle?secrets=include`);
    expect(JSON.stringify(body.tables)).toContain(PASSWORD);
    expect(JSON.stringify(body.journal)).not.toContain(PASSWORD);
    expect((await control(app, "PUT", `${path}/bundle`, body)).status).toBe(200);
    const again = (await control(app, "GET", `${path}/bundle?secrets=include`)).body;
    const told = (text: string) => text.split(TOKEN).length;
    expect(told(JSON.stringify(again.tables))).toBe(told(JSON.stringify(body.tables)));
    const shared = (await control(app, "GET", `${path}/bundle`)).body;
    expect(shared.secrets).toBe("omit");
    expect((await control(app, "PUT", `${path}/bundle`, shared)).status).toBe(200);
  });

  it("are not in a problem or a diagnostic that quotes the URL", async () => {
    const { app, path, world } = await buildWorld();
    const refused = await control(app, "POST", `${path}/webhooks/endpoints`, { vendor: "acme", url: `ftp${RECEIVER}` });
    expect(refused.status).toBe(400);
    expect(refused.text).not.toContain(PASSWORD);
    expect(refused.text).not.toContain(TOKEN);
    const answered = await get(world, `/acme/jobs/none?token=${TOKEN}#key=${TOKEN}`);
    expect(String(answered.headers["x-fauxgen-diagnostic"])).not.toContain(TOKEN);
  });
});
