/** Tests which verdict a client gets. */
import { describe, expect, it } from "vitest";
import { unmeasured, type Base } from "../../src/conformance/base.ts";
import { casesOf } from "../../src/conformance/case.ts";
import { caseFile } from "../../src/conformance/case-document.ts";
import { judgeCase } from "../../src/conformance/judging.ts";
import { observe, START, type Setting } from "./observed.ts";

const base: Base = { creates: 1, made: 1, downloads: 1, hookDownloads: 1, pollsAfterEnd: 0, pollsPerSecond: 5 };

function verdictOf(setting: Setting, more: object = {}, measured = base) {
  const file = caseFile.parse({
    family: "lifecycle",
    cases: [{ id: "made-up", vendors: ["sync"], title: "does something", why: "[inferred]", ...more }],
  });
  const [document] = file.cases;
  const [conformanceCase] = document === undefined ? [] : casesOf(file, document, ["sync"]);
  if (conformanceCase === undefined) throw new Error("There is no case.");
  return judgeCase(conformanceCase, observe(setting), measured);
}

const ALL_WELL = [
  { kind: "create", atMs: 0 },
  { kind: "poll", atMs: 400 },
  { kind: "download", atMs: 500 },
] as const;

describe("a verdict", () => {
  it("is pass if every expectation holds", () => {
    expect(verdictOf({ steps: ALL_WELL }, { must: [{ exit: "zero" }] }).verdict).toBe("pass");
  });

  it("is tolerated if only what is advised is missing", () => {
    const advised = { should: [{ atMost: { of: "poll", count: 0 } }] };
    expect(verdictOf({ steps: ALL_WELL }, advised).verdict).toBe("tolerated");
  });

  it("is fail if a must is broken, with what was expected and seen", () => {
    const { verdict, findings } = verdictOf({ steps: ALL_WELL }, { must: [{ exit: "nonzero" }] });
    expect(verdict).toBe("fail");
    expect(findings.find(({ holds }) => !holds)).toEqual({
      kind: "must",
      expected: "the command ends by itself with another code than 0",
      seen: "the command ended with 0 after 1.0 s",
      holds: false,
      requests: [],
    });
  });

  it("is hang if the runner had to end the command, whatever else is broken", () => {
    const { verdict } = verdictOf({ exit: { code: undefined, endedBy: "hang" } }, { must: [{ exit: "zero" }] });
    expect(verdict).toBe("hang");
  });

  it("is not-exercised if the point was not met, even though a must is broken", () => {
    const faulty = {
      faults: [{ of: "list", do: "EMPTY_RESPONSE" }],
      must: [{ exit: "nonzero" }],
      never: "never lists",
    };
    const { verdict, findings } = verdictOf({ steps: ALL_WELL }, faulty);
    expect(verdict).toBe("not-exercised");
    expect(findings).toMatchObject([{ kind: "point", expected: "the client comes to the point, but it never lists" }]);
  });
});

describe("in every case", () => {
  it.each<[name: string, setting: Setting]>([
    ["a second job is made", { steps: ALL_WELL, jobs: [{}, {}] }],
    ["no success was shown", { steps: [ALL_WELL[0], ALL_WELL[2]] }],
    ["the job failed", { steps: ALL_WELL, jobs: [{ phase: "failed" }] }],
    [
      "the success was hidden by another status word",
      { steps: [ALL_WELL[0], { ...ALL_WELL[1], fault: "EDIT map (after)" }, ALL_WELL[2]] },
    ],
    ["the read came before the end", { steps: [ALL_WELL[0], { kind: "poll", atMs: 200 }, ALL_WELL[2]] }],
    [
      "the file is cut",
      { steps: [...ALL_WELL.slice(0, 2), { ...ALL_WELL[2], fault: "TRUNCATED_BODY (after)", state: "dropped" }] },
    ],
    ["a signal ended it", { steps: ALL_WELL, exit: { code: undefined, signal: "SIGSEGV" } }],
  ])("a client that ends with 0 fails if %s", (_name, setting) => {
    expect(verdictOf(setting).verdict).toBe("fail");
  });

  it.each<[name: string, setting: Setting]>([
    [
      "a list showed the success",
      { steps: [ALL_WELL[0], { kind: "list", atMs: 400, answer: [{ id: "job-1" }] }, ALL_WELL[2]] },
    ],
    ["an edit hid nothing", { steps: [ALL_WELL[0], { ...ALL_WELL[1], fault: "EDIT add (after)" }, ALL_WELL[2]] }],
    ["a step made the second job", { steps: ALL_WELL, jobs: [{}, { by: "control" }] }],
    [
      "the file was fetched whole at the second try",
      {
        steps: [
          ...ALL_WELL.slice(0, 2),
          { ...ALL_WELL[2], fault: "TRUNCATED_BODY (after)", state: "dropped" },
          { kind: "download", atMs: 600 },
        ],
      },
    ],
    ["the client never fetches files", { steps: ALL_WELL.slice(0, 2) }],
  ])("a client that ends with 0 passes if %s", (name, setting) => {
    const measured = name.startsWith("the client never") ? { ...base, downloads: 0 } : base;
    expect(verdictOf(setting, {}, measured).verdict).toBe("pass");
  });

  it("a further job is tolerated at a vendor that offers no way to be safe, and allowed where a case says so", () => {
    const setting = { steps: ALL_WELL, jobs: [{}, {}] };
    expect(verdictOf(setting, { madeShould: ["sync"] }).verdict).toBe("tolerated");
    expect(verdictOf(setting, { made: "base+1" }).verdict).toBe("pass");
  });

  it("nothing is compared with what the client does when all goes well, while that is measured", () => {
    const setting = { steps: [...ALL_WELL, ...ALL_WELL], jobs: [{}, {}], exit: { endedAt: START + 5000 } };
    expect(verdictOf(setting, { must: [{ exit: "zero" }] }, unmeasured).verdict).toBe("pass");
  });
});
