/** What is wrong with a document of fixtures beyond its shape: names that there are not, and what could never apply. */
import { bornAccounts } from "../engine/generation/accounts.ts";
import type { Scenario } from "../engine/scenario/plan.ts";
import { ScenarioRefused } from "../engine/scenario/plan.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { FixtureDocument } from "../fixtures/document.ts";
import { FixtureUnusable } from "../fixtures/library.ts";
import { describeFlaw, type FixtureFolder } from "../fixtures/folder.ts";
import type { FixtureFlaw } from "../fixtures/file.ts";
import { Problem } from "../http/errors/problem.ts";
import type { FieldError } from "../wording/field-errors.ts";
import { keyOfItem } from "./catalogue.ts";
import { vendorNamed } from "./names.ts";
import { checkRule } from "./rule-check.ts";
import { checkAccount } from "./sandbox-document.ts";
import { checkScenario } from "./scenario-check.ts";
import type { ControlOptions } from "./scope.ts";

/** Every part at fault; fields begin with `at`. `sandbox` is the one that it is for, undefined for all. */
export function fixtureErrors(
  options: ControlOptions,
  document: FixtureDocument,
  sandbox: Sandbox | undefined,
  at: readonly string[] = [],
): FieldError[] {
  const { vendors } = options;
  const { catalogues = {}, scenarios = {}, rules = [], accounts = {} } = document;
  const errors: FieldError[] = [];
  const attempt = (path: readonly string[], check: () => void): void => {
    try {
      check();
    } catch (error) {
      errors.push(...errorsOf(error, [...at, ...path].join(".")));
    }
  };
  for (const [vendor, lists] of Object.entries(catalogues))
    for (const [list, items] of Object.entries(lists))
      for (const [index, item] of items.entries()) {
        const place = ["catalogues", vendor, list, String(index)];
        attempt(place, () => {
          const owner = vendorNamed(vendors, vendor, [...at, "catalogues", vendor].join("."));
          keyOfItem(owner, list, item, [...at, ...place]);
        });
      }
  const known = knownScenarios(options, document, sandbox, attempt);
  for (const scenario of known) {
    const document = scenarios[scenario.name];
    if (document !== undefined)
      attempt(["scenarios", scenario.name], () => {
        checkScenario(options, document, scenario, [...at, "scenarios", scenario.name].join("."));
      });
  }
  const accountNames = [...(sandbox?.accountNames() ?? bornAccounts), ...Object.keys(accounts)];
  for (const [index, rule] of rules.entries())
    attempt(["rules", String(index)], () => {
      checkRule(options, known, rule, [...at, "rules", String(index)].join("."), { accounts: accountNames });
    });
  for (const [name, account] of Object.entries(accounts))
    attempt(["accounts", name], () => {
      checkAccount(name, account, vendors, [...at, "accounts", name]);
    });
  return errors;
}

/** The same with the file and line of each. */
export async function fixtureFlaws(options: ControlOptions, folder: FixtureFolder): Promise<FixtureFlaw[]> {
  return locateErrors(folder, fixtureErrors(options, folder.document, undefined));
}

/** Where each stands in the folder; `at` is what fields begin with beside it. */
export async function locateErrors(folder: FixtureFolder, errors: readonly FieldError[]): Promise<FixtureFlaw[]> {
  return Promise.all(
    errors.map(async ({ field, message }) => ({
      ...(await folder.locate(field.split("."))),
      reason: `${field.replace(/^(?:scenarios\.[^.]+|catalogues\.[^.]+\.[^.]+|rules|accounts)\./, "")}${message.startsWith("is ") ? "" : ":"} ${message}`,
    })),
  );
}

/** Throws {@link FixtureUnusable} for a folder that has any. */
export function refuseFlaws(flaws: readonly FixtureFlaw[]): void {
  if (flaws.length === 0) return;
  const lines = flaws.map(describeFlaw);
  throw new FixtureUnusable(
    lines.length === 1 ? lines.join() : `the fixtures have ${lines.length} mistakes:\n${lines.join("\n")}`,
  );
}

/** The scenarios that there will be; those that extend nothing are told of and left out. */
function knownScenarios(
  { context }: ControlOptions,
  { scenarios = {} }: FixtureDocument,
  sandbox: Sandbox | undefined,
  attempt: (path: readonly string[], check: () => void) => void,
): readonly Scenario[] {
  const shared = context.scenarios.names(sandbox);
  const isFounded = (name: string, above: readonly string[] = []): boolean => {
    const base = scenarios[name]?.extends;
    if (base === undefined || base === name) return shared.includes(name);
    return scenarios[base] === undefined
      ? shared.includes(base)
      : !above.includes(base) && isFounded(base, [...above, name]);
  };
  const founded = Object.fromEntries(Object.entries(scenarios).filter(([name]) => isFounded(name)));
  for (const [name, document] of Object.entries(scenarios))
    if (founded[name] === undefined)
      attempt(["scenarios", name, "extends"], () => context.scenarios.preview({ [name]: document }, sandbox));
  return context.scenarios.preview(founded, sandbox);
}

function errorsOf(error: unknown, at: string): readonly FieldError[] {
  if (error instanceof ScenarioRefused) return [{ field: at, message: error.message }];
  if (!(error instanceof Problem)) throw error;
  const { errors, field } = error.extra;
  if (Array.isArray(errors)) return errors as FieldError[];
  const named = typeof field === "string" ? field : at;
  return [{ field: named, message: error.message.replace(`${named}: `, "") }];
}
