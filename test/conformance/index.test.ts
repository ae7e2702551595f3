/** Tests the loop form: the cases as tests of a function, in the sandbox of each test. */
import { describe, expect } from "vitest";
import { test } from "../../src/client/vitest.ts";
import { cases } from "../../src/conformance/index.ts";
import { renderPoster } from "../../examples/vitest/render-poster.ts";
import type { VendorAccess } from "../../src/vendors/access.ts";

/** Renders a poster and fetches it, as the app of the example does. */
async function fetchPoster(vivix: VendorAccess): Promise<void> {
  const picture = await fetch(await renderPoster("a lighthouse", vivix));
  if (!picture.ok) throw new Error(`The picture was answered ${picture.status}.`);
  await picture.arrayBuffer();
}

const sound = await cases("vivix", {
  match: ["vivix/lifecycle/*", "vivix/money/*", "vivix/transport/create-*", "vivix/evolution/more-*"],
});

describe("the example's app", () => {
  for (const each of sound.filter(
    ({ id }) => !/\/(?:vanishes|key-revoked-midway|not-yours|create-unanswered)$/.test(id),
  ))
    test(each.title, async ({ sandbox }) => {
      const { verdict } = await each.run(sandbox, () => fetchPoster(sandbox.vivix));
      expect(["pass", "tolerated", "not-exercised"]).toContain(verdict);
    });
});

describe("a case in a loop", () => {
  test("throws what was expected and seen if the client fails it", async ({ sandbox }) => {
    const [each] = await cases("vivix", { match: "vivix/lifecycle/fails" });
    const careless = (): Promise<void> => fetchPoster(sandbox.vivix).catch(() => undefined);
    await expect(each?.run(sandbox, careless)).rejects.toThrow(
      /^fail +vivix\/lifecycle\/fails.*expected: a success is told only after the vendor showed one, with its files; the command ended with 0, and no success was shown to it/s,
    );
  });

  test("measures first what the client does when all goes well, and says so if it does not", async ({ sandbox }) => {
    const [each] = await cases("vivix", { match: "vivix/lifecycle/fails" });
    const broken = async (): Promise<never> => Promise.reject(new Error("no network"));
    await expect(each?.run(sandbox, broken)).rejects.toThrow(/vivix\/lifecycle\/succeeds\b.*0 jobs were made/s);
  });

  test("is not exercised if the loop was not told what it needs", async ({ sandbox }) => {
    const [each] = await cases("vivix", { match: "vivix/lifecycle/stuck" });
    expect(await each?.run(sandbox, () => fetchPoster(sandbox.vivix))).toEqual({
      verdict: "not-exercised",
      lines: ["not exercised: the case needs an option of cases() (deadline)"],
    });
  });

  test("hangs after the given time, and the next case is not disturbed", async ({ sandbox }) => {
    const options = { deadline: "500ms", timeout: "3500ms" } as const;
    const [stuck] = await cases("vivix", { ...options, match: "vivix/lifecycle/stuck" });
    await expect(stuck?.run(sandbox, () => fetchPoster(sandbox.vivix))).rejects.toThrow(
      /^hang +vivix\/lifecycle\/stuck/,
    );
    const [next] = await cases("vivix", { match: "vivix/lifecycle/already-over" });
    expect((await next?.run(sandbox, () => fetchPoster(sandbox.vivix)))?.verdict).toBe("pass");
  });
});
