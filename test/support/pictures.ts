/**
 * Makes the pictures of the board for the README and the pages of docs: `npm run pictures`. The clock stands still and the
 * seed is fixed, so that equal sources make equal pictures.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connectFauxgen } from "../../src/index.ts";
import type { SandboxHandle } from "../../src/client/sandbox-handle.ts";
import { readConfig } from "../../src/config.ts";
import { listen } from "../../src/start.ts";
import { launchChromium, openPage } from "./browser.ts";
import { repository } from "./repository.ts";

const PLACE = join(repository, "docs/pictures");

/** Sends what the pictures show: jobs of each vendor, polls, a failure, a held request. */
async function fill(sandbox: SandboxHandle, url: string): Promise<string> {
  const { items } = (await (await fetch(`${url}/_fauxgen/sandboxes/${sandbox.name}/examples`)).json()) as {
    items: { vendor: string; operation: string; path: string; headers: Record<string, string>; body: unknown }[];
  };
  const send = async (vendor: string, scenario = "succeed"): Promise<void> => {
    const example = items.find((each) => each.vendor === vendor && each.operation === "createGeneration");
    if (example === undefined) throw new Error(`${vendor} has no example.`);
    await fetch(`${url}${example.path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...example.headers, "x-fauxgen-scenario": scenario },
      body: JSON.stringify(example.body),
    });
  };
  const headers = { "x-api-key": sandbox.sync.apiKey };
  await send("sync");
  const { id } = await sandbox.generations.next({ vendor: "sync" });
  for (let poll = 0; poll < 24; poll += 1) {
    await fetch(`${url}/v2/generate/${id}`, { headers });
    await sandbox.clock.advance("90ms");
    if (poll === 4) await send("vivix");
    if (poll === 9) await send("oxen");
    if (poll === 14) await send("affogato", "fail");
  }
  await send("vivix", "fail");
  await sandbox.clock.advance("700ms");
  await fetch(`${url}/v2/generatte`, { method: "POST", headers });
  await sandbox.rules.add({
    when: { vendor: "sync", operation: "getGeneration" },
    fault: { rateLimit: true },
    times: 1,
  });
  await fetch(`${url}/v2/generate/${id}`, { headers });
  await send("sync");
  await sandbox.clock.advance("800ms");
  return id;
}

const server = await listen(readConfig([{ values: { port: 0, logLevel: "silent" }, nameOf: String }]));
const browser = await launchChromium();
try {
  const fauxgen = await connectFauxgen(server.url);
  const sandbox = await fauxgen.sandbox("checkout", {
    seed: "pictures",
    now: "2026-01-05T12:00:00Z",
    clock: { mode: "frozen" },
  });
  const id = await fill(sandbox, server.url);
  const board = `${server.url}/_fauxgen/board/checkout`;
  mkdirSync(PLACE, { recursive: true });
  for (const [name, place, colorScheme, ready] of [
    ["timeline", `timeline/${id}`, "light", ".pane video"],
    ["journal", "journal", "dark", ".times"],
    ["coverage", "coverage/sync.getGeneration", "light", ".answers"],
  ] as const) {
    const { page } = await openPage(browser, `${board}/${place}`, {
      colorScheme,
      reducedMotion: "reduce",
      viewport: { width: 1200, height: 640 },
    });
    await page.locator(ready).first().waitFor();
    await page.evaluate(
      "document.querySelectorAll('video').forEach((video) => { video.pause(); video.controls = false; })",
    );
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(PLACE, `${name}.png`) });
  }
} finally {
  await browser.close();
  await server.close();
}
