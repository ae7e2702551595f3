/**
 * Loads a server's fixtures: the package's own, extended by the user's folder. The folder is read before the routes are
 * registered and applied afterwards, because its rules name routes.
 */
import { ConfigError, nameAsWritten, settings, type Config } from "../config.ts";
import type { ControlOptions } from "../control/scope.ts";
import type { SandboxTemplate } from "../engine/sandbox/declarations.ts";
import { KeyTaken } from "../engine/sandbox/sandboxes.ts";
import { ScenarioBook } from "../engine/sandbox/scenario-book.ts";
import { builtInScenarios } from "../engine/scenario/built-in.ts";
import type { FixtureFolder } from "../fixtures/folder.ts";
import { FixtureLibrary, FixtureUnusable } from "../fixtures/library.ts";
import { readScenarios } from "../fixtures/shipped-scenarios.ts";
import { Problem } from "../http/errors/problem.ts";
import type { Vendor } from "../vendors/vendor.ts";

export class ServerFixtures {
  readonly library: FixtureLibrary;
  readonly scenarios: ScenarioBook;
  readonly #folder: FixtureFolder | undefined;
  #template: SandboxTemplate = { rules: [], accounts: {} };

  private constructor(folder: FixtureFolder | undefined, vendors: readonly Vendor[]) {
    this.#folder = folder;
    this.library = new FixtureLibrary(folder?.document.catalogues);
    for (const fixture of vendors.flatMap((vendor) => vendor.fixtures)) this.library.mapOf(fixture);
    this.scenarios = new ScenarioBook(readScenarios(builtInScenarios, folder?.document.scenarios));
  }

  /** Reads the package's fixtures and the user's. Throws `FixtureUnusable` for errors that do not depend on routes. */
  static async read(config: Config, vendors: readonly Vendor[]): Promise<ServerFixtures> {
    return new ServerFixtures(await readFolder(config, vendors), vendors);
  }

  /** The rules and accounts that the user's folder adds to every sandbox; empty before {@link apply}. */
  get template(): SandboxTemplate {
    return this.#template;
  }

  /** Applies the user's folder to every sandbox. Throws `FixtureUnusable`, and then stores nothing. */
  async apply(control: ControlOptions): Promise<void> {
    if (this.#folder === undefined) return;
    const { fixtureFlaws, refuseFlaws } = await import("../control/fixtures/check.ts");
    refuseFlaws(await fixtureFlaws(control, this.#folder));
    const { rules = [], accounts = {} } = this.#folder.document;
    this.#template = { rules, accounts };
    try {
      control.context.sandboxes.applyTemplate(this.#template);
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
      throw new FixtureUnusable(`${this.#folder.path}: accounts: ${error.message}`, { cause: error });
    }
  }
}

async function readFolder({ fixtures }: Config, vendors: readonly Vendor[]): Promise<FixtureFolder | undefined> {
  if (fixtures === undefined) return undefined;
  const { FixtureFolder } = await import("../fixtures/folder.ts");
  const { refuseFlaws } = await import("../control/fixtures/check.ts");
  const folder = await FixtureFolder.read(fixtures, vendors);
  refuseFlaws(folder.flaws);
  return folder;
}

/** Throws `ConfigError` if the default scenario or its code does not exist, because every create would be refused. */
export async function checkDefaultScenario({ config, vendors, context }: ControlOptions): Promise<void> {
  if (config.scenario === settings.scenario.default) return;
  const { checkScenarioText } = await import("../control/rules/rule-check.ts");
  try {
    checkScenarioText(context.scenarios.list(undefined), vendors, config.scenario, nameAsWritten(config, "scenario"));
  } catch (error) {
    if (error instanceof Problem) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}
