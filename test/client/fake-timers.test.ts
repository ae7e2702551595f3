/** Tests that a test may fake the timers of its process while a server runs in the same process. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { startFauxgen } from "../../src/index.ts";

describe("with faked timers", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("every call of the library is answered, and waits end in real time", async () => {
    await using fauxgen = await startFauxgen();
    vi.useFakeTimers();
    const sandbox = await fauxgen.sandbox("faked", { clock: { mode: "frozen" } });
    await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "fail" });
    const { baseUrl, apiKey } = sandbox.vivix;
    const asked = await fetch(`${baseUrl}/api/v1/credits`, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(asked.status).toBe(200);
    await sandbox.requests.verify({ operation: "getCredits", count: 1 });
    await expect(sandbox.requests.next({ operation: "createGeneration" }, { within: "50ms" })).rejects.toThrow(
      "within 50ms",
    );
    await sandbox.clock.advance("10m");
    await sandbox.reset();
    await sandbox.dispose();
  });
});
