/** Provides the files behind outputs: rendered on request, or replaced by the user's own files. */
import { createReadStream, type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { LRUCache } from "lru-cache";
import { digestOf } from "../../engine/base/ids.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { FixtureUnusable } from "../../fixtures/library.ts";
import type { FinishedOutput } from "./find-output.ts";
import { CONTENT_TYPES, renderMediaInTurns, type MediaSpec } from "../encode/render.ts";
import { SliceRunner } from "../encode/slices.ts";
import { inAscii } from "./ascii.ts";
import type { FileHost } from "./file-host.ts";
import { beginsAs } from "./signature.ts";
import type { MediaContent, MediaFacts } from "./send.ts";

/** Enough for the outputs of a suite; a dropped file is rendered again, to the same bytes. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** More words than any picture has room for. */
const MAX_WORDS_LENGTH = 240;

declare module "fastify" {
  interface FastifyInstance {
    media: MediaLibrary;
  }
}

/** A file: its facts at once, and its content on request. */
interface MediaFile {
  readonly facts: MediaFacts;
  readonly content: () => MediaContent | Promise<MediaContent>;
}

/**
 * Replaces rendered files by those of the user's folder. The most specific file is used:
 * `media/<vendor>/<model>.<format>` (a `/` in a model's name is a folder or a `-`), `media/<vendor>/<medium>.<format>`,
 * `media/<medium>.<format>`. A medium is image, video or audio, and the format is the extension of the vendor's URL.
 */
export class MediaLibrary {
  readonly #replacements: ReadonlyMap<string, string>;
  readonly #hosts: ReadonlyMap<string, FileHost>;
  readonly #runner = new SliceRunner();
  /** Files that are being rendered; a second request for one waits for it. */
  readonly #rendering = new Map<string, Promise<Uint8Array>>();
  readonly #rendered = new LRUCache<string, Uint8Array>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (bytes) => Math.max(1, bytes.byteLength),
  });

  /**
   * `folder` is the user's fixtures, or undefined. Throws {@link FixtureUnusable} for a file that can never be used.
   */
  constructor(folder: string | undefined, hosts: readonly FileHost[]) {
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#replacements =
      folder === undefined ? new Map() : listReplacements(join(folder, "media"), [...this.#hosts.keys()]);
  }

  /** Returns an output's file. */
  fileOf(sandbox: Sandbox, finished: FinishedOutput): MediaFile {
    const { generation, output, endedAt } = finished;
    const { format } = output;
    if (!isFormat(format)) throw new TypeError(`${generation.vendor} has outputs of the unknown format ${format}.`);
    const replacement = this.#replacementFor(finished);
    if (replacement !== undefined) return replacementFile(replacement, format, endedAt);
    const host = this.#hosts.get(generation.vendor);
    const { words = "", hasSpeech = false } = host?.outputCard?.(generation, output) ?? {};
    const spec: MediaSpec = {
      format,
      width: output.width,
      height: output.height,
      durationSeconds: output.durationSeconds ?? 0,
      title: host?.title ?? generation.vendor,
      model: generation.model,
      words: words.slice(0, MAX_WORDS_LENGTH),
      sound: !sandbox.settings.hasSound && output.medium === "video" ? "none" : hasSpeech ? "speech" : "silence",
      seed: sandbox.digest(generation.vendor, output.id),
    };
    return this.fileOfSpec(spec, endedAt);
  }

  /** Returns a file that belongs to no generation, such as a thumbnail. */
  fileOfSpec(spec: MediaSpec, lastModified: number): MediaFile {
    const etag = etagFrom(JSON.stringify(spec));
    return {
      facts: { contentType: CONTENT_TYPES[spec.format], etag, lastModified },
      content: () => this.#render(etag, spec),
    };
  }

  #render(etag: string, spec: MediaSpec): Uint8Array | Promise<Uint8Array> {
    const known = this.#rendered.get(etag) ?? this.#rendering.get(etag);
    if (known !== undefined) return known;
    const bytes = this.#renderAnew(etag, spec);
    this.#rendering.set(etag, bytes);
    return bytes;
  }

  async #renderAnew(etag: string, spec: MediaSpec): Promise<Uint8Array> {
    try {
      const [title, model, words] = await Promise.all([spec.title, spec.model ?? "", spec.words ?? ""].map(inAscii));
      const bytes = await renderMediaInTurns({ ...spec, title: title ?? "", model, words }, this.#runner);
      this.#rendered.set(etag, bytes);
      return bytes;
    } finally {
      this.#rendering.delete(etag);
    }
  }

  #replacementFor({ generation, output }: FinishedOutput): string | undefined {
    const { vendor, model } = generation;
    const names = [`${vendor}/${slugOf(model)}`, `${vendor}/${output.medium}`, output.medium];
    const found = names.find((name) => this.#replacements.has(`${name}.${output.format}`));
    return found === undefined ? undefined : this.#replacements.get(`${found}.${output.format}`);
  }
}

/** Reads the file's size each time, so that a file can be replaced while the server runs. */
function replacementFile(path: string, format: MediaSpec["format"], lastModified: number) {
  const { size, mtimeMs } = statSync(path);
  return {
    facts: { contentType: CONTENT_TYPES[format], etag: etagFrom(path, size, mtimeMs), lastModified },
    content: () => ({
      sizeBytes: size,
      open: (start: number, end: number) => createReadStream(path, { start, end }),
    }),
  };
}

/**
 * Returns every usable file by `[<vendor>/]<name>.<format>`. A client's text is only a key of this map, never part of a
 * path.
 */
function listReplacements(folder: string, vendors: readonly string[]): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => [keyOf(entry, folder, vendors), join(entry.parentPath, entry.name)] as const),
  );
}

function keyOf(entry: Dirent, folder: string, vendors: readonly string[]): string {
  const path = join(entry.parentPath, entry.name);
  const [first = "", ...rest] = relative(folder, path).split(sep);
  const name = rest.length === 0 ? first : rest.join("-");
  const { stem = "", extension = "" } = /^(?<stem>.+)\.(?<extension>[^.]+)$/.exec(name)?.groups ?? {};
  const format = extension.toLowerCase() === "jpeg" ? "jpg" : extension.toLowerCase();
  if (!isFormat(format))
    throw new FixtureUnusable(`${path}: media files end in ${Object.keys(CONTENT_TYPES).join(", ")}, as the URLs do.`);
  if (rest.length > 0 && !vendors.includes(first))
    throw new FixtureUnusable(`${path}: unknown vendor ${first}; the vendors are ${vendors.join(", ")}.`);
  if (rest.length === 0 && !["image", "video", "audio"].includes(stem))
    throw new FixtureUnusable(`${path}: name it image, video or audio, or put it into a vendor's folder.`);
  if (!beginsAs(path, format)) throw new FixtureUnusable(`${path}: its content is not ${format}.`);
  return rest.length > 0 ? `${first}/${slugOf(stem)}.${format}` : `${stem}.${format}`;
}

function slugOf(model: string): string {
  return model.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");
}

function etagFrom(...parts: readonly (string | number)[]): string {
  return `"${digestOf(...parts).slice(0, 32)}"`;
}

function isFormat(format: string): format is MediaSpec["format"] {
  return Object.hasOwn(CONTENT_TYPES, format);
}
