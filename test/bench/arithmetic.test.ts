import { describe, expect, it } from "vitest";
import { readAnswer } from "./answer.ts";
import { judge, percentile, ratioOf, spreadOf } from "./arithmetic.ts";

describe("the bench's arithmetic", () => {
  it("takes median and quartiles, between two values where none is in the middle", () => {
    expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ low: 2, median: 3, high: 4 });
    expect(spreadOf([10, 1, 2, 3])).toEqual({ low: 1.75, median: 2.5, high: 4.75 });
    expect(spreadOf([7])).toEqual({ low: 7, median: 7, high: 7 });
  });

  it("takes percentiles that were measured", () => {
    const values = Array.from({ length: 1000 }, (_, index) => 1000 - index);
    expect([0.5, 0.99, 1].map((part) => percentile(values, part))).toEqual([500, 990, 1000]);
  });

  it("compares inside each round, so that a machine that slows down between rounds changes nothing", () => {
    expect(ratioOf([20, 200, 24], [10, 100, 12]).median).toBe(2);
    expect(() => ratioOf([1, 2], [1])).toThrow(RangeError);
  });

  it("fails a floor that is missed by more than a quarter, or was not measured", () => {
    expect(judge(1.5, 1.5)).toBe("met");
    expect(judge(1.875, 1.5)).toBe("missed, within tolerance");
    expect(judge(1.88, 1.5)).toBe("missed");
    expect(judge(Number.NaN, 1.5)).toBe("missed");
  });
});

describe("the load generator's reader", () => {
  const sized = Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 11\r\nDate: x\r\n\r\n{"id":"a1"}');
  const chunked = Buffer.from(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"id":"\r\n4\r\n0"}\n\r\n0\r\n\r\n',
  );

  it("reads an answer of a given length and one in chunks", () => {
    expect(readAnswer(sized)).toMatchObject({ status: 201, length: sized.length, body: Buffer.from('{"id":"a1"}') });
    expect(readAnswer(chunked)).toMatchObject({ status: 200, length: chunked.length });
    expect(readAnswer(chunked)?.body.toString()).toBe('{"id":"0"}\n');
  });

  it("waits until an answer is whole, wherever it was cut, and leaves what follows it", () => {
    for (const whole of [sized, chunked]) {
      for (let length = 0; length < whole.length; length += 1)
        expect(readAnswer(whole.subarray(0, length))).toBeUndefined();
      expect(readAnswer(Buffer.concat([whole, whole]))?.length).toBe(whole.length);
    }
  });
});
