/** Drives every screen and action of the board in real Chromium, as a person does. */
import { readFileSync } from "node:fs";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectFauxgen } from "../../src/index.ts";
import { vendors } from "../../src/vendors/index.ts";
import { launchChromium, openPage, shows } from "../support/browser.ts";
import { listenForTest } from "../support/server.ts";
import { startReceiver } from "../support/receiver.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

const names = vendors.map(({ name }) => name);

async function openBoard(path = "/_fauxgen/", settings: Parameters<typeof listenForTest>[0] = {}) {
  const server = await listenForTest(settings);
  const opened = await openPage(browser, `${server.url}${path}`);
  const { controlToken: token } = settings;
  const fauxgen = await connectFauxgen(server.url, typeof token === "string" ? { token } : {});
  return { ...opened, server, fauxgen, url: server.url };
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" });

const goTo = (page: Page, screen: string) => page.getByRole("navigation").getByRole("link", { name: screen }).click();

/** Waits until the page has said this at its corner. */
const says = (page: Page, text: string | RegExp): Promise<void> =>
  expect.poll(() => page.getByRole("status").first().innerText(), { timeout: 10_000 }).toMatch(text);

describe("a first-time viewer", () => {
  it("sends one request to each vendor, sees four bars grow, freezes the clock, jumps to an end, and sees the output", async () => {
    const { page, errors, fauxgen } = await openBoard();
    // Long enough that a busy machine does not miss the growth.
    await fauxgen.sandbox("default", { timing: "realistic" });
    await button(page, "Send one to each vendor").click();
    const rows = page.locator(".timeline-row");
    await expect.poll(() => rows.count()).toBe(names.length);
    for (const name of names) expect(await rows.filter({ hasText: name }).count()).toBe(1);
    await button(page, "Freeze").click();
    await shows(page, ".clock-mode", "frozen");
    const before = await page.locator(".bar .done").first().getAttribute("width");
    expect(Number(before)).toBeGreaterThan(0);
    await button(page, "Next event").click();
    await says(page, /Advanced .*: 1 event fired/);
    await rows.filter({ hasText: "video" }).click();
    await page.getByRole("button", { name: "End of job" }).click();
    await says(page, /Advanced .*: \d+ events? fired[\s\S]*Advanced .* fired/);
    await shows(page, ".pane .phase", "succeeded");
    const video = page.locator(".pane video");
    await video.waitFor();
    await expect
      .poll(() => video.evaluate((element: object) => Reflect.get(element, "readyState")))
      .toBeGreaterThanOrEqual(2);
    await expect
      .poll(() => video.evaluate((element: object) => Reflect.get(element, "currentTime")))
      .toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    await button(page, "+1 min").click();
    await rows.filter({ hasText: "vivix" }).click();
    const picture = page.locator(".pane img");
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((element: object) => Reflect.get(element, "naturalWidth")))
      .toBeGreaterThan(0);
    await button(page, "Resume").click();
    await shows(page, ".clock-mode", "running");
    await page.getByLabel("Rate of the clock").selectOption("60");
    await shows(page, ".clock-mode", "running ×60");
    expect(errors).toEqual([]);
  });

  it("writes a request in the form of each vendor, sends it, and follows it", async () => {
    const { page, errors, fauxgen } = await openBoard("/_fauxgen/board/default/try");
    for (const name of names) {
      await page.getByRole("group", { name: "Vendor" }).getByRole("button", { name }).click();
      await page.locator(".request-line", { hasText: name }).waitFor();
      await button(page, "Send").click();
      await page
        .getByRole("link", { name: /^Follow / })
        .first()
        .waitFor();
    }
    await page
      .getByRole("link", { name: /^Follow / })
      .first()
      .click();
    await expect.poll(() => page.url()).toContain("/default/timeline/");
    await page.locator(".pane").waitFor();
    const sandbox = await fauxgen.existing("default");
    expect((await sandbox.generations.list()).map(({ vendor }) => vendor).sort()).toEqual([...names].sort());
    await page.goBack();
    await page.getByLabel("Body").fill("{");
    expect(await button(page, "Send").isDisabled()).toBe(true);
    await shows(page, "#flaw", "not JSON");
    expect(errors).toEqual([]);
  });
});

describe("the pane of a generation", () => {
  it("holds, releases, finishes, fails, cancels it and sets its progress", async () => {
    const { page, errors, fauxgen } = await openBoard();
    const sandbox = await fauxgen.sandbox("default", { clock: { mode: "frozen" } });
    const make = async () => (await sandbox.generations.create({ vendor: "sync", scenario: "succeed" })).id;
    const open = async (id: string) => {
      await page.goto(`${page.url().split("/_fauxgen")[0] ?? ""}/_fauxgen/board/default/timeline/${id}`);
      await page.locator(".pane .phase").waitFor();
    };
    const steps: [name: string, phase: RegExp][] = [
      ["Finish", /succeeded/],
      ["Fail", /failed/],
      ["Cancel", /cancelled/],
    ];
    for (const [name, phase] of steps) {
      const id = await make();
      await open(id);
      await page.locator(".pane").getByRole("button", { name, exact: true }).click();
      // sync has no cancelled generations, and control says so.
      if (name === "Cancel") await says(page, /cannot show a generation that is cancelled/);
      else await shows(page, ".pane .phase", phase);
    }
    const id = await make();
    await open(id);
    await button(page, "Hold").click();
    await button(page, "Release").click();
    await button(page, "Hold").waitFor();
    await page.getByLabel("Progress in percent").fill("30");
    await button(page, "% done").click();
    await expect.poll(async () => (await sandbox.generations.get(id)).progress).toBe(30);
    await page.getByLabel("Failure code").fill("nonsense");
    await button(page, "Fail").click();
    await says(page, /nonsense/);
    expect(errors).toEqual([]);
  });
});

describe("the journal", () => {
  it("folds polls, searches, explains, and makes a curl command, a rule and a verification of a request", async () => {
    const { page, errors, fauxgen, url } = await openBoard();
    const sandbox = await fauxgen.sandbox("default", { clock: { mode: "frozen" } });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    const { baseUrl, apiKey } = sandbox.vivix;
    const headers = { "x-api-key": apiKey, authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const created = await fetch(`${baseUrl}/api/v1/generate`, {
      method: "POST",
      headers,
      body: JSON.stringify({ model: "grok-imagine-image-quality", prompt: "a lighthouse" }),
    });
    const text = await created.text();
    const { id } = await sandbox.generations.next({ vendor: "vivix" });
    expect(text).toContain(id);
    for (let poll = 0; poll < 69; poll += 1) await fetch(`${baseUrl}/api/v1/generate/${id}`, { headers });
    await fetch(`${baseUrl}/api/v1/generatte`, { method: "POST", headers, body: "{}" });
    await fetch(`${baseUrl}/api/v1/generate`, {
      method: "POST",
      headers: { authorization: "Bearer vvx_live_fx_defalt-x" },
    });
    await fetch(`${baseUrl}/nowhere`);
    await goTo(page, "Journal");
    await page.locator(".times", { hasText: "×69, every" }).waitFor();
    await page.getByLabel("Fold polls").uncheck();
    await shows(page, ".tally", /\d\d requests/);
    await page.getByLabel("Fold polls").check();
    await page.getByLabel("Search the journal").fill("status:4xx generatte");
    await expect.poll(() => page.locator(".journal-row").count()).toBe(1);
    await page.locator(".journal-row").click();
    await shows(page, ".pane", /ROUTE_UNKNOWN[\s\S]*What to do/);
    await shows(page, ".pane", /Nearest route[\s\S]*POST \/api\/v1\/generate/);
    await page.getByLabel("Search the journal").fill("nowhere");
    await page.locator(".journal-row.stray").click();
    await shows(page, ".pane", /No vendor has its path/);
    await page.getByLabel("Search the journal").fill("method:POST status:201");
    await page.locator(".journal-row").click();
    await button(page, "Copy as curl").click();
    await says(page, "Copied the curl command");
    const curl = await page.evaluate("navigator.clipboard.readText()");
    expect(curl).toContain(`${url}/api/v1/generate`);
    expect(curl).toContain("a lighthouse");
    await button(page, "Make a verification").click();
    await button(page, "Check it now").click();
    await shows(page, ".pane .good", "Verified: 1");
    await button(page, "Make a rule").click();
    await shows(page, ".rule-form pre", /"operation": "createGeneration"/);
    await button(page, "Add the rule").click();
    await shows(page, ".card", /vendor: vivix/);
    expect(await sandbox.rules.list()).toMatchObject([{ scenario: "fail", remaining: 1 }]);
    expect(errors).toEqual([]);
  });
});

describe("held requests", () => {
  it("are listed with both clocks, hatch the bar of what they wait for, and are released", async () => {
    const { page, errors, fauxgen } = await openBoard();
    const sandbox = await fauxgen.sandbox("default", { clock: { mode: "frozen" } });
    const { id } = await sandbox.generations.create({ vendor: "sync" });
    const answered = fetch(`${sandbox.sync.baseUrl}/v2/generate/${id}?wait=true`, {
      headers: { "x-api-key": sandbox.sync.apiKey },
    });
    await page.locator(".bar .wait").waitFor();
    await goTo(page, "Held requests");
    await shows(page, "table", /the end of[\s\S]*in 2 s[\s\S]*never, while the clock is frozen/);
    await button(page, "Advance to its release").click();
    expect(await (await answered).json()).toMatchObject({ status: "COMPLETED" });
    await shows(page, ".empty", "No request is held");
    expect(errors).toEqual([]);
  });
});

describe("rules", () => {
  it("are added by one click or from lists, count their hits and near misses, and are removed", async () => {
    const { page, errors, fauxgen } = await openBoard("/_fauxgen/board/default/rules");
    const sandbox = await fauxgen.existing("default");
    await button(page, "Next create fails").click();
    await button(page, "Next read is 429").click();
    await button(page, "Next answer is cut").click();
    await expect.poll(() => page.locator(".card").count()).toBe(3);
    await button(page, "Remove all").click();
    await shows(page, ".empty", "No rule is in force");
    await page.getByRole("link", { name: "New rule" }).click();
    await page.getByLabel("Vendor", { exact: true }).selectOption("vivix");
    await page.getByLabel("Operation", { exact: true }).selectOption("createGeneration");
    await page.getByLabel("Use a", { exact: true }).selectOption("fault");
    await page.getByLabel("Fault", { exact: true }).selectOption("status 503");
    await button(page, "Add the rule").click();
    await shows(page, ".card .hits", "0 hits");
    const send = async (vendor: "sync" | "vivix") => {
      await goTo(page, "Try");
      await page.getByRole("group", { name: "Vendor" }).getByRole("button", { name: vendor }).click();
      await button(page, "Send").click();
      await page.locator(".section .status").waitFor();
    };
    await send("sync");
    await send("vivix");
    await goTo(page, "Rules");
    await shows(page, ".card .hits", /1 hit[\s\S]*used up/);
    await button(page, "Near misses").click();
    await shows(page, ".card .lines", /vendor is "sync"/);
    await page.getByRole("button", { name: /^Remove rule/ }).click();
    await shows(page, ".empty", "No rule is in force");
    expect(await sandbox.rules.list()).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("webhooks", () => {
  it("show attempts, bytes and signatures, are sent again rightly or wrongly, and are collected and let go", async () => {
    const receiver = await startReceiver((response, _webhook, nth) =>
      response.writeHead(nth === 1 ? 500 : 200).end("<b>no</b>"),
    );
    const { page, errors, fauxgen } = await openBoard("/_fauxgen/board/default/webhooks");
    const sandbox = await fauxgen.sandbox("default", { clock: { mode: "frozen" } });
    const create = () =>
      fetch(`${sandbox.sync.baseUrl}/v2/generate`, {
        method: "POST",
        headers: { "x-api-key": sandbox.sync.apiKey, "content-type": "application/json" },
        body: JSON.stringify({
          model: "lipsync-2",
          input: [
            { type: "video", url: "https://media.test/a.mp4" },
            { type: "audio", url: "https://media.test/a.wav" },
          ],
          webhookUrl: receiver.url,
        }),
      });
    await create();
    await sandbox.clock.advance("2s");
    await page.locator(".journal-row").click();
    await shows(page, ".pane", /answered 500[\s\S]*The signature is right/);
    await shows(page, ".pane pre.code >> nth=-1", /POST http/);
    await button(page, "Redeliver").click();
    await receiver.arrived(2);
    await shows(page, ".pane", /2\.[\s\S]*answered 200/);
    await button(page, "Redeliver, another secret").click();
    await receiver.arrived(3);
    await shows(page, ".pane", /The signature is wrong on purpose/);
    const [, right, wrong] = receiver.received;
    expect(wrong?.headers["sync-signature"]).not.toBe(right?.headers["sync-signature"]);
    expect(wrong?.body).toBe(right?.body);
    await page.keyboard.press("Escape");
    await button(page, "Collect them").click();
    await says(page, "Webhooks are collected");
    await create();
    await sandbox.clock.advance("2s");
    await button(page, "Let 1 collected webhook go").click();
    await receiver.arrived(4);
    await shows(page, ".delivery", "delivered");
    expect(errors).toEqual([]);
  });
});

describe("media", () => {
  it("shows outputs and uploads", async () => {
    const { page, errors, fauxgen } = await openBoard("/_fauxgen/board/default/media");
    const sandbox = await fauxgen.sandbox("default", { timing: "instant" });
    await sandbox.generations.create({ vendor: "vivix" });
    await page.locator(".media-card img").waitFor();
    const opened = await fetch(`${sandbox.sync.baseUrl}/v2/assets/upload`, {
      method: "POST",
      headers: { "x-api-key": sandbox.sync.apiKey, "content-type": "application/json" },
      body: JSON.stringify({ fileName: "a.mp4", contentType: "video/mp4", size: 5 }),
    });
    const { uploadUrl } = (await opened.json()) as { uploadUrl: string };
    await fetch(uploadUrl, { method: "PUT", headers: { "content-type": "video/mp4" }, body: "bytes" });
    await shows(page, "table", /video\/mp4[\s\S]*5 B/);
    expect((await sandbox.requests.list()).filter(({ operation }) => operation === "downloadOutput")).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("sandboxes", () => {
  it("are made, reset, deleted, saved and opened, and have a dot for what went wrong", async () => {
    const { page, errors, fauxgen, url } = await openBoard("/_fauxgen/board/");
    await page.getByLabel("Name of the new sandbox").fill("spring");
    await button(page, "New sandbox").click();
    await shows(page, ".welcome", "Nothing has been generated");
    expect(page.url()).toBe(`${url}/_fauxgen/board/spring/timeline`);
    const spring = await fauxgen.existing("spring");
    await spring.generations.create({ vendor: "vivix" });
    await fetch(`${url}/api/v1/generate`, {
      method: "POST",
      headers: { authorization: `Bearer ${spring.vivix.apiKey}` },
    });
    await page.locator(".sandbox-link").click();
    const row = page.locator("tr", { hasText: "spring" });
    await expect.poll(() => row.innerText()).toMatch(/1\s+1\s+0\s+1 request refused/);
    await row.locator(".dot-wrong").waitFor();
    const saved = page.waitForEvent("download");
    await row.getByRole("button", { name: "Save as bundle" }).click();
    const path = await (await saved).path();
    await row.getByRole("button", { name: "Reset" }).click();
    await row.getByRole("button", { name: "Reset spring?" }).click();
    await expect.poll(() => row.innerText()).toMatch(/spring\s+0\s+0/);
    await page
      .getByLabel("Open a bundle")
      .setInputFiles({ name: "b.json", mimeType: "application/json", buffer: readFileSync(path) });
    await expect.poll(() => page.locator(".timeline-row").count()).toBe(1);
    await page.locator(".sandbox-link").click();
    await row.getByRole("button", { name: "Delete" }).click();
    await row.getByRole("button", { name: "Delete spring?" }).click();
    await expect.poll(() => row.count()).toBe(0);
    await page.goto(`${url}/_fauxgen/board/spring/journal`);
    await shows(page, ".empty", "There is no sandbox “spring”");
    await button(page, "Create it").click();
    await shows(page, ".empty", "No request has come yet");
    expect(errors).toEqual([]);
  });
});

describe("the address", () => {
  it("leads to every screen and pane, survives a reload, and goes back and forward", async () => {
    const { page, errors, fauxgen, url } = await openBoard();
    const sandbox = await fauxgen.existing("default");
    const { id } = await sandbox.generations.create({ vendor: "vivix", label: "deep" });
    await page.locator(".timeline-row").click();
    expect(page.url()).toBe(`${url}/_fauxgen/board/default/timeline/${id}`);
    await page.reload();
    await shows(page, ".pane h2", "deep");
    await goTo(page, "Journal");
    await goTo(page, "Rules");
    await page.goBack();
    expect(page.url()).toBe(`${url}/_fauxgen/board/default/journal`);
    await page.goBack();
    await shows(page, ".pane h2", "deep");
    await page.goForward();
    await shows(page, "h1", "Journal");
    expect(errors).toEqual([]);
  });
});

describe("two tabs, a reset and a restart", () => {
  it("show the same, say that it is gone, and are live again", { timeout: 90_000 }, async () => {
    const server = await listenForTest();
    const fauxgen = await connectFauxgen(server.url);
    const sandbox = await fauxgen.sandbox("default", { timing: "realistic" });
    const { id } = await sandbox.generations.create({ vendor: "vivix" });
    const [one, two] = await Promise.all([
      openPage(browser, `${server.url}/_fauxgen/board/default/timeline/${id}`),
      openPage(browser, `${server.url}/_fauxgen/board/default/timeline`),
    ]);
    await button(one.page, "Freeze").click();
    await shows(two.page, ".clock-mode", "frozen");
    await one.page.locator(".pane").getByRole("button", { name: "Finish" }).click();
    await shows(two.page, ".timeline-row .phase", "succeeded");
    await sandbox.reset();
    await shows(one.page, ".pane", "It is not there any more");
    await shows(two.page, ".welcome", "Nothing has been generated");
    const { port } = server;
    await server.close();
    await shows(two.page, ".dot", "offline");
    const again = await listenForTest({ port });
    await (await (await connectFauxgen(again.url)).existing("default")).generations.create({ vendor: "oxen" });
    await two.page.locator(".dot-live").waitFor({ timeout: 15_000 });
    await expect.poll(() => two.page.locator(".timeline-row").count(), { timeout: 10_000 }).toBe(1);
    await shows(two.page, ".timeline-row", "oxen");
    expect([...one.errors, ...two.errors].filter((text) => !text.includes("ERR_CONNECTION"))).toEqual([]);
  });
});

describe("control's access rules", () => {
  it("hold for the board: a token is asked for, kept for the tab, and a wrong one is refused", async () => {
    const { page, errors, url } = await openBoard("/_fauxgen/board/default/timeline", {
      control: "token",
      controlToken: "secret",
    });
    await shows(page, ".log-in", "Control needs a token here");
    await page.getByLabel("Token").fill("wrong");
    await button(page, "Log in").click();
    await shows(page, ".log-in", "Control needs a token here");
    await page.getByLabel("Token").fill("secret");
    await button(page, "Log in").click();
    await button(page, "Send one to each vendor").click();
    await page.locator(".timeline-row").first().click();
    await page.locator(".pane h2").waitFor();
    await page.reload();
    await page.locator(".timeline-row").first().waitFor();
    const other = await openPage(browser, `${url}/_fauxgen/board/default/timeline`);
    await shows(other.page, ".log-in", "Control needs a token here");
    expect(errors).toEqual([]);
  });
});

describe("a page of attacks", () => {
  it("is shown as text wherever it comes from, and runs nothing", async () => {
    const attack = `"><img src=x onerror="window.hit=1"><script>window.hit=1</script><a href="javascript:window.hit=1">x</a>`;
    const receiver = await startReceiver((response) =>
      response.writeHead(500, { "content-type": "text/html", "x-bad": "<script>window.hit=1</script>" }).end(attack),
    );
    const { page, errors, fauxgen, url } = await openBoard();
    const sandbox = await fauxgen.existing("default");
    const headers = { "x-api-key": sandbox.sync.apiKey, "content-type": "application/json", "x-attack": attack };
    await fetch(`${url}/v2/generate?q=${encodeURIComponent(attack)}`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        model: "lipsync-2",
        input: [
          { type: "video", url: "https://media.test/javascript:window.hit=1.mp4" },
          { type: "audio", url: "https://media.test/a.wav" },
        ],
        outputFileName: attack,
        webhookUrl: `${receiver.url}?${encodeURIComponent(attack)}`,
      }),
    });
    await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers,
      body: JSON.stringify({ [attack]: attack, __proto__: 1 }),
    });
    await fetch(`${url}/%3Cscript%3Ewindow.hit=1%3C/script%3E`);
    await fetch(`${url}/api/v1/generate`, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${sandbox.vivix.apiKey}` },
      body: JSON.stringify({ model: attack, prompt: `javascript:window.hit=1 ${attack}` }),
    });
    await sandbox.clock.advance("5s");
    await receiver.arrived(1);
    for (const screen of ["timeline", "journal", "webhooks", "media", "rules"]) {
      await page.goto(`${url}/_fauxgen/board/default/${screen}`);
      await page.locator(".dot-live").waitFor();
      const rows = page.locator(".timeline-row, .journal-row");
      await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(screen === "media" || screen === "rules" ? 0 : 1);
      for (let index = 0; index < (await rows.count()); index += 1) {
        await rows.nth(index).click();
        await page.locator(".pane .section").first().waitFor();
        for (const summary of await page.locator(".pane summary").all()) await summary.click();
      }
    }
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(await page.locator(`[href^="javascript:"], [src="x"], .pane script`).count()).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe("every screen", () => {
  it(
    "has nothing that axe calls serious or critical, in light and dark, and fits 360 to 2,560 px",
    { timeout: 120_000 },
    async () => {
      const receiver = await startReceiver();
      const server = await listenForTest();
      const fauxgen = await connectFauxgen(server.url);
      const sandbox = await fauxgen.sandbox("default", { clock: { mode: "frozen" } });
      await Promise.all(
        [1, 2, 3].map((prompt) =>
          fetch(`${server.url}/v2/generate`, {
            method: "POST",
            headers: { "x-api-key": sandbox.sync.apiKey, "content-type": "application/json" },
            body: JSON.stringify({
              model: "lipsync-2",
              input: [
                { type: "video", url: `https://media.test/${prompt}.mp4` },
                { type: "audio", url: "https://media.test/a.wav" },
              ],
              webhookUrl: receiver.url,
            }),
          }),
        ),
      );
      await fetch(`${server.url}/v2/generate`, { method: "POST" });
      await sandbox.rules.add({ when: { vendor: "sync" }, scenario: "fail" });
      const held = await sandbox.generations.create({ vendor: "sync" });
      const waiting = fetch(`${server.url}/v2/generate/${held.id}?wait=true`, {
        headers: { "x-api-key": sandbox.sync.apiKey },
      });
      await sandbox.clock.advance("1900ms");
      await sandbox.generations.finish((await sandbox.generations.next({ vendor: "sync" })).id);
      const [delivery] = await sandbox.webhooks.deliveries.list();
      const { id } = await sandbox.generations.next({ vendor: "sync" });
      const places = [
        "",
        ...[
          `timeline/${id}`,
          "journal/1",
          "held",
          "rules",
          "rules/new",
          `webhooks/${delivery?.id ?? ""}`,
          "media",
          "conduct",
          "coverage/sync.createGeneration",
          "try",
        ].map((place) => `default/${place}`),
      ];
      const found: string[] = [];
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, errors } = await openPage(browser, `${server.url}/_fauxgen/`, {
          colorScheme,
          reducedMotion: "reduce",
        });
        for (const place of places) {
          await page.goto(`${server.url}/_fauxgen/board/${place}`);
          await page
            .locator(place === "" ? "table" : ".dot-live")
            .first()
            .waitFor();
          await expect.poll(() => page.locator(".loading").count()).toBe(0);
          await page.evaluate(axe.source);
          const result = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
            violations: { id: string; impact: string; nodes: { html: string }[] }[];
          };
          for (const { id: rule, impact, nodes } of result.violations)
            if (impact === "serious" || impact === "critical")
              found.push(`${colorScheme} ${place}: ${rule} ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
          for (const width of colorScheme === "light" ? [360, 768, 1280, 2560] : []) {
            await page.setViewportSize({ width, height: 800 });
            const excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
            if (Number(excess) > 0) found.push(`${place} is ${String(excess)} px too wide at ${width} px`);
          }
          await page.setViewportSize({ width: 1280, height: 800 });
        }
        expect(errors).toEqual([]);
      }
      expect(found).toEqual([]);
      await sandbox.clock.advance("10s");
      await waiting;
    },
  );

  it("is used by keyboard: the skip link, the rows, a pane and its end", async () => {
    const { page, errors, fauxgen } = await openBoard();
    const sandbox = await fauxgen.existing("default");
    await sandbox.generations.create({ vendor: "vivix", label: "older" });
    await sandbox.generations.create({ vendor: "vivix", label: "newer" });
    await expect.poll(() => page.locator(".timeline-row").count()).toBe(2);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Skip to the content");
    await page.locator(".timeline-row").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await shows(page, ".pane h2", "older");
    expect(await page.evaluate("document.activeElement.textContent")).toContain("older");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".pane").count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
