/** Uses the fixture while the test fakes its timers, and tests how an app obeys Retry-After. */
import { afterEach, describe, expect, vi } from "vitest";
import { test } from "../../../src/client/vitest.ts";

afterEach(() => {
  vi.useRealTimers();
});

const ALL = [
  ...["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate"],
  ...["Date", "performance", "queueMicrotask"],
];

describe.each([
  ["the default kinds", undefined],
  ["every kind but nextTick", ALL],
] as const)("with %s of timers faked", (_, toFake) => {
  test("the fixture works, waits included, and arms none of the faked timers", async ({ sandbox, settled }) => {
    vi.useFakeTimers(toFake === undefined ? {} : ({ toFake } as Parameters<typeof vi.useFakeTimers>[0]));
    const faked = Date.now();
    await sandbox.clock.freeze();
    const { id } = await sandbox.generations.create({ vendor: "vivix" });
    await sandbox.clock.advance("1h");
    expect((await sandbox.generations.get(id)).phase).toBe("succeeded");
    await expect(sandbox.requests.atLeast(5, {}, { within: "100ms" })).rejects.toThrow("Expected at least 5 requests");
    expect(Date.now()).toBe(faked);
    expect(vi.getTimerCount()).toBe(0);
    await settled();
  });
});

/** An app that asks again after the seconds that a 429 names. */
async function creditsOf({ baseUrl, apiKey }: { baseUrl: string; apiKey: string }): Promise<number> {
  for (;;) {
    const answer = await fetch(`${baseUrl}/api/v1/credits`, { headers: { authorization: `Bearer ${apiKey}` } });
    if (answer.status !== 429) return answer.status;
    const seconds = Number(answer.headers.get("retry-after"));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

test("an app waits as long as Retry-After says, in no real time", async ({ sandbox }) => {
  await sandbox.rules.add({
    when: { operation: "getCredits" },
    fault: { rateLimit: { retryAfterSeconds: 30 } },
    times: 1,
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const timers = vi.spyOn(globalThis, "setTimeout");
  const answered = creditsOf(sandbox.vivix);
  // Until the app has read the 429 and waits. vi.waitUntil would advance the faked timers, and fetch has timers too.
  while (!timers.mock.calls.some(([, delay]) => delay === 30_000))
    await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(await sandbox.requests.list()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await answered).toBe(200);
});
