/**
 * What a sandbox's document and the user's folder declare for it, put into effect: rules, accounts and what belongs to
 * accounts outside the engine (their webhook endpoints).
 */
import type { RuleDocument, RuleOrigin, Rules } from "../rule/rules.ts";
import type { SandboxAccounts } from "./sandbox-accounts.ts";
import type { AccountSettings, SandboxSettings } from "./settings.ts";

/** What every sandbox has from the user's own folder, beneath what its document says. */
export interface SandboxTemplate {
  readonly rules: readonly RuleDocument[];
  readonly accounts: Readonly<Record<string, AccountSettings>>;
}

export interface DeclarationsParts {
  readonly rules: Rules;
  readonly accounts: SandboxAccounts;
  readonly onAccountsListed: (accounts: Readonly<Record<string, AccountSettings>>) => void;
}

/** Call its methods inside a transaction. */
export class Declarations {
  readonly #rules: Rules;
  readonly #accounts: SandboxAccounts;
  readonly #onAccountsListed: DeclarationsParts["onAccountsListed"];

  constructor({ rules, accounts, onAccountsListed }: DeclarationsParts) {
    this.#rules = rules;
    this.#accounts = accounts;
    this.#onAccountsListed = onAccountsListed;
  }

  /** Applies both to a sandbox that has nothing yet; the rules of its own document are asked first. */
  apply(document: SandboxSettings, template: SandboxTemplate | undefined): void {
    this.#addRules(template?.rules ?? [], "fixtures");
    this.#addRules(document.rules ?? [], "document");
    if (template !== undefined) this.#onAccountsListed(template.accounts);
    this.#onAccountsListed(document.accounts ?? {});
  }

  /** Applies a changed document's rules in place of those before, and adds to its accounts what it says of them. */
  applyDocument({ rules, accounts = {} }: Pick<SandboxSettings, "rules" | "accounts">): void {
    if (rules !== undefined) {
      this.#rules.deleteOf("document");
      this.#addRules(rules, "document");
    }
    for (const [name, { vendors }] of Object.entries(accounts)) {
      const account = this.#accounts.obtain(name);
      for (const [vendor, state] of Object.entries(vendors ?? {})) account.updateState(vendor, state);
    }
    this.#onAccountsListed(accounts);
  }

  /**
   * Applies the user's folder to a sandbox that is older than its reading: replaces the folder's rules where they differ,
   * and makes the accounts that the sandbox lacks.
   */
  applyTemplate({ rules, accounts }: SandboxTemplate): void {
    const present = this.#rules.list().filter(({ origin }) => origin === "fixtures");
    if (textOf(present.map(({ document }) => document)) !== textOf(rules)) {
      this.#rules.deleteOf("fixtures");
      this.#addRules(rules, "fixtures");
    }
    for (const name of Object.keys(accounts)) this.#accounts.obtain(name);
    this.#onAccountsListed(accounts);
  }

  /** The newest of equal rules is asked first, and the first listed is meant to be. */
  #addRules(documents: readonly RuleDocument[], origin: RuleOrigin): void {
    for (const document of documents.toReversed()) this.#rules.add(document, origin);
  }
}

/** The same text for the same rules in whatever order. */
function textOf(documents: readonly RuleDocument[]): string {
  return documents
    .map((document) => JSON.stringify(document))
    .sort()
    .join();
}
