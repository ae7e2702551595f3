/** Provides specs of media files for tests. */
import fc from "fast-check";
import type { MediaSpec } from "../../src/media/encode/render.ts";

/** Returns a complete spec, for tests that set only some fields. */
export function mediaSpec(overrides: Partial<MediaSpec> & Pick<MediaSpec, "format">): MediaSpec {
  return { width: 320, height: 180, durationSeconds: 2, title: "gen_0001", seed: "gen_0001", ...overrides };
}

/** Titles that look like a vendor's ids, and some that no vendor would send. */
export const anyTitle = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{0,40}$/),
  fc.string({ maxLength: 30, unit: "grapheme" }),
);
