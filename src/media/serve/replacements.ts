/**
 * Finds the user's own files that replace rendered ones: those of the folder, and on top of them those that were sent
 * with the template.
 */
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { FixtureUnusable } from "../../fixtures/library.ts";
import type { SentFile, TemplateFile } from "../../fixtures/template.ts";
import { CONTENT_TYPES, type MediaSpec } from "../encode/render.ts";
import type { StoredBytes } from "./send.ts";
import { beginsAs, headOf } from "./signature.ts";

/** A file of the user. */
export interface Replacement extends StoredBytes {
  /** What changes with its content. */
  readonly version: readonly (string | number)[];
}

export class Replacements {
  readonly #vendors: readonly string[];
  /** The path of each usable file of the folder, by its key. */
  readonly #inFolder: ReadonlyMap<string, string>;
  #sent: ReadonlyMap<string, SentFile> = new Map();

  /** Throws {@link FixtureUnusable} for a file that can never be used. */
  constructor(folder: string | undefined, vendors: readonly string[]) {
    this.#vendors = vendors;
    this.#inFolder = new Map(
      listFiles(folder).map(({ name, path }) => [keyOf({ name, shown: path, head: headOf(path), vendors }), path]),
    );
  }

  /** Replaces the files that were sent. */
  replaceSent(files: readonly SentFile[]): void {
    this.#sent = new Map(files.map((file) => [this.check(file.name), file]));
  }

  /** Returns the key of a file; `content`, if given, must begin as the name says. Throws {@link FixtureUnusable}. */
  check(name: string, content?: Uint8Array): string {
    return keyOf({ name, shown: name, head: content, vendors: this.#vendors });
  }

  /** Returns the file with one of these names, the most specific first. */
  find(names: readonly string[], format: MediaSpec["format"]): Replacement | undefined {
    const found = names
      .map((name) => `${name}.${format}`)
      .find((key) => this.#sent.has(key) || this.#inFolder.has(key));
    if (found === undefined) return undefined;
    const sent = this.#sent.get(found);
    if (sent !== undefined) return { version: [sent.sha256], sizeBytes: sent.sizeBytes, open: sent.open };
    return fileAt(this.#inFolder.get(found) ?? "");
  }

  /** Lists the files in force by key. */
  list(): TemplateFile[] {
    const listed = new Map<string, TemplateFile>();
    for (const [name, path] of this.#inFolder)
      listed.set(name, { name, sizeBytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 });
    for (const [name, { sizeBytes, sha256 }] of this.#sent) listed.set(name, { name, sizeBytes, sha256 });
    return [...listed.values()];
  }
}

/** Reads the file's size each time, so that a file can be replaced while the server runs. */
function fileAt(path: string): Replacement {
  const { size, mtimeMs } = statSync(path);
  return {
    version: [path, size, mtimeMs],
    sizeBytes: size,
    open: (start, end) => createReadStream(path, { start, end }),
  };
}

/** Lists the media of a folder, each with its path and its name below `media/`. */
export function listFiles(folder: string | undefined): { readonly name: string; readonly path: string }[] {
  if (folder === undefined) return [];
  const media = join(folder, "media");
  if (!existsSync(media)) return [];
  return readdirSync(media, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, name: relative(media, path).split(sep).join("/") };
    });
}

interface NamedFile {
  readonly name: string;
  /** The name in messages. */
  readonly shown: string;
  readonly head: Uint8Array | undefined;
  readonly vendors: readonly string[];
}

/**
 * Returns `[<vendor>/]<name>.<format>`. A client's text is only compared with such a key, never part of a path. Throws
 * {@link FixtureUnusable}.
 */
function keyOf({ name: file, shown, head, vendors }: NamedFile): string {
  const [first = "", ...rest] = file.split("/");
  const name = rest.length === 0 ? first : rest.join("-");
  const { stem = "", extension = "" } = /^(?<stem>.+)\.(?<extension>[^.]+)$/.exec(name)?.groups ?? {};
  const format = extension.toLowerCase() === "jpeg" ? "jpg" : extension.toLowerCase();
  if (!isFormat(format))
    throw new FixtureUnusable(`${shown}: media files end in ${Object.keys(CONTENT_TYPES).join(", ")}, as the URLs do.`);
  if (rest.length > 0 && !vendors.includes(first))
    throw new FixtureUnusable(`${shown}: unknown vendor ${first}; the vendors are ${vendors.join(", ")}.`);
  if (rest.length === 0 && !["image", "video", "audio"].includes(stem))
    throw new FixtureUnusable(`${shown}: name it image, video or audio, or put it into a vendor's folder.`);
  if (head !== undefined && !beginsAs(head, format))
    throw new FixtureUnusable(`${shown}: its content is not ${format}.`);
  return rest.length > 0 ? `${first}/${slugOf(stem)}.${format}` : `${stem}.${format}`;
}

export function slugOf(model: string): string {
  return model.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");
}

export function isFormat(format: string): format is MediaSpec["format"] {
  return Object.hasOwn(CONTENT_TYPES, format);
}
