/** Defines a rule as a sandbox has it: with its number, and with how often it matched and applied. */
import type { RuleDocument, RuleOrigin } from "./rule-document.ts";
import type { CompiledRule } from "./rule-list.ts";

export interface Rule {
  readonly id: string;
  readonly origin: RuleOrigin;
  readonly document: RuleDocument;
  /** Number of requests that it was applied to. */
  readonly hits: number;
  /** Number of requests that it matched, applied or not. */
  readonly matches: number;
}

export interface LiveRule extends Rule, CompiledRule {
  readonly number: number;
  /** The row that stores it; undefined for a rule of a list. */
  readonly rowId: number | undefined;
  hits: number;
  matches: number;
}

/** Orders rules as they are tried: a higher priority first, then the newest. */
export function inOrder(a: LiveRule, b: LiveRule): number {
  return (b.document.priority ?? 0) - (a.document.priority ?? 0) || b.number - a.number;
}
