/** Tests which setting applies when the server and a sandbox's document both have one. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EffectiveSettings, type SandboxDefaults } from "../../../src/engine/sandbox/effective-settings.ts";
import { createEngine } from "../../support/engine.ts";

const defaults: SandboxDefaults = {
  seed: "server",
  timing: "fast",
  progression: "time",
  scenario: "succeed",
  vintages: { anyone: "2026-06" },
  catalogue: "strict",
  uploadLimits: { perFile: 10, total: 100 },
};

describe("for the effective settings of a sandbox,", () => {
  it("the server's settings apply where the document sets none", () => {
    const settings = new EffectiveSettings({}, defaults);
    expect(settings).toMatchObject({ seed: "server", timing: "fast", progression: "time", mediaUrl: undefined });
    expect(settings.uploadLimits).toEqual({ perFile: 10, total: 100 });
    expect(settings.scenarioDefaults).toEqual({ sandbox: undefined, configured: "succeed" });
    expect([settings.vintage("anyone", "newest"), settings.vintage("another", "newest")]).toEqual([
      "2026-06",
      "newest",
    ]);
    expect(settings.isCatalogueStrict("anyone")).toBe(true);
  });

  it("the document's settings apply field by field", () => {
    const document = {
      seed: "own",
      scenario: "stuck",
      uploadLimits: { perFile: 5 },
      vintages: { another: "old" },
      catalogue: { anyone: "open" as const },
    };
    const settings = new EffectiveSettings(document, defaults);
    expect(settings).toMatchObject({ document, seed: "own", timing: "fast" });
    expect(settings.uploadLimits).toEqual({ perFile: 5, total: 100 });
    expect(settings.scenarioDefaults).toEqual({ sandbox: "stuck", configured: "succeed" });
    expect([settings.vintage("anyone", "newest"), settings.vintage("another", "newest")]).toEqual(["2026-06", "old"]);
    expect([settings.isCatalogueStrict("anyone"), settings.isCatalogueStrict("another")]).toEqual([false, true]);
  });

  it.each([
    [undefined, { main: false, limited: true }],
    ["default", { main: false, limited: true }],
    ["enforced", { main: true, limited: true }],
    ["off", { main: false, limited: false }],
  ] as const)("account limits are enforced as the document says: %s", (limits, expected) => {
    const sandbox = createEngine().sandboxes.default;
    const settings = new EffectiveSettings(limits === undefined ? {} : { limits }, defaults);
    const enforced = (name: string): boolean => settings.enforcesLimits(sandbox.account(name));
    expect({ main: enforced("main"), limited: enforced("limited") }).toEqual(expected);
  });

  it("a vendor's settings are parsed once by its schema", () => {
    let reads = 0;
    const schema = z.object({ retention: z.number().default(30) }).transform((read) => {
      reads += 1;
      return read;
    });
    const settings = new EffectiveSettings({ vendors: { anyone: { retention: 7 } } }, defaults);
    expect([settings.ofVendor("anyone", schema), settings.ofVendor("anyone", schema)]).toEqual([
      { retention: 7 },
      { retention: 7 },
    ]);
    expect(reads).toBe(1);
    expect(settings.ofVendor("another", schema)).toEqual({ retention: 30 });
  });
});
