/**
 * Defines every setting once: its schema, default, flag, environment variable and one line of help. The CLI's options,
 * the environment, `fauxgen.config.{yaml,json}` and the README's table all derive from this list. It is long because a
 * setting and the check of its value stand together.
 */
import { isIP } from "node:net";
import { z } from "zod";
import { withoutUrlSecrets } from "./wording/shown-urls.ts";
import { parseDuration } from "./engine/base/durations.ts";
import { duration } from "./engine/base/time-codecs.ts";
import { parseScenarioText } from "./engine/rule/marker.ts";
import { timing } from "./engine/model/timing.ts";
import { baseUrl } from "./engine/base/web-url.ts";
import { adviceOn, fieldErrors } from "./wording/field-errors.ts";
import { nearestNames } from "./wording/nearest.ts";
import { LEAST_MEMORY_BYTES } from "./platform/memory-budget.ts";

/** The proxies whose forwarding headers are trusted: their number, or their addresses, networks and names. */
export type TrustedProxies = number | readonly string[];

interface Setting<Value, Input> {
  /** Parses a value as written in a file, a variable or a call. */
  readonly schema: z.ZodType<Value, Input>;
  readonly default: Value;
  readonly help: string;
  /** The word for the value in usage texts; absent for a switch. */
  readonly placeholder?: string;
}

const setting = <Value, Input>(
  schema: z.ZodType<Value, Input>,
  byDefault: NoInfer<Value>,
  help: string,
  placeholder?: string,
): Setting<Value, Input> => ({
  schema,
  default: byDefault,
  help,
  ...(placeholder !== undefined && { placeholder }),
});

const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], bounds(min, max))
    .refine((given) => Number.isInteger(given) && given >= min && given <= max, bounds(min, max));
const bounds = (min: number, max: number): string =>
  `write a whole number${max === Number.MAX_SAFE_INTEGER ? (min > 0 ? `, ${min} or more` : "") : ` from ${min} to ${max}`}`;
const text = z
  .string({ error: ({ input }) => (input === null ? "has no value; write one, or leave the key out" : undefined) })
  .min(1, "write at least one character");
const flag = z.union(
  [z.boolean(), z.enum(["true", "false", "1", "0"]).transform((given) => given === "true" || given === "1")],
  "write true or false",
);
const bytes = z.union([z.number().int().positive(), z.string()]).transform((given, context) => {
  const match = /^(\d+)\s*(b|kib|mib|gib)?$/i.exec(String(given));
  if (match !== null)
    return Number(match[1]) * 1024 ** ["b", "kib", "mib", "gib"].indexOf((match[2] ?? "b").toLowerCase());
  context.addIssue({ code: "custom", message: "not a size; write 1048576, 64MiB or 1GiB" });
  return z.NEVER;
});
const bytesFrom = (least: number, inWords: string) =>
  bytes.refine((size) => size >= least, `write at least ${inWords}`);
/** A name or an address, an IPv6 address also in brackets, as in a URL. */
const listeningHost = text.transform((given, context) => {
  const host = given.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 6) return new URL(`http://[${host.replace(/%.*/, "")}]`).hostname.slice(1, -1) + zoneOf(host);
  if (/^[\w.-]+$/.test(host)) return host;
  context.addIssue({ code: "custom", message: "write an address or a name without a port, such as 127.0.0.1 or ::1" });
  return z.NEVER;
});
/** The network interface of a link-local address, such as `%eth0`. */
const zoneOf = (address: string): string => /%.*$/.exec(address)?.[0] ?? "";
/** An origin as a page's Origin header has it: `null` is that of a page without one, such as a file. */
const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[^/\s,?#]+)$/i;
const origins = z
  .union([z.array(z.string()), z.string().transform((list) => list.split(",").map((each) => each.trim()))])
  .transform((listed, context): readonly string[] | "any" => {
    if (listed.length === 1 && listed[0] === "any") return "any";
    const wrong = listed.find((origin) => !ORIGIN.test(origin));
    if (wrong === undefined) return listed.map((origin) => origin.toLowerCase());
    const instead = URL.canParse(wrong) ? new URL(wrong).origin : `https://${wrong}`;
    const isHost = /[.:]/.test(wrong) && ORIGIN.test(instead) && instead !== "null";
    context.addIssue({
      code: "custom",
      message: `"${wrong}" is not an origin; write ${isHost ? instead : "origins, such as https://app.example.com,http://intranet:8080, or any alone"}`,
    });
    return z.NEVER;
  });
/** Names for a certificate: addresses, and names whose first part may be `*`. */
const CERTIFICATE_NAME = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;
const hostNames = z
  .union([z.array(z.string()), z.string().transform((list) => list.split(","))])
  .transform((listed, context): readonly string[] => {
    const names = listed.map((name) =>
      name
        .trim()
        .toLowerCase()
        .replace(/^\[(.*)\]$/, "$1"),
    );
    if (names.every((name) => isIP(name) > 0 || (name.length <= 253 && CERTIFICATE_NAME.test(name)))) return names;
    context.addIssue({ code: "custom", message: "write names or addresses without a port, such as fauxgen,10.0.0.7" });
    return z.NEVER;
  });
/** A host name or address, as the host of a webhook's URL has it. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?)$/i;
const hostPatterns = z
  .union([z.array(text), text.transform((list) => list.split(",").map((host) => host.trim()))])
  .superRefine((hosts, context) => {
    for (const host of hosts) {
      if (host === "*" || HOST.test(host.replace(/^\*\./, "")) || isIP(host) === 6) continue;
      const instead = hostIn(host);
      context.addIssue({
        code: "custom",
        message: `"${host}" is not a host; write ${instead ?? "hosts, such as hooks.example.com,*.example.org"}`,
      });
    }
  })
  .readonly();
/** Pairs as a text: `sync=2026-11,oxen=0.243`. */
const pairs = z.string().transform((list, context) => {
  const twice = repeatedIn(namesIn(list));
  if (twice === undefined) return pairsOf(list);
  context.addIssue({ code: "custom", message: `${twice} has two values; keep one of them` });
  return z.NEVER;
});
const hostRewrites = z
  .union([z.record(z.string(), z.string()), pairs])
  .superRefine((rewrites, context) => {
    for (const [from, to] of Object.entries(rewrites)) {
      const wrong = [from, to].find((host) => !HOST.test(host.replace(/:\d{1,5}$/, "")) && isIP(host) !== 6);
      if (wrong === undefined) continue;
      const instead = hostIn(wrong);
      context.addIssue({
        code: "custom",
        message: `"${from}=${to}" is not a pair of hosts; write ${instead === undefined ? "" : `${instead} for ${wrong}, as in `}localhost=host.docker.internal`,
      });
    }
  })
  .readonly();
/** A duration above 0, because Node.js reads 0 as no limit. A flag writes a number of milliseconds as text. */
const someTime = z
  .union([duration, z.string()])
  .transform((given) => (typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given))
  .pipe(duration.refine((milliseconds) => milliseconds > 0, "write more than 0, such as 30s"));
const TRUST_LINE = "write the trusted proxies, such as loopback,10.0.0.0/8, or their number, such as 1";
const proxies = z
  .union([z.boolean(), z.number(), z.string(), z.array(z.string())])
  .transform((given, context): TrustedProxies | undefined => {
    if (given === false || given === "false") return undefined;
    const read = trustedProxiesFrom(given);
    if (read !== undefined) return read;
    context.addIssue({ code: "custom", message: TRUST_LINE });
    return z.NEVER;
  });
const timingText = z.union([z.string(), z.object({}).loose()]).transform((given, context): z.output<typeof timing> => {
  const parsed = timing.safeParse(typeof given === "string" ? timingFrom(given) : given);
  if (parsed.success) return parsed.data;
  const message = `write fast, instant, realistic, or queued=1s,processing=10s${wrongTiming(given)}`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});
function wrongTiming(given: string | object): string {
  const isName = typeof given === "string" && !given.includes("=");
  const names = typeof given === "string" ? namesIn(given) : Object.keys(given);
  const twice = repeatedIn(names);
  if (twice !== undefined) return `; ${twice} has two values`;
  const known = isName ? ["fast", "instant", "realistic"] : ["queued", "processing"];
  const wrong = names.find((name) => !known.includes(name));
  return wrong === undefined ? "" : `; there is no "${wrong}". ${adviceOn(nearestNames(wrong, known), known)}`;
}

export const settings = {
  host: setting(listeningHost, "127.0.0.1", "Address to listen on", "ADDRESS"),
  port: setting(wholeNumber(0, 65_535), 4600, "Port to listen on; 0 takes a free one", "PORT"),
  data: setting(text.optional(), undefined, "Keep everything in this SQLite file instead of in memory", "FILE"),
  json: setting(flag, false, "Print the ready line as JSON"),
  logLevel: setting(
    z.enum(["silent", "error", "warn", "info", "debug"]),
    "warn",
    "Lowest level that is logged to stderr; info logs a line per request",
    "LEVEL",
  ),
  seed: setting(text, "fauxgen", "Decides ids, tokens, media and probability", "TEXT"),
  timing: setting(
    timingText,
    "fast",
    "How long phases last: fast, instant, realistic, or queued=1s,processing=10s",
    "TIMING",
  ),
  scenario: setting(
    text.refine((name) => parseScenarioText(name) !== undefined, "write a scenario name, or name=CODE"),
    "succeed",
    "Scenario of generations that choose none",
    "NAME",
  ),
  catalogue: setting(
    z.enum(["open", "strict"]).optional(),
    undefined,
    "Accept models outside the catalogues (open), or refuse them (strict)",
    "open|strict",
  ),
  vintages: setting(
    z.union([z.record(z.string(), z.string()), pairs]).readonly(),
    {},
    "Documented version to emulate, by vendor: sync=2026-11,oxen=0.243",
    "LIST",
  ),
  unknownKeys: setting(
    z.enum(["refuse", "default"]),
    "refuse",
    "Refuse unknown API keys, or accept them as keys of default/main",
    "refuse|default",
  ),
  unknownAccounts: setting(
    z.enum(["make", "refuse"]),
    "make",
    "Make an account that a key names and that is not there, or refuse the key",
    "make|refuse",
  ),
  publicUrl: setting(
    baseUrl.optional(),
    undefined,
    "Use this origin in media URLs, instead of the request's origin",
    "URL",
  ),
  trustProxy: setting(
    proxies,
    undefined,
    "Trust the forwarding headers of these proxies: addresses and networks, loopback, uniquelocal, or their number",
    "PROXIES",
  ),
  cors: setting(
    origins,
    [],
    "Origins of pages that may use vendor routes and media, beside those of loopback; any takes all",
    "ORIGINS",
  ),
  sound: setting(flag, true, "Give videos a sound track"),
  explain: setting(flag, true, "Send x-fauxgen-* response headers"),
  tls: setting(
    flag,
    false,
    "Answer HTTPS too, with a certificate for the vendors' hosts from an authority made at start",
  ),
  tlsPort: setting(wholeNumber(0, 65_535), 4643, "Port to answer HTTPS on; 0 takes a free one", "PORT"),
  tlsAuthority: setting(
    text,
    "fauxgen-ca.pem",
    "Where the authority's certificate is written, for clients to trust",
    "FILE",
  ),
  tlsAuthorityKey: setting(
    text.optional(),
    undefined,
    "Keep the authority's private key in this file, so that later starts use the same authority",
    "FILE",
  ),
  tlsNames: setting(
    hostNames,
    [],
    "Further names and addresses in the certificate: fauxgen,host.docker.internal,*.example.test",
    "NAMES",
  ),
  tlsCert: setting(text.optional(), undefined, "Use this certificate (PEM, with its chain) instead", "FILE"),
  tlsKey: setting(text.optional(), undefined, "Private key of --tls-cert (PEM)", "FILE"),
  control: setting(
    z.enum(["private", "open", "token"]),
    "private",
    "Who may use /_fauxgen: private addresses, everyone, or token holders",
    "MODE",
  ),
  controlToken: setting(
    text.regex(/^[\x21-\x7e]+$/, "write ASCII without spaces; a header carries no other").optional(),
    undefined,
    "Bearer token that opens /_fauxgen from anywhere",
    "TOKEN",
  ),
  fixtures: setting(
    text.optional(),
    undefined,
    "Folder whose catalogues, scenarios, rules, accounts and media are added to the built-in ones",
    "DIR",
  ),
  memory: setting(
    bytesFrom(LEAST_MEMORY_BYTES, "64MiB").optional(),
    undefined,
    "Bytes that clients can make the server keep in memory; by default 40 % of the heap limit, or of the container's memory if that is smaller",
    "SIZE",
  ),
  maxSandboxes: setting(wholeNumber(1), 10_000, "Sandboxes at once", "COUNT"),
  sandboxTtl: setting(
    someTime,
    3_600_000,
    "Drop a sandbox idle for this long; never default, never with --data",
    "DURATION",
  ),
  journalEntries: setting(wholeNumber(1), 10_000, "Requests kept per sandbox", "COUNT"),
  journalBytes: setting(bytesFrom(1024, "1KiB"), 32 * 1024 * 1024, "Bytes of requests kept per sandbox", "SIZE"),
  uploadBytes: setting(bytesFrom(1, "1"), 64 * 1024 * 1024, "Bytes of one uploaded file", "SIZE"),
  uploadTotalBytes: setting(bytesFrom(1, "1"), 512 * 1024 * 1024, "Bytes of uploaded files kept per sandbox", "SIZE"),
  coverageDir: setting(
    text.optional(),
    undefined,
    "Folder in which the server saves its coverage, for fauxgen coverage to add up",
    "DIR",
  ),
  webhooks: setting(
    z.enum(["deliver", "collect"]),
    "deliver",
    "Send webhooks, or keep them for tests to read",
    "deliver|collect",
  ),
  webhooksAllow: setting(
    hostPatterns,
    [],
    "Public hosts that may receive webhooks: hooks.example.com,*.example.org",
    "HOSTS",
  ),
  webhookHostRewrite: setting(
    hostRewrites,
    {},
    "Hosts to send webhooks to instead: localhost=host.docker.internal",
    "LIST",
  ),
  maxDeliveries: setting(wholeNumber(1), 10_000, "Webhook deliveries kept per sandbox", "COUNT"),
  maxGenerations: setting(wholeNumber(1), 2_000_000, "Generations kept per sandbox", "COUNT"),
  maxHeld: setting(wholeNumber(1), 20_000, "Requests held open at once, in all sandboxes", "COUNT"),
  maxFollowers: setting(wholeNumber(1), 1000, "Event streams open at once, in all sandboxes", "COUNT"),
  maxBodyBytes: setting(
    bytesFrom(1, "1"),
    32 * 1024 * 1024,
    "Bytes of a request body that is not an upload; vendors and control may have lower limits",
    "SIZE",
  ),
  maxHeaderBytes: setting(bytesFrom(1024, "1KiB"), 16 * 1024, "Bytes of request headers", "SIZE"),
  headerTimeout: setting(
    someTime,
    60_000,
    "Time that a client has to send the headers of a request after it connects",
    "DURATION",
  ),
  requestTimeout: setting(
    someTime,
    300_000,
    "Time that a client has to send a whole request, uploads included; the time it is held does not count",
    "DURATION",
  ),
  // Node.js passes on at most 2000 headers and drops the rest without an error.
  maxHeaders: setting(wholeNumber(1, 1999), 200, "Headers of a request", "COUNT"),
} as const;

export type SettingName = keyof typeof settings;
export type Config = { readonly [Name in SettingName]: z.output<(typeof settings)[Name]["schema"]> };
export type ConfigInput = { readonly [Name in SettingName]?: unknown };

/** The error for an unusable setting; the message names the setting as the user wrote it. */
export class ConfigError extends Error {}

export const settingNames: readonly SettingName[] = Object.keys(settings).filter((name): name is SettingName =>
  Object.hasOwn(settings, name),
);

/** Returns the flag of a setting: `--max-sandboxes` for `maxSandboxes`. */
export const flagOf = (name: SettingName): string => `--${kebab(name)}`;

/** Returns the environment variable of a setting: `FAUXGEN_MAX_SANDBOXES` for `maxSandboxes`. */
export const environmentNameOf = (name: SettingName): string =>
  `FAUXGEN_${kebab(name).replaceAll("-", "_").toUpperCase()}`;

/** Where the values of a configuration come from, for errors that a schema alone cannot find. */
interface Sources {
  readonly nameOf: (name: SettingName) => string;
  /** Whether the user wrote the setting, rather than leaving it at its default. */
  readonly isGiven: (name: SettingName) => boolean;
}

const sourcesOf = new WeakMap<Config, Sources>();

/** Returns a setting's name as the user wrote it: `--scenario`, `FAUXGEN_SCENARIO`, or `scenario` in a file. */
export function nameAsWritten(config: Config, name: SettingName): string {
  return sourcesOf.get(config)?.nameOf(name) ?? name;
}

/** Returns the first of these settings that the user wrote. */
export function firstGiven(config: Config, names: readonly SettingName[]): SettingName | undefined {
  return names.find((name) => sourcesOf.get(config)?.isGiven(name) === true);
}

/** Builds the configuration; the first source that has a value for a setting wins. Throws {@link ConfigError}. */
export function readConfig(
  layers: readonly { readonly values: ConfigInput; readonly nameOf: (name: SettingName) => string }[],
): Config {
  const chosen = settingNames.map((name) => {
    const layer = layers.find(({ values }) => values[name] !== undefined);
    if (layer === undefined) return [name, settings[name].default] as const;
    const parsed = settings[name].schema.safeParse(layer.values[name]);
    if (parsed.success) return [name, parsed.data] as const;
    throw new ConfigError(`${layer.nameOf(name)}: ${reasonOf(name, layer.values[name], parsed.error)}`);
  });
  const config = Object.fromEntries(chosen) as Config;
  const nameOf = (name: SettingName): string =>
    layers.find(({ values }) => values[name] !== undefined)?.nameOf(name) ?? flagOf(name);
  const isGiven = (name: SettingName): boolean => layers.some(({ values }) => values[name] !== undefined);
  sourcesOf.set(config, { nameOf, isGiven });
  refuseContradictions(config, { nameOf, isGiven });
  return config;
}

/** Says what is wrong with a value: the setting's own words and the value, or the allowed values and the nearest. */
function reasonOf(name: SettingName, value: unknown, error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === "custom" || (issue !== undefined && !issue.message.startsWith("Invalid")))
    return `${issue.message} (got ${withoutUrlSecrets(JSON.stringify(value))})`;
  const [first] = fieldErrors(settings[name].schema, value, error, []);
  return first?.message ?? "is not usable";
}

/** Pairs of settings of which the first must not be more than the second, if both are given. */
const ORDERED = [
  ["uploadBytes", "uploadTotalBytes", "one file cannot have more bytes than all files of a sandbox"],
  ["headerTimeout", "requestTimeout", "a request's headers are a part of the request"],
] as const;

/** Throws {@link ConfigError} for settings that cannot work together. */
function refuseContradictions(config: Config, { nameOf, isGiven }: Sources): void {
  const { port, tls, tlsPort } = config;
  if (tls && port !== 0 && port === tlsPort)
    throw new ConfigError(
      `${nameOf("tlsPort")}: HTTP listens on ${port} already; write another port, or 0 for a free one`,
    );
  for (const [less, more, why] of ORDERED)
    if (isGiven(less) && isGiven(more) && config[less] > config[more])
      throw new ConfigError(`${nameOf(less)}: is more than ${nameOf(more)}, and ${why}`);
}

/** Reads the settings from environment variables. */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): ConfigInput {
  return Object.fromEntries(settingNames.map((name) => [name, environment[environmentNameOf(name)] || undefined]));
}

/** Returns the host of a URL that was written instead of a host. */
function hostIn(text: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text) ? new URL(text).hostname : undefined;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function pairsOf(list: string): Record<string, string> {
  return Object.fromEntries(
    list.split(",").map((pair) => {
      const [name = "", value = ""] = pair.split("=", 2);
      return [name.trim(), value.trim()];
    }),
  );
}

/** Returns undefined for invalid values and for `true`: trusting all proxies would let clients fake an address. */
function trustedProxiesFrom(given: boolean | number | string | readonly string[]): TrustedProxies | undefined {
  if (typeof given === "boolean") return undefined;
  if (typeof given === "number" || (typeof given === "string" && /^\d+$/.test(given.trim()))) {
    const hops = Number(given);
    return Number.isInteger(hops) && hops >= 1 && hops <= 100 ? hops : undefined;
  }
  const listed = typeof given === "string" ? given.split(",").map((each) => each.trim()) : given;
  return listed.length > 0 && listed.every(isNetwork) ? listed : undefined;
}

const NETWORK_NAMES: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0) return NETWORK_NAMES.has(text);
  const most = family === 6 ? 128 : 32;
  return (
    more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most))
  );
}

function namesIn(list: string): string[] {
  return list.split(",").map((pair) => pair.split("=", 1)[0]?.trim() ?? "");
}

function repeatedIn(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

/** Returns undefined if a phase has two values, since neither is the one that was meant. */
function timingFrom(given: string): unknown {
  if (!given.includes("=")) return given;
  if (repeatedIn(namesIn(given)) !== undefined) return undefined;
  return Object.fromEntries(
    Object.entries(pairsOf(given)).map(([name, value]) => [name, parseDuration(value) ?? value]),
  );
}
