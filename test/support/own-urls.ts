/** Finds the URLs of the server in a response, and checks that they work without a key. */
import type { Response } from "light-my-request";
import type { TestWorld } from "./app.ts";

/** The names of fields whose URL accepts a PUT of bytes. */
const SLOT = /upload_?url$/i;

/**
 * Returns the server's URLs in a response that do not answer 200 without a key. It makes the uploads first, waits for
 * the end of generations, and follows redirects.
 */
export async function deadUrls(world: TestWorld, response: Response): Promise<string[]> {
  if (!String(response.headers["content-type"]).includes("json")) return [];
  const found = ownUrlsIn(response.json(), "");
  if (found.length === 0) return [];
  for (const { url } of found.filter(({ path }) => SLOT.test(path))) await upload(world, url);
  await world.advance("1h");
  const dead: string[] = [];
  for (const { path, url } of found) {
    // The origin itself is not a file.
    if (SLOT.test(path) || url.pathname === "/") continue;
    const status = await statusOf(world, url);
    if (status !== 200) dead.push(`${path}: ${url.href} ${status}`);
  }
  return dead;
}

async function statusOf(world: TestWorld, url: URL): Promise<number> {
  const { statusCode, headers } = await world.app.inject({ method: "GET", url: `${url.pathname}${url.search}` });
  if (statusCode !== 302 || headers.location === undefined) return statusCode;
  return statusOf(world, new URL(headers.location, url));
}

async function upload(world: TestWorld, url: URL): Promise<void> {
  const type = url.pathname.endsWith(".png") ? "image/png" : "video/mp4";
  await world.app.inject({
    method: "PUT",
    url: `${url.pathname}${url.search}`,
    headers: { "content-type": type },
    payload: "0123",
  });
}

function ownUrlsIn(value: unknown, path: string): { readonly path: string; readonly url: URL }[] {
  if (typeof value === "string") {
    if (!URL.canParse(value)) return [];
    const url = new URL(value);
    return url.hostname === "localhost" ? [{ path, url }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => ownUrlsIn(member, path === "" ? name : `${path}.${name}`));
}
