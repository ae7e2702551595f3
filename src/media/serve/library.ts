/** Provides the files behind outputs: rendered on request, or replaced by the user's own files. */
import { LRUCache } from "lru-cache";
import type { WallClock } from "../../engine/base/clock.ts";
import { digestOf } from "../../engine/base/ids.ts";
import { Turns } from "../../engine/base/turns.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { SentFile, TemplateFile } from "../../fixtures/template.ts";
import type { FinishedOutput } from "./find-output.ts";
import { CONTENT_TYPES, renderInSteps, type MediaSpec } from "../encode/render.ts";
import { inAscii } from "./ascii.ts";
import type { FileHost } from "./file-host.ts";
import { isFormat, Replacements, slugOf } from "./replacements.ts";
import type { MediaContent, MediaFacts } from "./send.ts";

/** Enough for the outputs of a suite; a dropped file is rendered again, to the same bytes. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** Rendering pauses after each step, since nothing but its reader waits for it. */
const STEP_BY_STEP = 0;
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
  readonly #replacements: Replacements;
  readonly #hosts: ReadonlyMap<string, FileHost>;
  readonly #wall: Pick<WallClock, "now" | "nextTurn">;
  /** Files that are being rendered; a second request for one waits for it. */
  readonly #rendering = new Map<string, Promise<Uint8Array>>();
  readonly #rendered = new LRUCache<string, Uint8Array>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (bytes) => Math.max(1, bytes.byteLength),
  });

  /**
   * `folder` is the user's fixtures, or undefined. Throws `FixtureUnusable` for a file that can never be used.
   */
  constructor(folder: string | undefined, hosts: readonly FileHost[], wall: Pick<WallClock, "now" | "nextTurn">) {
    this.#wall = wall;
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#replacements = new Replacements(folder, [...this.#hosts.keys()]);
  }

  /** Replaces the files that were sent with the template. */
  replaceSent(files: readonly SentFile[]): void {
    this.#replacements.replaceSent(files);
  }

  /** Lists the user's files in force. */
  replacements(): TemplateFile[] {
    return this.#replacements.list();
  }

  /** Returns the name under which a file replaces rendered ones. Throws `FixtureUnusable` for one that never would. */
  checkReplacement(name: string, content: Uint8Array): string {
    return this.#replacements.check(name, content);
  }

  /** Returns an output's file. */
  fileOf(sandbox: Sandbox, finished: FinishedOutput): MediaFile {
    const { generation, output, endedAt } = finished;
    const { format } = output;
    if (!isFormat(format)) throw new TypeError(`${generation.vendor} has outputs of the unknown format ${format}.`);
    const replacement = this.#replacementFor(finished, format);
    if (replacement !== undefined)
      return {
        facts: { contentType: CONTENT_TYPES[format], etag: etagFrom(...replacement.version), lastModified: endedAt },
        content: () => replacement,
      };
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
      const steps = renderInSteps({ ...spec, title: title ?? "", model, words });
      const bytes = await new Turns(this.#wall, STEP_BY_STEP).run(steps);
      this.#rendered.set(etag, bytes);
      return bytes;
    } finally {
      this.#rendering.delete(etag);
    }
  }

  #replacementFor({ generation, output }: FinishedOutput, format: MediaSpec["format"]) {
    const { vendor, model } = generation;
    return this.#replacements.find([`${vendor}/${slugOf(model)}`, `${vendor}/${output.medium}`, output.medium], format);
  }
}

function etagFrom(...parts: readonly (string | number)[]): string {
  return `"${digestOf(...parts).slice(0, 32)}"`;
}
