/**
 * Compiles the rules of a document or of the template once, with pauses. All sandboxes that have the same rules share the
 * list, so a reset and a new sandbox compile and store none of them.
 */
import { createHash } from "node:crypto";
import { runAtOnce, type Steps } from "../base/turns.ts";
import { compileFault, type Fault } from "./faults.ts";
import { compileMatch, type Matcher } from "./request-match.ts";
import type { RuleDocument } from "./rule-document.ts";

/** So many rules are compiled in one step. */
const RULES_AT_ONCE = 16;

export interface CompiledRule {
  readonly document: RuleDocument;
  readonly matcher: Matcher;
  readonly fault: Fault | undefined;
}

export interface RuleList {
  readonly rules: readonly CompiledRule[];
  /** The length of the rules as JSON. */
  readonly length: number;
  /** Equal lists have equal hashes. */
  readonly sha256: string;
}

export function compileRule(document: RuleDocument): CompiledRule {
  const { when, fault } = document;
  return { document, matcher: compileMatch(when), fault: fault === undefined ? undefined : compileFault(fault) };
}

export class RuleLists {
  readonly #known = new WeakMap<readonly RuleDocument[], RuleList>();

  /** Compiles a list, so that {@link of} answers at once. */
  *prepare(documents: readonly RuleDocument[]): Steps<RuleList> {
    const known = this.#known.get(documents);
    if (known !== undefined) return known;
    const hash = createHash("sha256");
    let length = 0;
    const rules: CompiledRule[] = [];
    for (const document of documents) {
      const text = JSON.stringify(document);
      hash.update(text).update("\n");
      length += text.length;
      rules.push(compileRule(document));
      if (rules.length % RULES_AT_ONCE === 0) yield;
    }
    const list: RuleList = { rules, length, sha256: hash.digest("hex") };
    this.#known.set(documents, list);
    return list;
  }

  /** Returns the list of these documents; compiles it without a pause if it was not prepared. */
  of(documents: readonly RuleDocument[]): RuleList {
    return runAtOnce(this.prepare(documents));
  }
}
