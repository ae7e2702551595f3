/** Tests the reports of a run: what each shows of a failure, of a known one and of a client's odd output. */
import { describe, expect, it } from "vitest";
import { caseFile } from "../../../src/conformance/case-document.ts";
import { casesOf } from "../../../src/conformance/case.ts";
import type { Verdict } from "../../../src/conformance/judging.ts";
import { formatReport, type ReportKind } from "../../../src/conformance/report/formats.ts";
import { conclude, linesOf, readKnown, summaryOf } from "../../../src/conformance/report/summary.ts";
import type { CaseResult } from "../../../src/conformance/run-case.ts";

const ODD = `</script><script>alert("1 & 2")</script> | \u2028\u0007`;

function resultOf(client: string, id: string, verdict: Verdict): CaseResult {
  const file = caseFile.parse({
    family: "money",
    cases: [{ id, vendors: ["sync"], title: `says ${ODD}`, why: "[inferred] made up" }],
  });
  const [conformanceCase] = file.cases.flatMap((document) => casesOf(file, document, ["sync"]));
  if (conformanceCase === undefined) throw new Error("There is no case.");
  return {
    conformanceCase,
    client,
    verdict,
    findings: [{ kind: "must", expected: `expects ${ODD}`, seen: "sees", holds: verdict === "pass", requests: [3] }],
    exit: { code: 0, signal: undefined, startedAt: 0, endedAt: 1500 },
    timeline: [{ atMs: 10, kind: "request", what: `GET /${ODD}`, request: 3, status: 200, tookMs: 5 }],
    conduct: [],
    printed: ODD,
  };
}

const results = [
  resultOf("one", "a", "pass"),
  resultOf("one", "b", "fail"),
  resultOf("two", "a", "hang"),
  resultOf("two", "b", "not-exercised"),
];

describe("a list of known failures", () => {
  it("names cases, of one client or of all, with comments", () => {
    expect(readKnown("# ours\nsync/money/a\ntwo words sync/money/b # why\n\n")).toEqual([
      { id: "sync/money/a" },
      { client: "two words", id: "sync/money/b" },
    ]);
  });

  it("makes a run good if it names every failure, and not if it names one that passes", () => {
    expect(conclude(results, []).isGood).toBe(false);
    expect(conclude(results, readKnown("one sync/money/b\ntwo sync/money/a")).isGood).toBe(true);
    const { isGood, mended } = conclude(results, readKnown("sync/money/b\nsync/money/a"));
    expect([isGood, mended.map(({ client }) => client)]).toEqual([false, ["one"]]);
  });

  it("leaves a flaky case and one that was not exercised alone", () => {
    const odd = [resultOf("one", "a", "flaky"), resultOf("one", "b", "not-exercised")];
    expect(conclude(odd, readKnown("sync/money/b")).isGood).toBe(true);
  });
});

describe("the lines of a run", () => {
  it("say the verdict, and what was expected and seen of a case that was not passed", () => {
    const [passed, failed] = results.map((result) => linesOf(result, { known: [], hasSeveral: true }));
    expect(passed).toEqual(["pass          one  sync/money/a  1.5 s"]);
    expect(failed).toHaveLength(2);
    expect(failed?.[1]).toMatch(/^ +expected: expects .*; sees \[request 3\]$/s);
    expect(summaryOf(results, conclude(results, [])).slice(0, 2)).toEqual([
      "one: 2 cases: 1 pass, 1 fail",
      "two: 2 cases: 1 hang, 1 not exercised",
    ]);
  });
});

describe("a report", () => {
  const known = readKnown("one sync/money/b");
  const text = (kind: ReportKind): string => formatReport(kind, results, conclude(results, known));

  it("in JUnit counts what is unexpected, and skips what is known or was not exercised", () => {
    const junit = text("junit");
    expect(junit).toMatch(/<testsuite name="one" tests="2" failures="0">/);
    expect(junit).toMatch(/<testsuite name="two" tests="2" failures="1">/);
    expect(junit.match(/<skipped /g)).toHaveLength(2);
    expect(junit).not.toContain("<script");
    expect(junit).not.toContain("\u0007");
  });

  it("in Markdown has a matrix of what was not passed, whose cells no text breaks", () => {
    const row = text("markdown")
      .split("\n")
      .find((line) => line.startsWith("| `sync/money/b`"));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(4);
    expect(row).toMatch(/\| fail \| not-exercised \|$/);
  });

  it("in JSON has each result with its evidence", () => {
    expect(JSON.parse(text("json"))).toMatchObject({
      clients: ["one", "two"],
      results: [
        {},
        { client: "one", case: "sync/money/b", verdict: "fail", isKnown: true, timeline: [{ request: 3 }] },
        {},
        {},
      ],
    });
  });

  it("in HTML is one page that asks for nothing, and that no text of a client can leave", () => {
    const page = text("html");
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)=/);
    const [, json = ""] = /id="report">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(json)).toEqual(JSON.parse(text("json")));
  });
});
