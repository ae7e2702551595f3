/** Tests the bench's statistics and its parser of responses. */
import { describe, expect, it } from "vitest";
import { readAnswer } from "./answer.ts";
import { aaSpreadOf, isNoisy, judge, percentile, quietestRounds, ratioOf, spreadOf } from "./arithmetic.ts";

describe("the bench's arithmetic", () => {
  it("returns the median and the quartiles, interpolated between two values", () => {
    expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ low: 2, median: 3, high: 4 });
    expect(spreadOf([10, 1, 2, 3])).toEqual({ low: 1.75, median: 2.5, high: 4.75 });
    expect(spreadOf([7])).toEqual({ low: 7, median: 7, high: 7 });
  });

  it("returns percentiles that are measured values", () => {
    const values = Array.from({ length: 1000 }, (_, index) => 1000 - index);
    expect([0.5, 0.99, 1].map((part) => percentile(values, part))).toEqual([500, 990, 1000]);
  });

  it("takes ratios within each round, so that a slower machine in some rounds changes nothing", () => {
    // The ratios are 2, 2 and 3. The ratio of the medians would be 24 to 10, which is 2.4.
    expect(ratioOf([20, 200, 24], [10, 100, 8], [0]).all).toEqual({ low: 2, median: 2, high: 2.5 });
    expect(() => ratioOf([1, 2], [1], [0])).toThrow(RangeError);
  });

  it("selects at least one round and the quarter in which the reference cost least, earlier rounds first", () => {
    expect(quietestRounds([19, 30, 18, 40, 18, 50, 17, 60])).toEqual([6, 2]);
    expect(quietestRounds([19, 30, 18, 40, 18, 50, 17, 60, 16])).toEqual([8, 6, 2]);
    expect(quietestRounds([5])).toEqual([0]);
    expect(quietestRounds([])).toEqual([]);
  });

  it("shows a ratio over the quietest rounds that a busy machine hides over all rounds", () => {
    const reference = [20, 50, 50, 50, 20, 50, 50, 50];
    const ours = [38, 60, 60, 60, 36, 60, 60, 60];
    // The ratios are 1.9 and 1.8 in the quiet rounds, and 1.2 in the six other rounds.
    const { quietest, all } = ratioOf(ours, reference, quietestRounds(reference));
    expect(quietest.median).toBeCloseTo(1.85, 10);
    expect(all).toEqual({ low: 1.2, median: 1.2, high: expect.closeTo(1.35, 10) });
  });

  it("returns the quartile that is farther from 1, in either direction, as the A/A spread", () => {
    expect(aaSpreadOf({ low: 0.99, median: 1, high: 1.04 })).toBe(1.04);
    expect(aaSpreadOf({ low: 0.8, median: 1, high: 1.04 })).toBe(1.25);
    // A twin that is always cheaper, or always more expensive, is an error too.
    expect(aaSpreadOf({ low: 0.5, median: 0.75, high: 0.8 })).toBe(2);
    expect(aaSpreadOf({ low: 1.1, median: 1.2, high: 1.3 })).toBe(1.3);
    expect(aaSpreadOf({ low: 1, median: 1, high: 1 })).toBe(1);
  });

  it("marks a reference as noisy above 1.3 times its least warm-up cost, or if a measurement is missing", () => {
    expect(isNoisy(26, 20)).toBe(false);
    expect(isNoisy(26.1, 20)).toBe(true);
    expect(isNoisy(19, 20)).toBe(false);
    expect(isNoisy(Number.NaN, 20)).toBe(true);
    expect(isNoisy(26, Number.NaN)).toBe(true);
  });

  it("lets a figure exceed its floor by the A/A spread and by no more", () => {
    expect(judge(1.5, 1.5, 1)).toBe("met");
    expect(judge(1.501, 1.5, 1)).toBe("missed");
    expect(judge(1.53, 1.5, 1.02)).toBe("met within the A/A spread");
    expect(judge(1.54, 1.5, 1.02)).toBe("missed");
    expect(judge(Number.NaN, 1.5, 2)).toBe("missed");
    expect(judge(1.51, 1.5, Number.NaN)).toBe("missed");
  });
});

describe("the load generator's reader", () => {
  const sized = Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 11\r\nDate: x\r\n\r\n{"id":"a1"}');
  const chunked = Buffer.from(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"id":"\r\n4\r\n0"}\n\r\n0\r\n\r\n',
  );

  it("reads a response with a content-length and a chunked response", () => {
    expect(readAnswer(sized)).toMatchObject({ status: 201, length: sized.length, body: Buffer.from('{"id":"a1"}') });
    expect(readAnswer(chunked)).toMatchObject({ status: 200, length: chunked.length });
    expect(readAnswer(chunked)?.body.toString()).toBe('{"id":"0"}\n');
  });

  it("returns undefined for an incomplete response, and ignores the bytes after a complete one", () => {
    for (const whole of [sized, chunked]) {
      for (let length = 0; length < whole.length; length += 1)
        expect(readAnswer(whole.subarray(0, length))).toBeUndefined();
      expect(readAnswer(Buffer.concat([whole, whole]))?.length).toBe(whole.length);
    }
  });
});
