/**
 * Implements `fauxgen apply`, which sends a folder of fixtures to one sandbox of a running server, or to all of them, in
 * one request.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { locateErrors } from "../control/fixtures/check.ts";
import { describeFlaw, type FixtureFolder } from "../fixtures/folder.ts";
import { ControlClient, FauxgenError } from "../client/control-client.ts";
import { exchange } from "../client/exchange.ts";
import { listFiles } from "../media/serve/replacements.ts";
import { Failure } from "./failure.ts";
import { readFixtures } from "./fixture-reading.ts";
import { summaryOf } from "./fixture-summary.ts";

export interface ApplyOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** The sandbox; undefined for every one, existing and new. */
  readonly sandbox: string | undefined;
}

/** The server's errors about fields of the document. */
const refusedFields = z.object({ errors: z.array(z.object({ field: z.string(), message: z.string() })).min(1) });

/** Applies the fixtures and returns the text to print. Throws {@link Failure} if they have mistakes or are refused. */
export async function apply(path: string, { url, token, sandbox }: ApplyOptions): Promise<string> {
  const { folder, flaws } = await readFixtures(path);
  if (flaws.length > 0) throw new Failure(1, `nothing was applied:\n${flaws.map(describeFlaw).join("\n")}`);
  const client = new ControlClient(url, exchange, token);
  try {
    if (sandbox === undefined)
      await client.call("PUT", "/template", { body: { ...folder.raw, media: mediaIn(folder) } });
    else await client.call("PUT", `/sandboxes/${encodeURIComponent(sandbox)}/fixtures`, { body: folder.raw });
  } catch (error) {
    if (error instanceof FauxgenError) throw await refusalOf(error, folder);
    throw error;
  }
  if (sandbox === undefined)
    return `applied to every sandbox of ${url}: ${summaryOf(folder.document, folder.mediaFiles)}\n`;
  const lines = [`applied to sandbox ${sandbox} of ${url}: ${summaryOf(folder.document, 0)}`];
  if (folder.mediaFiles > 0)
    lines.push(
      `not applied: ${summaryOf({}, folder.mediaFiles)}; media are those of every sandbox, so send them with --all`,
    );
  return `${lines.join("\n")}\n`;
}

/** Returns the content of the media files in base64, by name. */
function mediaIn({ path, mediaFiles }: FixtureFolder): Record<string, string> {
  const files = mediaFiles === 0 ? [] : listFiles(path);
  return Object.fromEntries(files.map((file) => [file.name, readFileSync(file.path, "base64")]));
}

async function refusalOf(error: FauxgenError, folder: FixtureFolder): Promise<Failure> {
  const parsed = refusedFields.safeParse(error.problem);
  if (!parsed.success) return new Failure(1, error.message, { cause: error });
  const errors = parsed.data.errors.map(({ field, message }) => ({ field: field.replace(/^body\./, ""), message }));
  const lines = (await locateErrors(folder, errors)).map(describeFlaw);
  return new Failure(1, `nothing was applied:\n${lines.join("\n")}`, { cause: error });
}
