/** Says what the media routes need to know of a vendor to serve its files as its own file host does. */
import type { Instant } from "../../engine/base/clock.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";
import type { MediaSpec } from "../encode/render.ts";

export interface FileHost {
  /** The vendor's, which is a segment of its files' URLs. */
  readonly name: string;
  /** Names of further hosts that have the same files, for URLs that are documented to differ. */
  readonly otherFileHosts?: readonly string[];
  /** Answers what a file beside the outputs of generations shall be, such as a thumbnail; undefined for no such file. */
  readonly otherFile?: (sandbox: Sandbox, fileName: string, fixtures: FixtureLibrary) => OtherFile | undefined;
  /** Answers a path that has no file; absent where nothing is known, which gets {@link noSuchKey}. */
  readonly mediaNotFound?: (path: string) => HostPage;
}

/** A file that is rendered when it is asked for and belongs to no generation. */
export interface OtherFile {
  readonly spec: Omit<MediaSpec, "seed">;
  readonly createdAt: Instant;
}

/** What a file host answers where it has no file. */
export interface HostPage {
  readonly contentType: string;
  readonly body: string;
}

/** Answers as an S3 bucket does for a key that it does not have. */
export function noSuchKey(path: string): HostPage {
  const key = path.replace(/^\/+/, "").replaceAll(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    contentType: "application/xml",
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>There is no file with this key.</Message><Key>${key}</Key></Error>`,
  };
}
