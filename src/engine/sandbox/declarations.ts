/**
 * Applies the declarations of a sandbox's document and of the user's folder: rules, accounts, and account settings that
 * live outside the engine (webhook endpoints).
 */
import type { RuleDocument } from "../rule/rule-document.ts";
import type { Rules } from "../rule/rules.ts";
import type { SandboxAccounts } from "./sandbox-accounts.ts";
import type { AccountSettings, SandboxSettings } from "./settings.ts";

type ListedAccounts = Readonly<Record<string, AccountSettings>>;

/** The declarations that every sandbox has, in addition to those of its document. */
export interface SandboxTemplate {
  readonly rules: readonly RuleDocument[];
  readonly accounts: ListedAccounts;
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

  /** Applies both to an empty sandbox; the rules of its document are tried first. */
  apply(document: SandboxSettings, template: SandboxTemplate | undefined): void {
    this.#rules.replaceList("fixtures", template?.rules ?? []);
    this.#rules.replaceList("document", document.rules ?? []);
    if (template !== undefined) this.#onAccountsListed(template.accounts);
    this.#onAccountsListed(document.accounts ?? {});
  }

  /** Replaces the rules of the document with those of a changed document, and adds its account settings. */
  applyDocument({ rules, accounts = {} }: Pick<SandboxSettings, "rules" | "accounts">): void {
    if (rules !== undefined) this.#rules.replaceList("document", rules);
    for (const [name, { vendors }] of Object.entries(accounts)) {
      const account = this.#accounts.obtain(name);
      for (const [vendor, state] of Object.entries(vendors ?? {})) account.updateState(vendor, state);
    }
    this.#onAccountsListed(accounts);
  }

  /**
   * Applies a template to a sandbox that existed before it: replaces the rules of the template before if they differ,
   * and creates the accounts that the sandbox lacks. What differs from the accounts of `previous`, the template that was
   * in force until now, replaces the state and the endpoints of existing accounts, unless the document lists its own;
   * without `previous`, only states that no account has changed follow.
   */
  applyTemplate({ rules, accounts }: SandboxTemplate, document: SandboxSettings, previous?: SandboxTemplate): void {
    this.#rules.followTemplate(rules);
    for (const name of Object.keys(accounts)) this.#accounts.obtain(name);
    const own = document.accounts ?? {};
    for (const account of this.#accounts.all()) {
      account.forget();
      if (previous === undefined) continue;
      for (const [vendor, state] of Object.entries(accounts[account.name]?.vendors ?? {}))
        if (JSON.stringify(state) !== JSON.stringify(previous.accounts[account.name]?.vendors?.[vendor]))
          account.applyDefault(vendor, { ...state, ...own[account.name]?.vendors?.[vendor] });
    }
    this.#onAccountsListed(changedEndpoints(accounts, own, previous?.accounts));
  }
}

/** Returns the endpoints of accounts whose list differs from the one before; the lists of a document are preferred. */
function changedEndpoints(now: ListedAccounts, own: ListedAccounts, previous: ListedAccounts = {}): ListedAccounts {
  const changed: Record<string, { endpoints: Record<string, NonNullable<AccountSettings["endpoints"]>[string]> }> = {};
  for (const [name, { endpoints = {} }] of [...Object.entries(previous), ...Object.entries(now)])
    for (const vendor of Object.keys(endpoints)) {
      const listed = now[name]?.endpoints?.[vendor] ?? [];
      if (own[name]?.endpoints?.[vendor] !== undefined) continue;
      if (JSON.stringify(listed) === JSON.stringify(previous[name]?.endpoints?.[vendor])) continue;
      (changed[name] ??= { endpoints: {} }).endpoints[vendor] = listed;
    }
  return changed;
}
