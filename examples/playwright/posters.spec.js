import { test as base, expect } from "@playwright/test";
import { connectFauxgen } from "fauxgen";
import { startApp } from "./app.js";

const test = base.extend({
  sandbox: async ({}, use, info) => {
    const fauxgen = await connectFauxgen(process.env.FAUXGEN_URL ?? "http://127.0.0.1:4600");
    const sandbox = await fauxgen.sandbox(`e2e-${info.workerIndex}`);
    await sandbox.reset();
    await sandbox.clock.freeze();
    await use(sandbox);
    if (info.status !== info.expectedStatus) console.log(await sandbox.report());
  },
  page: async ({ page, sandbox }, use) => {
    const app = await startApp(sandbox.vivix);
    await page.goto(app.url);
    await use(page);
    app.close();
  },
});

const order = async (page, prompt) => {
  await page.getByLabel("What shall be drawn?").fill(prompt);
  await page.getByRole("button", { name: "Draw" }).click();
};

test("shows the progress of a poster, and then the poster", async ({ page, sandbox }) => {
  await order(page, "a lighthouse");
  const status = page.getByRole("status");
  await expect(status).toHaveText("Waiting for a free machine…");
  await sandbox.clock.advance("500ms");
  await expect(status).toHaveText("Drawing…");
  await sandbox.clock.advance("1m");
  await expect(status).toHaveText("Here it is.");
  const poster = page.getByRole("img", { name: "a lighthouse" });
  await expect.poll(() => poster.evaluate((image) => image.naturalWidth)).toBeGreaterThan(100);
});

test("says that a poster could not be drawn", async ({ page, sandbox }) => {
  await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "fail" });
  await order(page, "a lighthouse");
  await sandbox.generations.next({ vendor: "vivix" });
  await sandbox.clock.advance("1m");
  await expect(page.getByRole("status")).toHaveText("This could not be drawn.");
  await expect(page.getByRole("img")).toHaveCount(0);
});
