/**
 * Keeps the rules of a sandbox: "when a request matches this, use that scenario or fault, so many times". Rules are
 * tried in order of priority (higher first), then newest first, and the first that applies counts one use. Without
 * rules, a request only checks one empty list.
 */
import { z } from "zod";
import type { RuleRepository, StoredRule } from "../../store/rules.ts";
import { readRow } from "../../store/unreadable-row.ts";
import { notKept } from "./elided.ts";
import { compileFault, fault, type Fault } from "./faults.ts";
import { digestOf, fractionFrom } from "../base/ids.ts";
import { parseScenarioText } from "./marker.ts";
import { compileMatch, requestMatch, type Matcher, type MatchSubject } from "./request-match.ts";

export const ruleDocument = z
  .strictObject({
    when: requestMatch.default({}),
    scenario: z
      .string()
      .refine((text) => parseScenarioText(text) !== undefined, "write a scenario name, or name=CODE")
      .optional(),
    fault: fault.optional(),
    times: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "Maximum number of times that the rule applies; no limit by default" }),
    after: z.int().min(0).optional().meta({ description: "Number of first matches to which the rule does not apply" }),
    probability: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .meta({ description: "Share of matches to which the rule applies, drawn by the sandbox's seed" }),
    priority: z.number().optional().meta({
      description: "Rules with a higher priority are tried first, and newer rules first among equals; 0 by default",
    }),
  })
  .refine(({ scenario, fault: asked }) => (scenario === undefined) !== (asked === undefined), {
    message: "give either a scenario or a fault",
  });

export type RuleDocument = z.output<typeof ruleDocument>;

/** Where a rule comes from: a test, the sandbox's document, a scenario for one generation, or the user's folder. */
const ruleOrigins = ["control", "document", "scenario", "fixtures"] as const;

export type RuleOrigin = (typeof ruleOrigins)[number];

/** The content of the `document` column. */
const storedRule = z.looseObject({ origin: z.enum(ruleOrigins) });

export interface Rule {
  readonly id: string;
  readonly origin: RuleOrigin;
  readonly document: RuleDocument;
  /** Number of requests that it was applied to. */
  readonly hits: number;
  /** Number of requests that it matched, applied or not. */
  readonly matches: number;
}

interface LiveRule extends Rule {
  readonly rowId: number;
  readonly number: number;
  readonly matcher: Matcher;
  readonly fault: Fault | undefined;
  hits: number;
  matches: number;
}

export interface AppliedFault {
  readonly rule: string;
  readonly fault: Fault;
  /** Drawn from the seed for this use, in [0, 1); it picks a latency within a range. */
  readonly fraction: number;
}

export class Rules {
  readonly #repository: RuleRepository;
  readonly #rowOf: () => number;
  readonly #seed: () => string;
  readonly #all = new Map<string, LiveRule>();
  /** The rules for one generation, by its id: a sandbox may have thousands, and a request concerns only one. */
  readonly #ofGeneration = new Map<string, LiveRule[]>();
  #scenarios: readonly LiveRule[] = [];
  #faults: readonly LiveRule[] = [];
  #lastNumber = 0;

  /** `rowOf` returns the row of the sandbox, and `seed` the text that probability is drawn from. */
  constructor(repository: RuleRepository, rowOf: () => number, seed: () => string) {
    this.#repository = repository;
    this.#rowOf = rowOf;
    this.#seed = seed;
  }

  /** Whether any rule can cause a fault; every request checks this first. */
  get haveFaults(): boolean {
    return this.#faults.length > 0 || this.#ofGeneration.size > 0;
  }

  /** The highest number that a rule had since the last reset; numbers are never used again. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  get haveScenarios(): boolean {
    return this.#scenarios.length > 0;
  }

  /** Returns every rule, in the order in which they are tried. */
  list(): readonly Rule[] {
    return [...this.#all.values()].sort(inOrder);
  }

  find(id: string): Rule | undefined {
    return this.#all.get(id);
  }

  add(document: RuleDocument, origin: RuleOrigin): Rule {
    const rule = this.#insert(document, origin);
    if (document.when.generation === undefined) this.#arrange();
    return rule;
  }

  /** Adds rules in this order, so that the last of equals is tried first; it sorts once, because there may be many. */
  addAll(documents: readonly RuleDocument[], origin: RuleOrigin): void {
    for (const document of documents) this.#insert(document, origin);
    this.#arrange();
  }

  /** Deletes a rule; returns whether it existed. */
  delete(id: string): boolean {
    const rule = this.#all.get(id);
    if (rule === undefined) return false;
    this.#remove(rule);
    if (rule.document.when.generation === undefined) this.#arrange();
    return true;
  }

  /** Deletes every rule of this origin. */
  deleteOf(origin: RuleOrigin): void {
    for (const rule of [...this.#all.values()]) if (rule.origin === origin) this.#remove(rule);
    this.#arrange();
  }

  /** Loads the stored rules, after a restart or a reset. */
  load(): void {
    this.#all.clear();
    this.#ofGeneration.clear();
    this.#lastNumber = this.#repository.lastNumber(this.#rowOf());
    for (const stored of this.#repository.inSandbox(this.#rowOf())) {
      const rule = readRow("rules", stored.publicId, () => ruleFrom(stored));
      this.#lastNumber = Math.max(this.#lastNumber, rule.number);
      this.#index(rule);
    }
    this.#arrange();
  }

  /**
   * Returns the scenario of the first rule that applies to a create request, and counts one use; undefined when none
   * applies.
   */
  takeScenario(subject: MatchSubject): { readonly rule: string; readonly scenario: string } | undefined {
    const taken = this.#take(this.#scenarios, subject);
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
    if (this.#ofGeneration.size === 0) return this.#faults;
    const about = subject.generations();
    const own = about === notKept ? [] : about.flatMap((id) => this.#ofGeneration.get(id) ?? []);
    return own.length === 0 ? this.#faults : [...own, ...this.#faults].sort(inOrder);
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
      const digest = digestOf(this.#seed(), "rule", rule.id, matches);
      const isMeant = matches > after && (probability === 1 || fractionFrom(digest) < probability);
      const applies = isMeant && (rule.fault === undefined || isDue?.(rule.id, rule.fault) !== false);
      const hits = applies ? rule.hits + 1 : rule.hits;
      // First, so that a use that the store refuses is not counted in memory either.
      this.#repository.saveUse(rule.rowId, hits, matches);
      rule.hits = hits;
      rule.matches = matches;
      if (!applies) continue;
      // A scenario's rule for one generation is deleted once it is used up.
      if (rule.origin === "scenario" && rule.hits === times) this.delete(rule.id);
      return { rule, fraction: fractionFrom(digestOf(digest, "latency")) };
    }
    return undefined;
  }

  /** Stores a rule and adds it to the look-ups; call {@link #arrange} afterwards. */
  #insert(document: RuleDocument, origin: RuleOrigin): LiveRule {
    const number = this.#lastNumber + 1;
    const id = `rule-${number}`;
    const stored = { sandboxId: this.#rowOf(), publicId: id, document: JSON.stringify({ origin, ...document }) };
    const rowId = this.#repository.insert(stored);
    this.#repository.saveLastNumber(this.#rowOf(), number);
    this.#lastNumber = number;
    const rule = liveRule({ rowId, number, id, origin, document, hits: 0, matches: 0 });
    this.#index(rule);
    return rule;
  }

  /** Deletes a rule from the store and the look-ups; call {@link #arrange} afterwards. */
  #remove(rule: LiveRule): void {
    this.#repository.delete(rule.rowId);
    this.#all.delete(rule.id);
    const { generation } = rule.document.when;
    const siblings = generation === undefined ? undefined : this.#ofGeneration.get(generation);
    if (generation === undefined || siblings === undefined) return;
    if (siblings.length === 1) this.#ofGeneration.delete(generation);
    else siblings.splice(siblings.indexOf(rule), 1);
  }

  /** Adds a rule to the look-ups by id; call {@link #arrange} after the last of several. */
  #index(rule: LiveRule): void {
    this.#all.set(rule.id, rule);
    const { generation } = rule.document.when;
    if (generation === undefined) return;
    this.#ofGeneration.set(generation, [...(this.#ofGeneration.get(generation) ?? []), rule]);
  }

  #arrange(): void {
    const general = [...this.#all.values()]
      .filter(({ document }) => document.when.generation === undefined)
      .sort(inOrder);
    this.#scenarios = general.filter(({ document }) => document.scenario !== undefined);
    this.#faults = general.filter(({ document }) => document.fault !== undefined);
  }
}

/** Decodes a stored rule. Throws for one that no rule of this version is stored as. */
function ruleFrom({ id: rowId, publicId: id, document: text, hits, matches }: StoredRule): LiveRule {
  const { origin, ...rest } = storedRule.parse(JSON.parse(text));
  const number = Number(/^rule-(\d{1,15})$/.exec(id)?.[1]);
  if (Number.isNaN(number)) throw new Error(`no rule is called ${id}`);
  return liveRule({ rowId, number, id, origin, document: ruleDocument.parse(rest), hits, matches });
}

function inOrder(a: LiveRule, b: LiveRule): number {
  return (b.document.priority ?? 0) - (a.document.priority ?? 0) || b.number - a.number;
}

function liveRule(rule: Omit<LiveRule, "matcher" | "fault">): LiveRule {
  const { when, fault: asked } = rule.document;
  return { ...rule, matcher: compileMatch(when), fault: asked === undefined ? undefined : compileFault(asked) };
}
