/**
 * Matches paths with wildcards: `*` for a part of a segment, `:name` or `{name}` for a segment, `**` for any rest. What
 * is found for one wildcard is never tried again for an earlier one.
 */

/** The longest path with wildcards, in characters. */
export const LONGEST_PATH_PATTERN = 1000;

export interface PathPattern {
  /** The steps that a character of a path costs at most. */
  readonly size: number;
  readonly test: (path: string) => boolean;
}

type SegmentTest = (segment: string) => boolean;

/** Compiles a path with wildcards into a test of whole paths, with or without a slash at the end. */
export function pathPattern(pattern: string): PathPattern {
  const wanted = pattern.split("/");
  const parts = splitAtRests(wanted);
  return {
    // A character is compared with several segments only if a part may begin at several.
    size: parts.length > 1 ? wanted.length / 4 : 1 / 4,
    test: (path) => {
      const segments = path.split("/");
      if (matchesAll(parts, segments)) return true;
      return segments.length > 1 && segments[segments.length - 1] === "" && matchesAll(parts, segments.slice(0, -1));
    },
  };
}

/** Splits segments at each `**` into lists of tests of single segments. */
function splitAtRests(segments: readonly string[]): SegmentTest[][] {
  const parts: SegmentTest[][] = [[]];
  for (const segment of segments) {
    if (segment === "**") parts.push([]);
    else parts[parts.length - 1]?.push(segmentTest(segment));
  }
  return parts;
}

/** Each `**` between two parts stands for at least one segment, which may be empty. */
function matchesAll(parts: readonly SegmentTest[][], segments: readonly string[]): boolean {
  const [first = [], ...rest] = parts;
  if (!matchesAt(first, segments, 0)) return false;
  if (rest.length === 0) return first.length === segments.length;
  const last = rest.pop() ?? [];
  let at = first.length;
  // The earliest place of each part leaves the most room for those after it.
  for (const part of rest) {
    at += 1;
    while (at + part.length <= segments.length && !matchesAt(part, segments, at)) at += 1;
    at += part.length;
  }
  const lastAt = segments.length - last.length;
  return lastAt >= at + 1 && matchesAt(last, segments, lastAt);
}

function matchesAt(tests: readonly SegmentTest[], segments: readonly string[], at: number): boolean {
  return tests.every((test, index) => {
    const segment = segments[at + index];
    return segment !== undefined && test(segment);
  });
}

function segmentTest(pattern: string): SegmentTest {
  if (/^(?::\w+|\{\w+\})$/.test(pattern)) return (segment) => segment !== "";
  if (!pattern.includes("*")) return (segment) => segment === pattern;
  const [start = "", ...texts] = pattern.split("*");
  const end = texts.pop() ?? "";
  return (segment) => {
    if (segment.length < start.length + end.length || !segment.startsWith(start) || !segment.endsWith(end))
      return false;
    let at = start.length;
    for (const text of texts) {
      const found = segment.indexOf(text, at);
      if (found === -1) return false;
      at = found + text.length;
    }
    return at <= segment.length - end.length;
  };
}
