/** Builds the environment variables by which clients and tests find a server. */
import { resolve } from "node:path";
import { nearestNames } from "../wording/nearest.ts";
import { accessTo } from "../vendors/access.ts";
import { vendors } from "../vendors/index.ts";
import { Failure } from "./failure.ts";

/** The sandbox and account whose API keys the environment contains. */
export interface Holder {
  readonly sandbox: string;
  readonly account: string;
}

export interface EnvironmentOptions {
  /** The assignments `NAME={vendor.url}` of `--set`. */
  readonly assignments: readonly string[];
  /** The variables to which these are added; hosts of `NO_PROXY` stay in it. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** The file of the authority that programs are to trust. */
  readonly authority?: string | undefined;
}

/** The variables by which programs trust an authority: Node.js, OpenSSL (Go, Ruby, Rust, httpx), requests, curl, … */
const TRUST_VARIABLES = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "DENO_CERT",
  "CARGO_HTTP_CAINFO",
  "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
] as const;

/**
 * Returns `FAUXGEN_URL`, for each vendor `FAUXGEN_<VENDOR>_{URL,KEY,WEBHOOK_SECRET}` and the variables of its known
 * clients, `NO_PROXY`, the variables by which programs trust the authority, and the assignments. Throws {@link Failure}
 * for a malformed assignment.
 */
export function environmentFor(
  url: string,
  holder: Holder,
  { assignments, inherited, authority }: EnvironmentOptions,
): Record<string, string> {
  const hosts = hostsWithoutProxy(url, inherited);
  // Some programs read only one of the two.
  const environment: Record<string, string> = { FAUXGEN_URL: url, NO_PROXY: hosts, no_proxy: hosts };
  if (authority !== undefined) for (const name of TRUST_VARIABLES) environment[name] = resolve(authority);
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

/** Returns the hosts that programs must reach without a proxy: those that were set, the server's and this machine's. */
function hostsWithoutProxy(url: string, inherited: EnvironmentOptions["inherited"]): string {
  const set = [inherited["NO_PROXY"], inherited["no_proxy"]].flatMap((list) => list?.split(/[\s,]+/) ?? []);
  // Programs take this to mean every host only where it stands alone.
  if (set.includes("*")) return "*";
  const own = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return [...new Set([...set, own, "localhost", "127.0.0.1", "::1"])].filter((host) => host !== "").join(",");
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
