/** Attacks the board in real Chromium: long and reversed texts, names that no sandbox has, lists that grow while read. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectFauxgen, type Fauxgen } from "../../src/index.ts";
import { launchChromium, openPage, PUBLIC_NAME, shows } from "../support/browser.ts";
import { listenForTest } from "../support/server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

async function openBoard(place: string, options: Parameters<Fauxgen["sandbox"]>[1] = {}) {
  const { url } = await listenForTest();
  const fauxgen = await connectFauxgen(url);
  const opened = await openPage(browser, `${url}/_fauxgen/board/${place}`);
  return { ...opened, url, sandbox: await fauxgen.sandbox("default", options) };
}

/** Returns the label of the row of the timeline that is at the top of what is seen. */
const topLabel = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { left, top } = document.querySelector(".scroller").getBoundingClientRect();
    return document.elementFromPoint(left + 40, top + 60).closest(".timeline-row").querySelector("strong").textContent;
  })()`);

/** Expects that buttons lie wholly between the left and the right edge of what is seen. */
async function expectInView(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const button = page.getByRole("button", { name, exact: true });
    await button.waitFor();
    const box = await button.boundingBox();
    expect(box?.x, name).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  }
}

describe("hostile texts", () => {
  const word = "Donaudampfschifffahrt".repeat(12);

  it("of any length stay inside their cards at 360, 1,280 and 2,560 px", async () => {
    const { page, errors, sandbox } = await openBoard("default/media", { timing: "instant" });
    for (const label of [word, "plain"]) await sandbox.generations.create({ vendor: "vivix", label });
    await expect.poll(() => page.locator(".media-card img").count()).toBe(2);
    for (const width of [360, 1280, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate(
        "[...document.querySelectorAll('.page, .media-card')].filter((each) => each.scrollWidth > each.clientWidth).length",
      );
      expect(wide, `${width} px`).toBe(0);
    }
    expect(errors).toEqual([]);
  });

  it("that turn the direction of writing are shown as escapes in labels and bodies", async () => {
    const { page, errors, sandbox, url } = await openBoard("default/timeline");
    const label = "photo\u202egpj.exe";
    await sandbox.generations.create({ vendor: "vivix", label });
    await shows(page, ".timeline-row strong", "photo\\u202egpj.exe");
    await page.locator(".timeline-row").click();
    await shows(page, ".pane h2", "photo\\u202egpj.exe");
    await fetch(`${url}/api/v1/generate`, {
      method: "POST",
      headers: { authorization: `Bearer ${sandbox.vivix.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "grok-imagine-image-quality", prompt: label }),
    });
    await page.goto(`${url}/_fauxgen/board/default/journal/1`);
    await shows(page, ".pane .code >> nth=1", "photo\\u202egpj.exe");
    expect(errors).toEqual([]);
  });

  it("in the address that no sandbox can have are refused with the reason, without a clock that moves nothing", async () => {
    const { page, errors } = await openBoard(`${encodeURIComponent("<b>x</b>")}/timeline`);
    await shows(page, ".empty", /No sandbox can be called “<b>x<\/b>”[\s\S]*1 to 40 characters/);
    expect(await page.locator(".clock").count()).toBe(0);
    await page.getByRole("link", { name: "Show the sandboxes" }).click();
    await shows(page, "table", "default");
    expect(errors).toEqual([]);
  });
});

describe("a page of 360 px", () => {
  it("has the links to all screens in view", async () => {
    const { page, errors } = await openBoard("default/conduct");
    await page.setViewportSize({ width: 360, height: 700 });
    const links = page.getByRole("navigation").getByRole("link");
    await expect.poll(() => links.count()).toBe(11);
    for (const link of await links.all()) {
      const box = await link.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    }
    expect(errors).toEqual([]);
  });

  it("shows the actions on sandboxes and on held requests without scrolling sideways", async () => {
    const { page, errors, url, sandbox } = await openBoard("default/held", { clock: { mode: "frozen" } });
    await page.setViewportSize({ width: 360, height: 740 });
    const { id } = await sandbox.generations.create({ vendor: "sync" });
    const waiting = fetch(`${sandbox.sync.baseUrl}/v2/generate/${id}?wait=true`, {
      headers: { "x-api-key": sandbox.sync.apiKey },
    });
    await expectInView(page, ["Advance to its release", "Finish it"]);
    await page.getByRole("button", { name: "Finish it" }).click();
    expect((await waiting).status).toBe(200);
    await page.goto(`${url}/_fauxgen/board/`);
    await expectInView(page, ["Save as bundle", "Reset", "Delete"]);
    expect(errors).toEqual([]);
  });
});

describe("a list that grows while it is read", () => {
  it("keeps the rows in view where they are, and shows the newest at its top", async () => {
    const { page, errors, sandbox } = await openBoard("default/timeline");
    for (let made = 0; made < 60; made += 1) await sandbox.generations.create({ vendor: "oxen", label: `old${made}` });
    const first = page.locator(".timeline-row strong").first();
    await expect.poll(() => first.innerText()).toBe("old59");
    await page.evaluate("document.querySelector('.scroller').scrollTop = 880");
    await expect.poll(() => topLabel(page)).toBe("old38");
    for (let made = 0; made < 30; made += 1) await sandbox.generations.create({ vendor: "oxen", label: `new${made}` });
    await shows(page, ".axis-name", "90 generations");
    await expect.poll(() => topLabel(page)).toBe("old38");
    await page.evaluate("document.querySelector('.scroller').scrollTop = 0");
    await expect.poll(() => first.innerText()).toBe("new29");
    await sandbox.generations.create({ vendor: "oxen", label: "newest" });
    await expect.poll(() => first.innerText()).toBe("newest");
    expect(errors).toEqual([]);
  });

  it("tells how many requests its search finds, beside how many there are", async () => {
    const { page, errors, url, sandbox } = await openBoard("default/journal");
    const headers = { authorization: `Bearer ${sandbox.vivix.apiKey}` };
    for (const path of ["generate/a", "generate/b", "generatte"]) await fetch(`${url}/api/v1/${path}`, { headers });
    await shows(page, ".tally", /^3 requests$/);
    await page.getByLabel("Search the journal").fill("generatte");
    await shows(page, ".tally", /^1 of 3 requests$/);
    expect(errors).toEqual([]);
  });
});

describe("steady traffic", () => {
  it("does not keep the hits of rules from being shown, though control is slow", async () => {
    const { page, errors, url, sandbox } = await openBoard("default/rules");
    await sandbox.rules.add({ when: { vendor: "vivix" }, fault: { rateLimit: true } });
    await shows(page, ".card .hits", "0 hits");
    // Longer than the page collects events, so that a further hit comes before each answer.
    await page.route("**/rules", async (route) => {
      const answer = await route.fetch();
      await page.waitForTimeout(400);
      await route.fulfill({ response: answer });
    });
    const headers = { authorization: `Bearer ${sandbox.vivix.apiKey}` };
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) await fetch(`${url}/api/v1/generate/x`, { headers });
    })();
    await shows(page, ".card .hits", /[1-9]\d* hits?/);
    isOver = true;
    await traffic;
    await page.unrouteAll({ behavior: "wait" });
    expect(errors).toEqual([]);
  });
});

describe("the focus", () => {
  it("goes back to the row that opened a pane when Escape or the button closes it", async () => {
    const { page, errors, sandbox } = await openBoard("default/timeline");
    for (const label of ["older", "newer"]) await sandbox.generations.create({ vendor: "vivix", label });
    const rows = page.locator(".timeline-row");
    await expect.poll(() => rows.count()).toBe(2);
    const focused = () => page.evaluate("document.activeElement.querySelector('strong')?.textContent");
    await rows.nth(1).focus();
    await page.keyboard.press("Enter");
    await shows(page, ".pane h2", "older");
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("older");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await shows(page, ".pane h2", "newer");
    await page.getByRole("button", { name: "Close" }).click();
    await expect.poll(focused).toBe("newer");
    expect(errors).toEqual([]);
  });

  it("goes to the content when the pane was opened by its address", async () => {
    const { page, errors, sandbox } = await openBoard("default/timeline");
    const { id } = await sandbox.generations.create({ vendor: "vivix" });
    await page.goto(`${page.url()}/${id}`);
    await page.locator(".pane h2").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("main");
    expect(errors).toEqual([]);
  });
});

describe("control's access rules, for the board under a public name that leads to this machine,", () => {
  const open = async (settings: Parameters<typeof listenForTest>[0]) => {
    const { url } = await listenForTest(settings);
    return openPage(browser, `${url.replace("127.0.0.1", PUBLIC_NAME)}/_fauxgen/board/default/timeline`);
  };

  it("let nothing through by default, and the page says why and what to do", async () => {
    const { page, errors } = await open({});
    await shows(page, ".log-in", /Host "board\.example\.com:\d+" is not expected here.* --control open/);
    expect(await page.locator(".timeline-row, .welcome, .clock-levers").count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it("let the page work with --public-url", async () => {
    const { page, errors } = await open({ publicUrl: `http://${PUBLIC_NAME}` });
    await page.getByRole("button", { name: "Send one to each vendor" }).click();
    await expect.poll(() => page.locator(".timeline-row").count()).toBe(4);
    expect(errors).toEqual([]);
  });

  it("let the page steer with --control open, while vendors refuse its requests, and the page says so", async () => {
    const { page, errors } = await open({ control: "open" });
    await page.getByRole("button", { name: "Send one to each vendor" }).click();
    await shows(page, ".notices", /4 requests refused[\s\S]*sync answered 401\. HOST_NOT_ALLOWED/);
    await page.getByRole("button", { name: "Freeze" }).click();
    await shows(page, ".clock-mode", "frozen");
    await page.getByRole("navigation").getByRole("link", { name: "Journal" }).click();
    await page.locator(".journal-row").first().click();
    await shows(page, ".pane", "HOST_NOT_ALLOWED");
    expect(errors).toEqual([]);
  });
});
