/** Shows the rules of a list as those of one sandbox, with the sandbox's own numbers and counts. */
import type { StoredRuleList, StoredUse } from "../../store/rules.ts";
import type { LiveRule } from "./live-rule.ts";
import type { ListOrigin } from "./rule-document.ts";
import type { RuleList } from "./rule-list.ts";

export class ListedRules {
  readonly origin: ListOrigin;
  readonly list: RuleList;
  /** The lowest number of its rules. The first rule has the highest, because the newest of equal rules is tried first. */
  readonly first: number;
  readonly #uses: ReadonlyMap<number, StoredUse>;
  #live: Map<number, LiveRule> | undefined;

  constructor(origin: ListOrigin, list: RuleList, first: number, uses: readonly StoredUse[] = []) {
    this.origin = origin;
    this.list = list;
    this.first = first;
    this.#uses = new Map(uses.map((use) => [use.number, use]));
  }

  /** The highest number of its rules. */
  get last(): number {
    return this.first + this.list.rules.length - 1;
  }

  /** What is stored of it. */
  get stored(): StoredRuleList {
    const { origin, first } = this;
    const { sha256, length, rules } = this.list;
    return { origin, first, size: rules.length, length, sha256 };
  }

  /** Returns its rules that were not deleted. They are made when they are first needed, in one go. */
  all(): LiveRule[] {
    return [...this.#byNumber().values()];
  }

  find(number: number): LiveRule | undefined {
    return this.#byNumber().get(number);
  }

  forget(number: number): void {
    this.#byNumber().delete(number);
  }

  #byNumber(): Map<number, LiveRule> {
    if (this.#live !== undefined) return this.#live;
    this.#live = new Map();
    for (const [place, { document, matcher, fault }] of this.list.rules.entries()) {
      const number = this.last - place;
      const { hits = 0, matches = 0, isDeleted = 0 } = this.#uses.get(number) ?? {};
      if (isDeleted === 1) continue;
      const id = `rule-${number}`;
      const { origin } = this;
      this.#live.set(number, { id, number, rowId: undefined, origin, document, matcher, fault, hits, matches });
    }
    return this.#live;
  }
}
