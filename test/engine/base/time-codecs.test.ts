/** Tests which texts are durations, instants and clock rates, and their bounds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAST_INSTANT } from "../../../src/engine/base/clock.ts";
import { LONGEST_DURATION_MS } from "../../../src/engine/base/durations.ts";
import { duration, instant } from "../../../src/engine/base/time-codecs.ts";

const flawOf = (parsed: { success: boolean; error?: { issues: readonly { message: string }[] } | undefined }) =>
  parsed.error?.issues[0]?.message;

describe("for a duration,", () => {
  it.each([
    ["1500ms", 1500],
    ["1.5s", 1500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["30d", 2_592_000_000],
    ["36525d", LONGEST_DURATION_MS],
    [0, 0],
    [LONGEST_DURATION_MS, LONGEST_DURATION_MS],
  ])("the duration %j is parsed", (written, milliseconds) => {
    expect(duration.parse(written)).toBe(milliseconds);
  });

  it.each(["99999999999d", "36525.1d", 1e308, LONGEST_DURATION_MS + 1, `${"9".repeat(400)}ms`])(
    "the duration %j is refused, because it is longer than a hundred years",
    (written) => {
      expect(flawOf(duration.safeParse(written))).toBe("longer than 100 years; a duration is at most 36525d");
    },
  );

  it.each(["", "s", "-1s", "1e3s", "1 s", "ten seconds", "Infinityms", "1s2m"])("%j is not a duration", (written) => {
    expect(flawOf(duration.safeParse(written))).toBe(
      "not a duration; write 1500ms, 30s, 2m, 1h or a number of milliseconds",
    );
  });
});

describe("for an instant,", () => {
  it.each([
    ["2026-11-22T10:00:00Z", Date.UTC(2026, 10, 22, 10)],
    ["2026-11-22t10:00:00.250z", Date.UTC(2026, 10, 22, 10, 0, 0, 250)],
    ["2026-11-22T10:00:00+02:00", Date.UTC(2026, 10, 22, 8)],
    ["2028-02-29T00:00:00Z", Date.UTC(2028, 1, 29)],
    ["1970-02-01T00:00:00Z", 2_678_400_000],
    ["9999-12-31T23:59:59.999Z", LAST_INSTANT],
    [0, 0],
    [1_893_456_000_000, 1_893_456_000_000],
  ])("the instant %j is parsed", (written, milliseconds) => {
    expect(instant.parse(written)).toBe(milliseconds);
  });

  it.each([
    ["2026-11-22T10:00:00", "has no zone; write 2026-11-22T10:00:00Z, or end it with an offset such as +02:00"],
    ["2027-02-30T00:00:00Z", "not an instant; write 2026-11-22T10:00:00Z or milliseconds since the epoch"],
    ["2026-11-22", "not an instant; write 2026-11-22T10:00:00Z or milliseconds since the epoch"],
    ["job 7", "not an instant; write 2026-11-22T10:00:00Z or milliseconds since the epoch"],
    ["", "not an instant; write 2026-11-22T10:00:00Z or milliseconds since the epoch"],
    ["1893456000000", "a text of digits; write a number for milliseconds, or 2026-11-22T10:00:00Z"],
    [1_893_456_000, "looks like seconds, and is read as milliseconds; write 1893456000000"],
    [-1, "not between the years 1970 and 9999"],
    [LAST_INSTANT + 1, "not between the years 1970 and 9999"],
    [1e300, "not between the years 1970 and 9999"],
    ["0000-01-01T00:00:00Z", "not between the years 1970 and 9999"],
    [1.5, "not a whole number of milliseconds"],
  ])("%j is not an instant, and the error says why", (written, reason) => {
    expect(flawOf(instant.safeParse(written))).toBe(reason);
  });

  it("RFC 3339 in any zone and milliseconds give the same instant", () => {
    const zones = fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 13 }), fc.constantFrom(0, 30, 45));
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: LAST_INSTANT - 1e9 }), zones, (at, [sign, hours, minutes]) => {
        const offsetMs = (hours * 60 + minutes) * 60_000 * (sign === "+" ? 1 : -1);
        const local = new Date(at + offsetMs).toISOString().slice(0, -1);
        const zone = `${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
        expect(instant.parse(local + zone)).toBe(at);
        expect(instant.parse(at)).toBe(at);
      }),
    );
  });
});
