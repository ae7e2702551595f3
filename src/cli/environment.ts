/** Builds the environment variables by which clients and tests find a server. */
import { nearestNames } from "../wording/nearest.ts";
import { accessTo } from "../vendors/access.ts";
import { vendors } from "../vendors/index.ts";
import { Failure } from "./failure.ts";

/** The sandbox and account whose API keys the environment contains. */
export interface Holder {
  readonly sandbox: string;
  readonly account: string;
}

/**
 * Returns `FAUXGEN_URL`, for each vendor `FAUXGEN_<VENDOR>_{URL,KEY,WEBHOOK_SECRET}` and the variables of its known
 * clients, and the assignments `NAME={vendor.url}` of `--set`. Throws {@link Failure} for a malformed assignment.
 */
export function environmentFor(url: string, holder: Holder, assignments: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = { FAUXGEN_URL: url };
  const places: Record<string, string> = { url };
  for (const vendor of vendors) {
    const { baseUrl, apiKey, webhookSecret, env } = accessTo(vendor, url, holder);
    const prefix = `FAUXGEN_${vendor.name.toUpperCase()}`;
    Object.assign(environment, { [`${prefix}_URL`]: baseUrl, [`${prefix}_KEY`]: apiKey }, env);
    Object.assign(places, { [`${vendor.name}.url`]: baseUrl, [`${vendor.name}.key`]: apiKey });
    if (webhookSecret === null) continue;
    environment[`${prefix}_WEBHOOK_SECRET`] = webhookSecret;
    places[`${vendor.name}.webhookSecret`] = webhookSecret;
  }
  for (const assignment of assignments) {
    const [, name, template] = /^([A-Za-z_]\w*)=(.*)$/s.exec(assignment) ?? [];
    if (name === undefined || template === undefined)
      throw new Failure(
        2,
        `--set: write NAME=VALUE, where VALUE may hold {sync.url} (got ${JSON.stringify(assignment)})`,
      );
    environment[name] = insertPlaces(template, places);
  }
  return environment;
}

function insertPlaces(template: string, places: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+(?:\.[A-Za-z]+)?)\}/g, (_whole, place: string) => {
    const value = places[place];
    if (value !== undefined) return value;
    const names = Object.keys(places);
    const near = nearestNames(place, names);
    throw new Failure(
      2,
      `--set: {${place}} is not known. ${near.length > 0 ? `Did you mean {${near.join("} or {")}}?` : `Use one of {${names.join("}, {")}}.`}`,
    );
  });
}

const FORMATS = {
  /** Format for the shell's `eval`. */
  shell: (name: string, value: string) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  dotenv: (name: string, value: string) => `${name}=${/^[\w.:/@%+,-]*$/.test(value) ? value : JSON.stringify(value)}`,
  /** Format for `>> "$GITHUB_ENV"`, which takes everything after the first `=` literally. */
  github: (name: string, value: string) => `${name}=${value}`,
} as const;

export type EnvironmentFormat = keyof typeof FORMATS | "json";

/** Formats the environment as text that ends with a line break. */
export function formatEnvironment(environment: Readonly<Record<string, string>>, format: EnvironmentFormat): string {
  if (format === "json") return `${JSON.stringify(environment, undefined, 2)}\n`;
  return Object.entries(environment)
    .map(([name, value]) => `${FORMATS[format](name, value)}\n`)
    .join("");
}
