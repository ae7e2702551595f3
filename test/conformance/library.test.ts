/** Tests the cases of the package, and how a user's own are read. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { families } from "../../src/conformance/case-document.ts";
import { CasesUnusable, matchingCases, readCases } from "../../src/conformance/library.ts";
import { vendorNames } from "../../src/client/vendor-names.ts";

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cases-"));
  writeFileSync(join(folder, "own.yaml"), text);
  return folder;
}

describe("the cases of the package", () => {
  it("are more than 120 for the four vendors, in every family", async () => {
    const cases = await readCases(vendorNames);
    expect(new Set(cases.map(({ id }) => id.split("/").slice(1).join("/"))).size).toBeGreaterThan(120);
    expect([...new Set(cases.map(({ family }) => family))].sort()).toEqual([...families].sort());
    for (const vendor of vendorNames) expect(cases.filter((each) => each.vendor === vendor).length).toBeGreaterThan(90);
  });

  it("each say what the vendor does and where that is documented, and expect something", async () => {
    for (const { id, title, vendor, document } of await readCases(vendorNames)) {
      expect({ id, title }).toEqual({ id, title: expect.stringMatching(new RegExp(`^${vendor} [a-z]`)) });
      expect({ id, why: document.why }).toEqual({
        id,
        why: expect.stringMatching(/\[(?:seed|doc|sdk(?:: [^\]]+)?|client|inferred|rfc|issue|recorded)\]/),
      });
      const says = document.must.length + document.should.length > 0 || document.stop !== undefined;
      expect({ id, says }).toEqual({ id, says: true });
    }
  });

  it("have one for each thing that is measured", async () => {
    const cases = await readCases(vendorNames);
    const measuring = (vendor: string): unknown[] =>
      cases.filter((each) => each.vendor === vendor).flatMap(({ document }) => document.calibrates ?? []);
    expect(vendorNames.map(measuring)).toEqual([
      ["base", "pace", "hook"],
      ["base", "pace"],
      ["base", "pace"],
      ["base", "pace", "hook"],
    ]);
  });
});

describe("a user's folder", () => {
  it("adds cases of any family, with the vendor's values in their place", async () => {
    const folder = folderWith(`
family: ours
cases:
  - id: gone
    vendors: [oxen, vivix]
    title: loses the job
    why: "[recorded] 12 March"
    vars: { oxen: { code: resource_not_found }, vivix: { code: NOT_FOUND } }
    faults: [{ of: poll, do: { error: "{code}" } }]
    must: [{ exit: nonzero }]
`);
    const own = (await readCases(vendorNames, [folder])).filter(({ family }) => family === "ours");
    expect(own.map(({ id, document }) => [id, document.faults[0]?.do])).toEqual([
      ["oxen/ours/gone", { error: "resource_not_found" }],
      ["vivix/ours/gone", { error: "NOT_FOUND" }],
    ]);
  });

  it.each([
    [
      "an unknown field",
      "  - { id: a, title: does it, why: '[doc] x', musts: [] }",
      /own\.yaml:4: cases\.0\.musts: there is no such field\. Did you mean must/,
    ],
    [
      "an unknown vendor",
      "  - { id: a, vendors: [synk], title: does it, why: '[doc] x' }",
      /own\.yaml:4: no vendor "synk"\. Did you mean sync\?/,
    ],
    [
      "an unknown event",
      "  - { id: a, title: does it, why: '[doc] x', must: [{ ends: { within: 5s, after: fault } }] }",
      /own\.yaml:4: cases\.0\.must\.0\.ends\.after/,
    ],
    [
      "a value that is missing",
      "  - { id: a, title: does it, why: '[doc] x', faults: [{ of: poll, do: '{code}' }] }",
      /own\.yaml:4: a: \{code\} has no value/,
    ],
  ])("is refused for %s, with the line", async (_name, line, message) => {
    const folder = folderWith(`\nfamily: ours\ncases:\n${line}\n`);
    await expect(readCases(vendorNames, [folder])).rejects.toThrow(message);
  });

  it("is refused if a case of that name is there already", async () => {
    const folder = folderWith(
      "family: lifecycle\ncases: [{ id: fails, vendors: [sync], title: fails, why: '[doc]x' }]",
    );
    await expect(readCases(vendorNames, [folder])).rejects.toThrow("the case sync/lifecycle/fails is defined twice");
  });
});

describe("a glob", () => {
  it("matches over slashes, and one that matches nothing is refused with the nearest case", async () => {
    const cases = await readCases(vendorNames);
    expect(matchingCases(cases, ["sync/*rejected*"]).map(({ id }) => id)).toEqual([
      "sync/lifecycle/rejected",
      "sync/webhooks/rejected-is-silent",
    ]);
    expect(() => matchingCases(cases, ["sync/lifecycle/rejectd"])).toThrow(CasesUnusable);
    expect(() => matchingCases(cases, ["sync/lifecycle/rejectd"])).toThrow("Did you mean sync/lifecycle/rejected");
  });
});
