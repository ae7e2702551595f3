/**
 * Keeps the rules of a sandbox: "when a request matches this, use that scenario or fault, so many times". Rules are
 * tried in order of priority (higher first), then newest first, and the first that applies counts one use. Without
 * rules, a request only checks one empty list.
 *
 * The rules of the sandbox's document and of the template are lists, which all sandboxes share and which no row holds; a
 * sandbox counts their uses. All other rules are stored one by one.
 */
import { z } from "zod";
import type {
  RuleListRepository,
  RuleRepository,
  StoredRule,
  StoredRuleList,
  StoredUse,
  TemplateRules,
} from "../../store/rules.ts";
import { readRow, UnreadableRow } from "../../store/unreadable-row.ts";
import { digestOf, fractionFrom } from "../base/ids.ts";
import { notKept } from "./elided.ts";
import type { Fault } from "./faults.ts";
import { ListedRules } from "./listed-rules.ts";
import { inOrder, type LiveRule, type Rule } from "./live-rule.ts";
import type { MatchSubject } from "./request-match.ts";
import { ruleDocument, ruleOrigins, type ListOrigin, type RuleDocument, type RuleOrigin } from "./rule-document.ts";
import { compileRule, type RuleList, type RuleLists } from "./rule-list.ts";

/** The content of the `document` column. */
const storedRule = z.looseObject({ origin: z.enum(ruleOrigins) });

/** Far more than a sandbox can have. */
const HIGHEST_NUMBER = 1_000_000_000;

export interface AppliedFault {
  readonly rule: string;
  readonly fault: Fault;
  /** Drawn from the seed for this use, in [0, 1); it picks a latency within a range. */
  readonly fraction: number;
}

export interface RulesParts {
  readonly store: { readonly rules: RuleRepository; readonly ruleLists: RuleListRepository };
  readonly lists: RuleLists;
  /** Returns the row of the sandbox. */
  readonly rowOf: () => number;
  /** Returns the text that probability is drawn from. */
  readonly seed: () => string;
  /** Returns the rules of the sandbox's document. */
  readonly documented: () => readonly RuleDocument[] | undefined;
}

/** The rules in the order in which they are tried. */
interface InOrder {
  readonly scenarios: readonly LiveRule[];
  readonly faults: readonly LiveRule[];
  /** The rules of lists that are for one generation. */
  readonly ofGeneration: ReadonlyMap<string, readonly LiveRule[]>;
}

export class Rules {
  readonly #parts: RulesParts;
  /** The rules that are stored one by one. */
  readonly #own = new Map<string, LiveRule>();
  /** Of those, the rules for one generation, by its id: a sandbox may have thousands, and a request concerns only one. */
  readonly #ofGeneration = new Map<string, LiveRule[]>();
  #listed: ReadonlyMap<ListOrigin, ListedRules> = new Map();
  /** What an earlier process stored of the template's list, until this process knows the template. */
  #former: StoredRuleList | undefined;
  /** Undefined after a change, until a request needs it. */
  #ordered: InOrder | undefined;
  #lastNumber = 0;

  constructor(parts: RulesParts) {
    this.#parts = parts;
  }

  /** Whether any rule can cause a fault; every request checks this first. */
  get haveFaults(): boolean {
    const { faults, ofGeneration } = this.#inOrder();
    return faults.length > 0 || this.#ofGeneration.size > 0 || ofGeneration.size > 0;
  }

  get haveScenarios(): boolean {
    return this.#inOrder().scenarios.length > 0;
  }

  /** The highest number that a rule had since the last reset; numbers are never used again. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Returns every rule, in the order in which they are tried. */
  list(): readonly Rule[] {
    return this.#all().sort(inOrder);
  }

  find(id: string): Rule | undefined {
    return this.#find(id);
  }

  /** Stores a rule and adds it. */
  add(document: RuleDocument, origin: RuleOrigin): Rule {
    const { rowOf, store } = this.#parts;
    const number = this.#lastNumber + 1;
    const id = `rule-${number}`;
    const stored = { sandboxId: rowOf(), publicId: id, document: JSON.stringify({ origin, ...document }) };
    const rowId = store.rules.insert(stored);
    this.#lastNumber = number;
    store.rules.saveLastNumber(rowOf(), number);
    const rule = { ...compileRule(document), rowId, number, id, origin, hits: 0, matches: 0 };
    this.#index(rule);
    return rule;
  }

  /** Deletes a rule; returns whether it existed. */
  delete(id: string): boolean {
    const rule = this.#find(id);
    if (rule === undefined) return false;
    this.#remove(rule);
    return true;
  }

  /** Deletes every rule of this origin that is stored one by one. */
  deleteOf(origin: RuleOrigin): void {
    for (const rule of [...this.#own.values()]) if (rule.origin === origin) this.#remove(rule);
  }

  /**
   * Replaces all rules of an origin by a list. It writes one row, however long the list is; it does not compile a list
   * that was prepared.
   */
  replaceList(origin: ListOrigin, documents: readonly RuleDocument[]): void {
    const { lists, rowOf, store } = this.#parts;
    this.deleteOf(origin);
    const former = this.#listed.get(origin)?.stored ?? (origin === "fixtures" ? this.#former : undefined);
    if (origin === "fixtures") this.#former = undefined;
    if (former !== undefined) {
      store.ruleLists.delete(rowOf(), former);
      // Otherwise, the new list has higher numbers.
      if (documents.length === 0) store.rules.saveLastNumber(rowOf(), this.#lastNumber);
    }
    const list = documents.length === 0 ? undefined : lists.of(documents);
    const listed = list && new ListedRules(origin, list, this.#lastNumber + 1);
    if (listed !== undefined) store.ruleLists.save(rowOf(), listed.stored);
    this.#setListed(origin, listed);
  }

  /** Replaces the rules of the template, unless they are these: then they keep their numbers and uses. */
  followTemplate(documents: readonly RuleDocument[]): void {
    const own = [...this.#own.values()].filter(({ origin }) => origin === "fixtures");
    if (own.length > 0 && textOf(own.map(({ document }) => document)) === textOf(documents)) return;
    const present = this.#listed.get("fixtures")?.stored ?? this.#former;
    if (own.length > 0 || present === undefined || documents.length === 0) {
      if (own.length + documents.length > 0 || present !== undefined) this.replaceList("fixtures", documents);
      return;
    }
    const list = this.#parts.lists.of(documents);
    if (list.sha256 !== present.sha256) this.replaceList("fixtures", documents);
    else if (this.#former !== undefined) this.#setListed("fixtures", this.#withUses("fixtures", list, present.first));
  }

  /** Returns the rules of the template that no row holds, for a bundle. */
  ofTemplate(): TemplateRules | undefined {
    const listed = this.#listed.get("fixtures");
    if (listed === undefined) return undefined;
    const rules = listed.all().map(({ number, id: publicId, origin, document, hits, matches }) => ({
      ...{ number, publicId, hits, matches },
      document: JSON.stringify({ origin, ...document }),
    }));
    return { first: listed.first, last: listed.last, rules };
  }

  /** Returns a function that puts back the lists, which {@link load} does not find in the store. */
  remember(): () => void {
    const [listed, former] = [this.#listed, this.#former];
    return () => {
      this.#listed = listed;
      this.#former = former;
    };
  }

  /** Loads the stored rules, after a restart, a reset or an undone transaction. */
  load(): void {
    const { rowOf, store } = this.#parts;
    this.#own.clear();
    this.#ofGeneration.clear();
    this.#lastNumber = store.rules.lastNumber(rowOf());
    for (const stored of store.rules.inSandbox(rowOf())) {
      const rule = readRow("rules", stored.publicId, () => ruleFrom(stored));
      this.#lastNumber = Math.max(this.#lastNumber, rule.number);
      this.#index(rule);
    }
    const known = this.#listed.get("fixtures")?.list;
    this.#listed = new Map();
    this.#former = undefined;
    this.#ordered = undefined;
    for (const stored of store.ruleLists.ofSandbox(rowOf())) {
      const list = stored.origin === "document" ? this.#documented(stored) : known;
      if (list !== undefined && (stored.origin === "document" || list.sha256 === stored.sha256))
        this.#setListed(stored.origin, this.#withUses(stored.origin, list, stored.first));
      else this.#former = stored;
      this.#lastNumber = Math.max(this.#lastNumber, stored.first + stored.size - 1);
    }
  }

  /**
   * Returns the scenario of the first rule that applies to a create request, and counts one use; undefined when none
   * applies.
   */
  takeScenario(subject: MatchSubject): { readonly rule: string; readonly scenario: string } | undefined {
    const taken = this.#take(this.#inOrder().scenarios, subject);
    const scenario = taken?.rule.document.scenario;
    return taken === undefined || scenario === undefined ? undefined : { rule: taken.rule.id, scenario };
  }

  /**
   * Returns the fault of the first rule that applies to a request, and counts one use; undefined when none applies.
   * `isDue` is checked last and may let the request pass without a use, for a rate limit that is not reached.
   */
  takeFault(subject: MatchSubject, isDue: (rule: string, fault: Fault) => boolean): AppliedFault | undefined {
    const taken = this.#take(this.#faultsFor(subject), subject, isDue);
    if (taken?.rule.fault === undefined) return undefined;
    return { rule: taken.rule.id, fault: taken.rule.fault, fraction: taken.fraction };
  }

  #faultsFor(subject: MatchSubject): readonly LiveRule[] {
    const { faults, ofGeneration } = this.#inOrder();
    if (this.#ofGeneration.size === 0 && ofGeneration.size === 0) return faults;
    const about = subject.generations();
    const own =
      about === notKept
        ? []
        : about.flatMap((id) => [...(this.#ofGeneration.get(id) ?? []), ...(ofGeneration.get(id) ?? [])]);
    return own.length === 0 ? faults : [...own, ...faults].sort(inOrder);
  }

  #take(
    rules: readonly LiveRule[],
    subject: MatchSubject,
    isDue?: (rule: string, fault: Fault) => boolean,
  ): { rule: LiveRule; fraction: number } | undefined {
    for (const rule of rules) {
      const { times, after = 0, probability = 1 } = rule.document;
      if (times !== undefined && rule.hits >= times) continue;
      if (rule.matcher(subject) !== undefined) continue;
      const matches = rule.matches + 1;
      const digest = digestOf(this.#parts.seed(), "rule", rule.id, matches);
      const isMeant = matches > after && (probability === 1 || fractionFrom(digest) < probability);
      const applies = isMeant && (rule.fault === undefined || isDue?.(rule.id, rule.fault) !== false);
      const hits = applies ? rule.hits + 1 : rule.hits;
      // First, so that a use that the store refuses is not counted in memory either.
      this.#saveUse(rule, { hits, matches, isDeleted: 0 });
      rule.hits = hits;
      rule.matches = matches;
      if (!applies) continue;
      // A scenario's rule for one generation is deleted once it is used up.
      if (rule.origin === "scenario" && rule.hits === times) this.delete(rule.id);
      return { rule, fraction: fractionFrom(digestOf(digest, "latency")) };
    }
    return undefined;
  }

  /** Compiles the rules of the document. Throws `UnreadableRow` when they are not those that were stored. */
  #documented({ size, first }: StoredRuleList): RuleList {
    const list = this.#parts.lists.of(this.#parts.documented() ?? []);
    const { length } = list.rules;
    if (length !== size)
      throw new UnreadableRow("rule_lists", "document", `the document has ${length} rules, and not ${size}`);
    if (first < 1 || first > HIGHEST_NUMBER)
      throw new UnreadableRow("rule_lists", "document", `no rule has the number ${first}`);
    return list;
  }

  #withUses(origin: ListOrigin, list: RuleList, first: number): ListedRules {
    const { rowOf, store } = this.#parts;
    return new ListedRules(origin, list, first, store.ruleLists.uses(rowOf(), first, first + list.rules.length - 1));
  }

  #setListed(origin: ListOrigin, rules: ListedRules | undefined): void {
    const listed = new Map(this.#listed);
    if (rules === undefined) listed.delete(origin);
    else listed.set(origin, rules);
    this.#listed = listed;
    this.#lastNumber = Math.max(this.#lastNumber, rules?.last ?? 0);
    if (origin === "fixtures") this.#former = undefined;
    this.#ordered = undefined;
  }

  #find(id: string): LiveRule | undefined {
    const own = this.#own.get(id);
    if (own !== undefined) return own;
    const number = numberOf(id);
    for (const listed of this.#listed.values()) {
      const found = listed.find(number);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #all(): LiveRule[] {
    return [...this.#own.values(), ...[...this.#listed.values()].flatMap((listed) => listed.all())];
  }

  #inOrder(): InOrder {
    if (this.#ordered !== undefined) return this.#ordered;
    const listed = [...this.#listed.values()].flatMap((each) => each.all());
    const all = [...this.#own.values(), ...listed];
    const general = all.filter(({ document }) => document.when.generation === undefined).sort(inOrder);
    const special = listed.filter(({ document }) => document.when.generation !== undefined);
    this.#ordered = {
      scenarios: general.filter(({ document }) => document.scenario !== undefined),
      faults: general.filter(({ document }) => document.fault !== undefined),
      ofGeneration: Map.groupBy(special, ({ document }) => document.when.generation ?? ""),
    };
    return this.#ordered;
  }

  #saveUse(rule: LiveRule, use: Omit<StoredUse, "number">): void {
    const { rowOf, store } = this.#parts;
    if (rule.rowId === undefined) store.ruleLists.saveUse(rowOf(), { number: rule.number, ...use });
    else store.rules.saveUse(rule.rowId, use.hits, use.matches);
  }

  #remove(rule: LiveRule): void {
    if (rule.document.when.generation === undefined) this.#ordered = undefined;
    if (rule.rowId === undefined) {
      const { hits, matches } = rule;
      this.#saveUse(rule, { hits, matches, isDeleted: 1 });
      for (const listed of this.#listed.values()) listed.forget(rule.number);
      this.#ordered = undefined;
      return;
    }
    this.#parts.store.rules.delete(rule.rowId);
    this.#own.delete(rule.id);
    const { generation } = rule.document.when;
    const siblings = generation === undefined ? undefined : this.#ofGeneration.get(generation);
    if (generation === undefined || siblings === undefined) return;
    if (siblings.length === 1) this.#ofGeneration.delete(generation);
    else siblings.splice(siblings.indexOf(rule), 1);
  }

  /** Adds a rule that is stored one by one to the look-ups. */
  #index(rule: LiveRule): void {
    this.#own.set(rule.id, rule);
    const { generation } = rule.document.when;
    if (generation === undefined) this.#ordered = undefined;
    else this.#ofGeneration.set(generation, [...(this.#ofGeneration.get(generation) ?? []), rule]);
  }
}

/** Decodes a stored rule. Throws for one that no rule of this version is stored as. */
function ruleFrom({ id: rowId, publicId: id, document: text, hits, matches }: StoredRule): LiveRule {
  const { origin, ...rest } = storedRule.parse(JSON.parse(text));
  const number = numberOf(id);
  if (Number.isNaN(number)) throw new Error(`no rule is called ${id}`);
  return { ...compileRule(ruleDocument.parse(rest)), rowId, number, id, origin, hits, matches };
}

/** Returns the number in a rule's id; NaN for a text that is not the id of a rule. */
function numberOf(id: string): number {
  return Number(/^rule-(\d{1,15})$/.exec(id)?.[1]);
}

/** Returns the same text for the same rules in any order. */
function textOf(documents: readonly RuleDocument[]): string {
  return documents
    .map((document) => JSON.stringify(document))
    .sort()
    .join();
}
