/** Generates `docs/fidelity.md`: the responses of each endpoint, their sources, and the tests that check them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { RouteOptions } from "fastify";
import type { Outcome, Source } from "../../src/http/errors/outcome.ts";
import { mediaPrefix } from "../../src/media/serve/routes.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { repository, sourceFilesIn } from "./repository.ts";

const INTRODUCTION = `# Fidelity

<!-- Generated from the code by \`npm run gen\`; a test fails when it is stale. -->

This page lists the responses of each endpoint of each vendor, and how certain it is that the vendor responds in the same
way. No vendor was ever called: all statements come from published material, and each statement names its best source.

| source | meaning |
| --- | --- |
| seed | the documents that this product was requested with, word for word |
| doc | the vendor's own documentation |
| sdk | types or code of the vendor's own SDK |
| client | the code of a third-party client, or a captured response |
| inferred | not documented; our own choice, in the style of the documented behaviour |

The confidence is about successful responses: **high** if a seed or the documentation shows them, **medium** if an SDK or a
client shows them, **low** if they are inferred. Each error has its own source.

[conformance.test.ts](../test/vendors/conformance.test.ts) provokes every listed response, and
[shapes.test.ts](../test/contract/shapes.test.ts) compares it with the published response, which is written separately from
the code. [known-gaps.ts](../test/contract/known-gaps.ts) lists the known differences. The last column lists other tests
that use the endpoint.
`;

export function fidelityPage(vendors: readonly Vendor[], routes: readonly RouteOptions[]): string {
  return [
    INTRODUCTION,
    ...vendors.map((vendor) => vendorSection(vendor, routesOf(vendor, vendors, routes), testsOf(vendor))),
  ].join("\n");
}

function vendorSection(vendor: Vendor, routes: readonly RouteOptions[], tests: readonly TestFile[]): string {
  const { name, title, realHosts, vintages, outcomes } = vendor;
  const [first, ...others] = vintages;
  const rows = routes.flatMap((route) => methodsOf(route).map((method) => endpointRow(method, route, outcomes, tests)));
  return [
    `## ${title} (\`${name}\`)`,
    "",
    `Replaces ${realHosts[0]}. Version ${first}${others.length === 0 ? "" : `; ${others.join(", ")} by a setting`}.`,
    "",
    "| endpoint | operation | responses | confidence | tests |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    ...pushLines(vendor),
    "### Not supported",
    "",
    ...notSupportedLines(vendor),
    "",
    "### Undocumented behaviour",
    "",
    ...choiceLines(vendor),
    "",
  ].join("\n");
}

/** Returns the vendor's own routes, and the file routes of those operations that have no route at the vendor. */
function routesOf(
  { name, prefixes, outcomes }: Vendor,
  vendors: readonly Vendor[],
  routes: readonly RouteOptions[],
): RouteOptions[] {
  const below = routes.filter(({ url }) => prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`)));
  const routed = new Set(below.map(({ config }) => config?.operation));
  const others = vendors.filter((each) => each.name !== name);
  const files = routes.filter(({ url, config }) => {
    const isAnswered = outcomes.some(({ operation }) => operation === config?.operation);
    const isOfAnother = others.some((other) => url.includes(`/${other.name}/`));
    return url.startsWith(mediaPrefix) && isAnswered && !isOfAnother && !routed.has(config?.operation);
  });
  return [...below, ...files];
}

function methodsOf({ method }: RouteOptions): string[] {
  return [method].flat().filter((each) => each !== "HEAD");
}

/** Returns the lines about webhooks and events, followed by a blank line, or nothing if the vendor sends none. */
function pushLines({ webhookFacts = [] }: Vendor): string[] {
  if (webhookFacts.length === 0) return [];
  const rows = webhookFacts.map(({ what, how, source, tests }) => {
    const links = tests.map((test) => `[${test.replace(/^vendors\//, "")}](../test/${test}.test.ts)`).join(", ");
    return `| ${[what, how, source, CONFIDENCE[source], links].map(escapeCell).join(" | ")} |`;
  });
  const head = ["### Webhooks and events", "", "| what | how | source | confidence | tests |"];
  return [...head, "| --- | --- | --- | --- | --- |", ...rows, ""];
}

function notSupportedLines({ notSupported = [] }: Vendor): string[] {
  if (notSupported.length === 0) return ["No documented feature is known to be missing."];
  return notSupported.map(({ what, why, source }) => `- ${what}: ${why} [${source}]`);
}

function choiceLines({ name, choices = [] }: Vendor): string[] {
  if (choices.length === 0) return ["No undocumented behaviour is listed."];
  const rows = choices.map(({ choice, because, file }) => {
    const link = `[${file}](../src/vendors/${name}/${file})`;
    return `| ${[choice, because, link].map(escapeCell).join(" | ")} |`;
  });
  return ["| choice | because | file |", "| --- | --- | --- |", ...rows];
}

/** Successful responses that never end, so that no provocation can wait for them. They have their own tests. */
const ENDLESS: readonly Pick<Outcome, "operation" | "status" | "source">[] = [
  { operation: "followEvents", status: 200, source: "doc" },
];

function endpointRow(
  method: string,
  { url, config }: RouteOptions,
  outcomes: readonly Outcome[],
  tests: readonly TestFile[],
): string {
  const pattern = new RegExp(`^${patternOf(url)}$`);
  const ofOperation = outcomes.filter(({ operation }) => operation === config?.operation);
  const asked = ofOperation.filter(({ provoke }) => pattern.test(provoke.path.split("?", 1)[0] ?? ""));
  // A response that is reached by a link has another path. It counts only if no other response is successful.
  const linked = ofOperation.filter(({ provoke }) => provoke.link !== undefined);
  const ofPath = asked.length === 0 || asked.some(({ status }) => status < 400) ? asked : [...linked, ...asked];
  const own = ofPath.length > 0 ? ofPath : ofOperation;
  const endless = ENDLESS.filter(({ operation }) => operation === config?.operation);
  const called = new RegExp(`(?<![\\w/])${patternOf(url)}(?=["'\`?\\s])`);
  const covering = tests.filter(({ text }) => called.test(text)).map(({ path }) => path);
  const links = covering.map((path) => `[${path.replace(/^test\/(?:vendors\/)?|\.test\.ts$/g, "")}](../${path})`);
  const cells = [
    `\`${method} ${url.replaceAll(/:(\w+)/g, "{$1}")}\``,
    config?.operation ?? "",
    [...endless.map(({ status, source }) => `${status} [${source}]`), answersOf(own)].join("; "),
    confidenceOf([...endless, ...own]),
    links.join(", "),
  ];
  return `| ${cells.map(escapeCell).join(" | ")} |`;
}

/** Formats outcomes such as `200 queued [seed], failed [seed]; 404 NOT_FOUND [seed, inferred]`. */
function answersOf(outcomes: readonly Outcome[]): string {
  const statuses = [...new Set(outcomes.map(({ status }) => status))].sort((left, right) => left - right);
  return statuses
    .map((status) => {
      const sources = new Map<string, Set<Source>>();
      for (const outcome of outcomes.filter((each) => each.status === status)) {
        const label = labelOf(outcome);
        sources.set(label, (sources.get(label) ?? new Set()).add(outcome.source));
      }
      return `${status} ${[...sources].map(([label, known]) => `${label}[${[...known].join(", ")}]`).join(", ")}`;
    })
    .join("; ");
}

/** Returns the label that distinguishes a response from others of its status, followed by a space, or an empty text. */
function labelOf({ status, code, phase, vintage }: Outcome): string {
  // The code of a successful response without a phase only identifies the right response, so it is not shown.
  const shown =
    code === undefined || (status < 400 && phase === undefined) ? [] : [/^[\w:.]+$/.test(code) ? code : `"${code}"`];
  const parts = [...(phase === undefined ? [] : [phase]), ...shown, ...(vintage === undefined ? [] : [`(${vintage})`])];
  return parts.map((part) => `${part} `).join("");
}

const CONFIDENCE: Readonly<Record<Source, "high" | "medium" | "low">> = {
  seed: "high",
  doc: "high",
  sdk: "medium",
  client: "medium",
  inferred: "low",
};

function confidenceOf(outcomes: readonly Pick<Outcome, "status" | "source">[]): string {
  const good = new Set(outcomes.filter(({ status }) => status < 400).map(({ source }) => CONFIDENCE[source]));
  return (["low", "medium", "high"] as const).find((each) => good.has(each)) ?? "not provoked";
}

interface TestFile {
  readonly path: string;
  /** The text of the file and of the request functions that it imports from test/support. */
  readonly text: string;
}

/** Returns the vendor's own tests, and the tests that use it as a client does. */
function testsOf({ name }: Vendor): TestFile[] {
  const read = (path: string): string => readFileSync(join(repository, path), "utf8");
  const shared = `test/support/${name}.ts`;
  const requests = requestsIn(existsSync(join(repository, shared)) ? read(shared) : "");
  const isOwn = new RegExp(`^test/(?:(?:vendors/${name}|media)/.+|(?:contract|e2e)/[^/]+)\\.test\\.ts$`);
  return sourceFilesIn("test")
    .filter((path) => isOwn.test(path))
    .map((path) => {
      const text = read(path);
      const names = [...text.matchAll(/import \{([^}]*)\} from "(\.[^"]+\.ts)"/g)]
        .filter(([, , imported = ""]) => relative(repository, join(repository, dirname(path), imported)) === shared)
        .flatMap(([, list = ""]) => list.match(/\w+/g) ?? []);
      return { path, text: [text, ...textsOf(names, requests)].join("\n") };
    });
}

/** Returns the exported functions of a file by name, without those that build a world and may send unused requests. */
function requestsIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^(?=export )/m).map((part) => {
    const [, name = ""] = /^export (?:async )?(?:function|const) (\w+)/.exec(part) ?? [];
    return [name, part.replace(/^}.*/ms, "")] as const;
  });
  return new Map(parts.filter(([name]) => name !== "" && !name.startsWith("build")));
}

/** Returns the texts of the named functions and of the functions of the same file that they call. */
function textsOf(names: readonly string[], functions: ReadonlyMap<string, string>): string[] {
  const found = new Map<string, string>();
  const visit = (name: string): void => {
    const text = functions.get(name);
    if (text === undefined || found.has(name)) return;
    found.set(name, text);
    for (const called of text.match(/\w+(?=\()/g) ?? []) visit(called);
  };
  names.forEach(visit);
  return [...found.values()];
}

/** Returns a pattern for a route's path in code: a parameter matches `${...}` or any text without a slash. */
function patternOf(url: string): string {
  return url
    .split("/")
    .map((segment) =>
      segment.startsWith(":") || segment.includes("*")
        ? "(?:\\$\\{[^`]*?\\}|[^/\"'`?\\s]+)"
        : segment.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("/");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
