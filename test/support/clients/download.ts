/** Fetches results as a sound client does: without the key, whole or not at all, and again after a passing error. */
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Api } from "./api.ts";

const MOST_TRIES = 4;
const FETCH_MS = 5 * 60_000;
const GONE = new Set([403, 404, 410]);

/** The link has expired or its file has gone; a read of the job may give another. */
export class LinkGone extends Error {}

/** Stores the file of a link under a name, and replaces nothing before the file is whole. */
export async function download(api: Api, link: string, name: string): Promise<string> {
  const { around, vendor } = api;
  await mkdir(around.folder, { recursive: true });
  const file = join(around.folder, name);
  const part = `${file}.part`;
  let withKey = false;
  for (let tries = 1; ; tries += 1) {
    let waitMs = 1000 * 2 ** (tries - 1);
    try {
      const headers = withKey ? vendor.headers(around.apiKey) : {};
      const response = await around.fetch(link, { headers, signal: AbortSignal.timeout(FETCH_MS) });
      if (response.ok) {
        await store(response, part);
        await rename(part, file);
        return file;
      }
      await response.body?.cancel();
      const isOwnHost = new URL(link).origin === around.origin;
      const mayNeedKey = vendor.filesMayNeedKey && isOwnHost && !withKey;
      if (mayNeedKey && (response.status === 401 || response.status === 403)) {
        withKey = true;
        continue;
      }
      if (GONE.has(response.status)) throw new LinkGone(`The file was answered ${response.status}.`);
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      if (Number.isFinite(seconds)) waitMs = Math.max(waitMs, seconds * 1000);
    } catch (error) {
      await rm(part, { force: true });
      if (error instanceof LinkGone) throw error;
    }
    if (tries === MOST_TRIES) throw new Error("The file could not be fetched.");
    await api.pause(api.jittered(waitMs));
  }
}

async function store(response: Response, part: string): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (response.body === null || /^(?:text\/html|application\/json)/.test(type)) throw new Error("This is not a file.");
  await pipeline(Readable.fromWeb(response.body), createWriteStream(part));
  const length = response.headers.get("content-length");
  const { size } = await stat(part);
  const isWhole = length === null || response.headers.has("content-encoding") || size === Number(length);
  if (size === 0 || !isWhole) throw new Error("The file is not whole.");
}
