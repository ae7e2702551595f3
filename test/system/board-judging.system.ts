/** Drives the board's screens of conduct and coverage in real Chromium. */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectFauxgen } from "../../src/index.ts";
import { launchChromium, openPage, shows } from "../support/browser.ts";
import { listenForTest } from "../support/server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

const EVIL = "<img src=x onerror=alert(1)>";

async function openBoard(screen: string) {
  const { url } = await listenForTest();
  const fauxgen = await connectFauxgen(url);
  const sandbox = await fauxgen.sandbox("default", { timing: "instant" });
  const { baseUrl, apiKey } = sandbox.vivix;
  const ask = async (path: string, options: RequestInit = {}): Promise<void> => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    await (await fetch(`${baseUrl}${path}`, { headers, ...options })).text();
  };
  const opened = await openPage(browser, `${url}/_fauxgen/board/default/${screen}`);
  return { ...opened, url, fauxgen, sandbox, ask };
}

/** Creates with a field that vivix does not document, so that a client-chosen text is in a finding. */
const createWith = (field: string): RequestInit => ({
  method: "POST",
  body: JSON.stringify({ model: "grok-imagine-image-quality", prompt: "a lighthouse", [field]: true }),
});

/** Expects no serious violation of accessibility, in light and dark. */
async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    // Without motion, no colour is on its way from one scheme to the other.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<{
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    }>("axe.run(document, { resultTypes: ['violations'] })");
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(
      serious.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
    ).toEqual([]);
  }
}

describe("the screen of conduct", () => {
  it("shows findings as they come, with why, the fix and links to the evidence", async () => {
    const { page, errors, ask } = await openBoard("conduct");
    await shows(page, ".empty h2", "No findings about the conduct of the clients");
    await ask("/api/v1/nothing");
    await shows(page, ".cards", "undocumented-path");
    await page.getByRole("button", { name: "Why, and the evidence of undocumented-path" }).click();
    await shows(page, ".facts", "Compare the path with the vendor's reference.");
    await page.getByRole("list", { name: "What it rests on" }).getByRole("link").first().click();
    await expect.poll(() => page.url()).toMatch(/\/default\/journal\/\d+$/);
    await page.locator(".pane").waitFor();
    expect(errors).toEqual([]);
  });

  it("has an address for each finding, which opens it, and works by keyboard", async () => {
    const { page, errors, ask, url } = await openBoard("timeline");
    await ask("/api/v1/nothing");
    await page.goto(`${url}/_fauxgen/board/default/conduct/undocumented-path`);
    await shows(page, ".card.named .facts", "Fix");
    const button = page.getByRole("button", { name: "Why, and the evidence of undocumented-path" });
    await button.focus();
    await page.keyboard.press("Enter");
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    await page.getByRole("navigation").getByRole("link", { name: "Coverage" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toMatch(/\/default\/coverage$/);
    expect(errors).toEqual([]);
  });

  it("shows what a client sent as text, whatever it contains", async () => {
    const { page, errors, ask } = await openBoard("conduct");
    await ask("/api/v1/generate", createWith(EVIL));
    await ask(`/api/v1/${encodeURIComponent(EVIL)}`);
    await shows(page, ".cards", EVIL);
    for (const button of await page.getByRole("button", { name: /^Why/ }).all()) await button.click();
    expect(await page.locator(".cards img").count()).toBe(0);
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });
});

describe("the screen of coverage", () => {
  it("grows with the answers that clients get, and says what provokes the missing ones", async () => {
    const { page, errors, ask } = await openBoard("coverage");
    await shows(page, ".empty h2", "No operation was used");
    await ask("/api/v1/credits");
    await shows(page, ".cards", /getCredits\s*16\.6 %\s*1 of 6, 1 answer/);
    await page.getByRole("button", { name: "Answers of vivix getCredits" }).click();
    await shows(page, ".answers", /missing\s+401\s+UNAUTHORIZED\s+doc\s+GET \/api\/v1\/credits without a key/);
    const rows = page.locator(".answers tbody tr");
    expect(await rows.count()).toBe(6);
    await page.getByLabel("Only missing answers").check();
    await expect.poll(() => rows.count()).toBe(5);
    await page.getByText("operations that no client used").click();
    await shows(page, "details", /vivix\s*createGeneration/);
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });

  it("shows the whole server with deleted sandboxes, and begins anew", async () => {
    const { page, errors, ask, fauxgen } = await openBoard("coverage");
    const other = await fauxgen.sandbox("other");
    await fetch(`${other.sync.baseUrl}/v2/models`, { headers: { "x-api-key": other.sync.apiKey } });
    await other.dispose();
    await ask("/api/v1/credits");
    await shows(page, ".cards", "getCredits");
    expect(await page.locator(".cards > li").count()).toBe(1);
    await page.getByLabel("All sandboxes, also deleted ones").check();
    await shows(page, ".cards", "listModels");
    await page.getByRole("button", { name: "Begin anew" }).click();
    await shows(page, ".empty h2", "No operation was used");
    expect((await fauxgen.coverage()).answers).toBe(0);
    expect(errors).toEqual([]);
  });

  it("has an address for each operation, which opens it, and fits into 360 px", async () => {
    const { page, errors, ask, url } = await openBoard("timeline");
    await ask("/api/v1/credits");
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${url}/_fauxgen/board/default/coverage/vivix.getCredits`);
    await shows(page, ".card.named .answers", "KEY_REVOKED");
    const wide = await page.evaluate(
      "[...document.querySelectorAll('.page, .card')].filter((each) => each.scrollWidth > each.clientWidth).length",
    );
    expect(wide).toBe(0);
    expect(errors).toEqual([]);
  });
});
