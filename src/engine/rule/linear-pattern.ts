/**
 * Runs the regular expressions of users in time linear in the text, so that none can stall the server. It uses RE2JS,
 * which was the fastest of the engines on npm for short texts, and the smallest; it is loaded when first needed.
 */
import { createRequire } from "node:module";
import { LRUCache } from "lru-cache";
import type * as Engine from "re2js";
import { z } from "zod";
import { NotLinear, toLinearSyntax } from "./linear-syntax.ts";

/** A compiled expression. */
interface LinearPattern {
  /** The number of instructions; one character of text costs at most that many steps. */
  readonly size: number;
  /** Returns whether the expression matches anywhere in the text. */
  readonly test: (text: string) => boolean;
}

/** The most instructions of the expressions of one match. A class or a letter is one; `[a-z]{36}` is 36. */
const MOST_INSTRUCTIONS = 1000;

/** The longest expression, in characters. */
const LONGEST_SOURCE = 1000;

/** The instructions of all compiled expressions that are kept; about 200 bytes each. */
const KEPT_INSTRUCTIONS = 20_000;

/** The steps that compiling takes for each instruction. */
const COMPILING_STEPS = 500;

const compiled = new LRUCache<string, LinearPattern>({
  maxSize: KEPT_INSTRUCTIONS,
  sizeCalculation: ({ size }) => size + 20,
});

/** Returns what is wrong with the syntax of an expression; undefined if nothing is. It does not load the engine. */
export function syntaxFlaw(source: string): string | undefined {
  if (source.length > LONGEST_SOURCE) return `a pattern has at most ${LONGEST_SOURCE} characters`;
  try {
    // JavaScript's own check, so that its messages and its strictness stay. Older engines do not know (?i:…).
    RegExp(source.replaceAll("(?i:", "(?:").replaceAll("(?-i:", "(?:"), "u");
    toLinearSyntax(source);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Returns why the engine does not accept the expressions of one match, whose syntax is right; undefined if it does. It
 * compiles them, which may take some milliseconds for each.
 */
export function engineFlaw(sources: readonly string[]): string | undefined {
  let total = 0;
  for (const source of sources) {
    try {
      total += patternOf(source).size;
    } catch (error) {
      return messageOf(error);
    }
    if (total > MOST_INSTRUCTIONS)
      return `the patterns take ${total} steps for each character; the limit is ${MOST_INSTRUCTIONS}`;
  }
  return undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Bounds the work of comparing one request with patterns, however many there are. The bound is on steps and not on
 * time, so that the same request always gets the same answer.
 */
export class MatchingWork {
  #left: number;

  /** By default as many steps as take some 20 ms, and 50 ms at worst. */
  constructor(steps = 1_500_000) {
    this.#left = steps;
  }

  /** Whether a comparison was not made because the steps were used up. */
  get isExhausted(): boolean {
    return this.#left < 0;
  }

  /** Takes steps; returns whether there were that many left. */
  spend(steps: number): boolean {
    if (this.#left < 0) return false;
    this.#left -= Math.ceil(steps);
    return this.#left >= 0;
  }

  /** Returns whether an expression matches; undefined if that would take too many steps. */
  test(source: string, text: string): boolean | undefined {
    if (this.isExhausted) return undefined;
    const known = compiled.get(source);
    const pattern = known ?? patternOf(source);
    if (known === undefined && !this.spend(pattern.size * COMPILING_STEPS)) return undefined;
    return this.spend(text.length * pattern.size) ? pattern.test(text) : undefined;
  }
}

function patternOf(source: string): LinearPattern {
  const kept = compiled.get(source);
  if (kept !== undefined) return kept;
  const expression = compile(loadEngine(), source);
  const pattern: LinearPattern = {
    size: expression.programSize(),
    // Not `test`, which builds an automaton: that is slow and large for some expressions.
    test: (text) => expression.matcher(text).find(),
  };
  compiled.set(source, pattern);
  return pattern;
}

function compile({ RE2JS }: Pick<typeof Engine, "RE2JS">, source: string): Engine.RE2JS {
  const translated = toLinearSyntax(source);
  try {
    return RE2JS.compile(translated);
  } catch (error) {
    const why = messageOf(error).replace(/^error parsing regexp: /, "");
    throw new NotLinear(`the engine of linear patterns does not support this: ${why}`);
  }
}

const engine = z.object({ RE2JS: z.custom<typeof Engine.RE2JS>((value) => typeof value === "function") });

/** Loads the engine: a package for the sources, and in the published package a file beside this one. */
function loadEngine(): z.output<typeof engine> {
  const require = createRequire(import.meta.url);
  return engine.parse(require(import.meta.url.endsWith(".ts") ? "re2js" : "./re2js.cjs"));
}
