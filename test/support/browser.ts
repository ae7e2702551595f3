/** Opens the board in the system's Chromium. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { expect } from "vitest";

const CHROMIUM = "/usr/bin/chromium";

/** A public name that these browsers resolve to this machine, as an attacker's or a proxy's name may do. */
export const PUBLIC_NAME = "board.example.com";

export async function launchChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is needed: apt-get install chromium`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--autoplay-policy=no-user-gesture-required",
      `--host-resolver-rules=MAP ${PUBLIC_NAME} 127.0.0.1`,
    ],
  });
}

export interface OpenPage {
  readonly page: Page;
  /** Errors of the page: exceptions, and what its console calls an error. */
  readonly errors: string[];
}

/** Opens a page; every request to another origin than the server's is an error. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // The browser itself logs answers of 400 and more, which tests provoke.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      errors.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(?:about|blob|data):/.test(request.url()) && new URL(request.url()).host !== new URL(url).host)
      errors.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  return { page, errors };
}

/** Waits until a locator of the page has this text. */
export async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => page.locator(selector).first().innerText(), { timeout: 10_000 }).toMatch(text);
}
