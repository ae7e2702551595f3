/** Tests when the next delivery to a receiver begins. */
import { describe, expect, it } from "vitest";
import { ReceiverQueues } from "../../src/delivery/receiver-queues.ts";
import { ManualWallClock } from "../support/engine.ts";

const HOST = "127.0.0.1:80/";

/** Queues attempts that are sent at once and answered by the test; returns the numbers of those that have begun. */
function fill(count: number, queues = new ReceiverQueues(new ManualWallClock())) {
  const begun: number[] = [];
  const answers: (() => void)[] = [];
  queues.close();
  for (let number = 0; number < count; number += 1)
    queues.push(1, HOST, (onWritten) => {
      begun.push(number);
      onWritten();
      return new Promise((resolve) => {
        answers.push(resolve);
      });
    });
  queues.open();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { begun, answers, turn };
}

describe("deliveries to one receiver", () => {
  it("begin one after the other, each once the one before was answered", async () => {
    const { begun, answers, turn } = fill(10);
    expect(begun).toEqual([0]);
    for (let number = 1; number < 10; number += 1) {
      answers[number - 1]?.();
      await turn();
      expect(begun.length).toBe(number + 1);
    }
  });

  it("begin in order without waiting for answers while hundreds wait, at most 64 at once", async () => {
    const { begun, answers, turn } = fill(1000);
    await turn();
    expect(begun).toEqual(Array.from({ length: 64 }, (_, number) => number));
    // The last ones are a short queue again.
    for (let number = 0; number < 1000; number += 1) {
      answers[number]?.();
      await turn();
    }
    expect(begun).toEqual(Array.from({ length: 1000 }, (_, number) => number));
  });
});
