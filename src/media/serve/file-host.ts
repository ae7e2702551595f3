/** Defines what the media routes need to know of a vendor to serve its files as its own file host does. */
import type { Instant } from "../../engine/base/clock.ts";
import type { Generation, Output } from "../../engine/model/generation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";
import type { MediaSpec } from "../encode/render.ts";

export interface FileHost {
  /** The vendor's name, which is a segment of its files' URLs. */
  readonly name: string;
  /** The vendor's name for itself, which its outputs show. */
  readonly title: string;
  /** Returns what an output shows and lets hear; when absent, it shows only the vendor and the model. */
  readonly outputCard?: (generation: Generation, output: Output) => OutputCard;
  /** Names of other hosts with the same files, for documented URLs that differ. */
  readonly otherFileHosts?: readonly string[];
  /**
   * Returns the description of a file that is not a generation's output, such as a thumbnail; undefined for no such
   * file.
   */
  readonly otherFile?: (sandbox: Sandbox, fileName: string, fixtures: FixtureLibrary) => OtherFile | undefined;
  /** Returns the page for a path without a file; when absent, {@link noSuchKey} is used. */
  readonly mediaNotFound?: (path: string) => HostPage;
}

/** What an output shows and lets hear, beside its vendor and model. */
export interface OutputCard {
  /** The prompt or the script, of any length and in any language. */
  readonly words: string;
  /** Whether a voice speaks in the output. */
  readonly hasSpeech: boolean;
}

/** A file that is rendered on request and belongs to no generation. */
export interface OtherFile {
  readonly spec: Omit<MediaSpec, "seed">;
  readonly createdAt: Instant;
}

/** The response of a file host for a missing file. */
export interface HostPage {
  readonly contentType: string;
  readonly body: string;
}

/** Returns the response of an S3 bucket for an unknown key. */
export function noSuchKey(path: string): HostPage {
  const key = path.replace(/^\/+/, "").replaceAll(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    contentType: "application/xml",
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>There is no file with this key.</Message><Key>${key}</Key></Error>`,
  };
}
