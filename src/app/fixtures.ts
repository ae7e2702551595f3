/**
 * Loads a server's fixtures: the package's own, extended by the user's folder. The folder is read before the routes are
 * registered and applied afterwards, because its rules name routes.
 */
import { ConfigError, nameAsWritten, settings, type Config } from "../config.ts";
import type { ControlOptions } from "../control/scope.ts";
import { KeyTaken } from "../engine/sandbox/restoring.ts";
import type { FixtureFolder } from "../fixtures/folder.ts";
import { FixtureLibrary, FixtureUnusable } from "../fixtures/library.ts";
import { Template } from "../fixtures/template.ts";
import { Problem } from "../http/errors/problem.ts";
import type { Vendor } from "../vendors/vendor.ts";

export class ServerFixtures {
  readonly template: Template;
  readonly #folder: FixtureFolder | undefined;

  private constructor(folder: FixtureFolder | undefined, vendors: readonly Vendor[]) {
    this.#folder = folder;
    const fixtures = vendors.flatMap((vendor) => vendor.fixtures);
    const library = new FixtureLibrary(folder?.document.catalogues);
    for (const fixture of fixtures) library.mapOf(fixture);
    this.template = new Template(folder?.document ?? {}, library, fixtures);
  }

  /** Reads the package's fixtures and the user's. Throws `FixtureUnusable` for errors that do not depend on routes. */
  static async read(config: Config, vendors: readonly Vendor[]): Promise<ServerFixtures> {
    return new ServerFixtures(await readFolder(config, vendors), vendors);
  }

  /**
   * Applies the template to every sandbox: the user's folder, and what was sent to an earlier process. Throws
   * `FixtureUnusable`, and then stores nothing.
   */
  async apply(control: ControlOptions, parts: Parameters<Template["open"]>[0]): Promise<void> {
    const { data } = control.config;
    if (this.#folder !== undefined) {
      const { fixtureFlaws, refuseFlaws } = await import("../control/fixtures/check.ts");
      refuseFlaws(await fixtureFlaws(control, this.#folder));
    }
    try {
      await this.template.open(parts, async (document) => {
        const { templateErrors } = await import("../control/fixtures/check.ts");
        const [error] = await templateErrors(control, this.template, document);
        if (error === undefined) return;
        throw new FixtureUnusable(
          `the template in ${data ?? "memory"}: ${error.field}: ${error.message}. Start with the --fixtures folder that it was sent on top of; DELETE /_fauxgen/template then takes it back.`,
        );
      });
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
      throw new FixtureUnusable(`${this.#folder?.path ?? data ?? "the template"}: accounts: ${error.message}`, {
        cause: error,
      });
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
