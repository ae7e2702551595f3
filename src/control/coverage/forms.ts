/** Chooses the form in which coverage is written. */
import type { CoverageDocument } from "./document.ts";
import { COVERAGE_POLICY, writeHtml } from "./html.ts";
import { writeMarkdown } from "./markdown.ts";
import { writeText } from "./text.ts";

export const coverageForms = ["json", "text", "markdown", "html"] as const;

export type CoverageForm = (typeof coverageForms)[number];

interface Written {
  readonly type: string;
  readonly text: string;
  /** Response headers that the form needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the form that an Accept header asks for first. */
export function formOf(accept: string | undefined): CoverageForm {
  const [first = ""] = (accept ?? "").split(/[,;]/);
  switch (first.trim().toLowerCase()) {
    case "text/plain":
      return "text";
    case "text/markdown":
      return "markdown";
    case "text/html":
      return "html";
    default:
      return "json";
  }
}

export function writeCoverage(document: CoverageDocument, form: CoverageForm): Written {
  switch (form) {
    case "json":
      return {
        type: "application/json; charset=utf-8",
        text: `${JSON.stringify(document, undefined, 2)}\n`,
        headers: {},
      };
    case "text":
      return { type: "text/plain; charset=utf-8", text: writeText(document), headers: {} };
    case "markdown":
      return { type: "text/markdown; charset=utf-8", text: writeMarkdown(document), headers: {} };
    case "html":
      return {
        type: "text/html; charset=utf-8",
        text: writeHtml(document),
        headers: { "content-security-policy": COVERAGE_POLICY },
      };
  }
}
