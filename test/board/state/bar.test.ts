/** Tests what the timeline draws of a generation. */
import { describe, expect, it } from "vitest";
import { barOf, extentOf, phaseAt, ticksOf } from "../../../src/board/state/bar.ts";
import { marksOf, placeOf, scaleFor } from "../../../src/board/state/axis.ts";
import { emptyState, type GenerationRow, type RequestRow } from "../../../src/board/state/model.ts";

const row: GenerationRow = {
  id: "g",
  vendor: "acme",
  account: "main",
  label: null,
  model: "m",
  medium: "image",
  phase: "queued",
  scenario: { name: "succeed", code: null, source: "configured" },
  createdAt: 1000,
  steps: [
    { phase: "queued", at: 1000 },
    { phase: "processing", at: 1500 },
    { phase: "succeeded", at: 3000 },
  ],
  isOpen: false,
};

describe("the bar of a generation", () => {
  it("is solid up to now, and planned from then on", () => {
    expect(barOf(row, 2000)).toEqual({
      segments: [
        { phase: "queued", from: 1000, to: 1500, isPlanned: false },
        { phase: "processing", from: 1500, to: 2000, isPlanned: false },
        { phase: "processing", from: 2000, to: 3000, isPlanned: true },
      ],
      end: { phase: "succeeded", at: 3000, isPlanned: true },
    });
  });

  it("is solid as a whole after its end", () => {
    const { segments, end } = barOf(row, 9000);
    expect(segments.some(({ isPlanned }) => isPlanned)).toBe(false);
    expect(end).toEqual({ phase: "succeeded", at: 3000, isPlanned: false });
  });

  it("goes on to now while its phase is held", () => {
    const held: GenerationRow = { ...row, isOpen: true, steps: row.steps.slice(0, 2) };
    expect(barOf(held, 8000).segments.at(-1)).toEqual({ phase: "processing", from: 1500, to: 8000, isPlanned: false });
    expect(barOf(held, 8000).end).toBeUndefined();
    expect(extentOf(held, 8000)).toEqual([1000, 8000]);
  });

  it.each([
    [1200, "queued"],
    [1500, "processing"],
    [3000, "succeeded"],
  ] as const)("shows at %i that it is %s", (now, phase) => {
    expect(phaseAt(row, now)).toBe(phase);
  });
});

describe("the ticks of a generation", () => {
  it("are its polls, its downloads and its webhooks, and the times in which a request was held", () => {
    const request = (id: number, change: Partial<RequestRow>): RequestRow => ({
      id,
      state: "answered",
      method: "GET",
      url: "/",
      vendor: "acme",
      operation: "getGeneration",
      account: null,
      label: null,
      status: 200,
      at: id * 100,
      heldAt: null,
      answeredAt: id * 100 + 50,
      realAt: 0,
      tookMs: 1,
      scenario: null,
      rules: [],
      fault: null,
      generations: ["g"],
      diagnostics: [],
      ...change,
    });
    const requests = [
      request(1, { method: "POST", operation: "createGeneration" }),
      request(2, {}),
      request(3, { heldAt: 300, answeredAt: 900 }),
      request(4, { operation: "downloadOutput" }),
    ];
    const attempt = { number: 1, at: 950, ending: "answered", status: 500, error: null };
    const state = {
      ...emptyState,
      requestsOf: new Map([["g", [1, 2, 3, 4, 99]]]),
      deliveriesOf: new Map([["g", ["d"]]]),
      deliveries: new Map([
        [
          "d",
          {
            id: "d",
            vendor: "acme",
            account: "main",
            subject: "g",
            label: null,
            event: "done",
            url: "http://r",
            status: "failed" as const,
            createdAt: 0,
            nextAttemptAt: null,
            attempts: [attempt],
          },
        ],
      ]),
    };
    expect(ticksOf(state, "g", (id) => requests.find((each) => each.id === id))).toEqual({
      creates: [100],
      polls: [200, 300],
      downloads: [400],
      webhooks: [{ at: 950, isGood: false }],
      waits: [{ from: 300, to: 900 }],
    });
  });
});

describe("the axis", () => {
  it("fits the rows in view", () => {
    const scale = scaleFor([extentOf(row, 2000), [500, 1500]], 1000, 2000);
    expect([scale.from < 500, scale.to > 3000]).toEqual([true, true]);
    expect(placeOf(scale, scale.from)).toBe(0);
    expect(placeOf(scale, scale.to)).toBe(1000);
  });

  it.each([
    [1000, "00:00:00.2"],
    [60_000, "00:00:10"],
    [3_600_000 * 5, "01:00"],
    [86_400_000 * 30, "1970-01-08"],
  ])("marks round instants of a span of %i ms", (span, text) => {
    const marks = marksOf({ from: 0, to: span, width: 600 });
    expect(marks.map((mark) => mark.text)).toContain(text);
    expect(marks.length).toBeLessThanOrEqual(8);
  });

  it("is usable without rows and without width", () => {
    expect(scaleFor([], 0, 5000)).toMatchObject({ width: 0 });
    expect(placeOf({ from: 1, to: 1, width: 100 }, 1)).toBe(0);
  });
});
