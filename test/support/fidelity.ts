/**
 * Generates the fidelity pages: an overview, and a page per vendor with a row for each answer, its source, how to
 * provoke it, and the tests that check it.
 */
import type { RouteOptions } from "fastify";
import type { Outcome, Provocation, Source } from "../../src/http/errors/outcome.ts";
import { mediaPrefix } from "../../src/media/serve/routes.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { patternOf, testsOf, type TestFile } from "./fidelity-tests.ts";

const GENERATED = "<!-- Generated from the code by `npm run gen`; a test fails when it is stale. -->";

const SOURCES = {
  seed: "the documents that this product was requested with, word for word",
  doc: "the vendor's own documentation",
  sdk: "types or code of the vendor's own SDK",
  client: "the code of a third-party client, or a captured response",
  inferred: "not documented; our own choice, in the style of the documented behaviour",
} as const satisfies Record<Source, string>;

const sourceNames = ["seed", "doc", "sdk", "client", "inferred"] as const satisfies readonly Source[];

const NOTES = `An endpoint's confidence is about its successful responses: **high** if a seed or the documentation shows them,
**medium** if an SDK or a client shows them, **low** if they are inferred. Each error has its own source.

[conformance.test.ts](../test/vendors/conformance.test.ts) provokes every listed answer, and
[shapes.test.ts](../test/contract/shapes.test.ts) compares it with the published response, which is written separately from
the code. [known-gaps.ts](../test/contract/known-gaps.ts) lists the known differences. \`GET /_fauxgen/outcomes\` has the same
rows with whole requests.
`;

/** The folder of the vendors' pages. */
export const FIDELITY_FOLDER = "docs/fidelity";

/** Returns the overview and the pages of all vendors, as paths and contents. */
export function fidelityPages(
  vendors: readonly Vendor[],
  routes: readonly RouteOptions[],
): (readonly [path: string, content: string])[] {
  return [
    ["docs/fidelity.md", overview(vendors)],
    ...vendors.map(
      (vendor) =>
        [`${FIDELITY_FOLDER}/${vendor.name}.md`, vendorPage(vendor, routesOf(vendor, vendors, routes))] as const,
    ),
  ];
}

function overview(vendors: readonly Vendor[]): string {
  const rows = vendors.map(({ name, title, vintages, outcomes, notSupported = [], choices = [] }) => {
    const operations = new Set(outcomes.map(({ operation }) => operation)).size;
    const bySource = sourceNames.map((source) => outcomes.filter((each) => each.source === source).length);
    const page = `fidelity/${name}.md`;
    const more = [
      `[${notSupported.length}](${page}#not-supported)`,
      `[${choices.length}](${page}#undocumented-behaviour)`,
    ];
    return tableRow([`[${title}](${page})`, vintages.join(", "), operations, ...bySource, ...more]);
  });
  return [
    "# Fidelity",
    "",
    GENERATED,
    "",
    "How certain is it that a vendor responds in the same way? No vendor was ever called: all statements come from published",
    "material, and each answer names its best source. The table counts the answers of each vendor by their source.",
    "",
    tableRow(["vendor", "version", "operations", ...sourceNames, "not supported", "own choices"]),
    tableRow(Array.from({ length: 5 + sourceNames.length }, () => "---")),
    ...rows,
    "",
    tableRow(["source", "meaning"]),
    tableRow(["---", "---"]),
    ...sourceNames.map((source) => tableRow([source, SOURCES[source]])),
    "",
    NOTES,
  ].join("\n");
}

function vendorPage(vendor: Vendor, routes: readonly RouteOptions[]): string {
  const { name, title, realHosts, vintages, outcomes } = vendor;
  const [first, ...others] = vintages;
  const tests = testsOf(vendor);
  const endpoints = routes.flatMap((route) =>
    methodsOf(route).map((method) => endpointRow(method, route, outcomes, tests)),
  );
  return [
    `# Fidelity: ${title} (\`${name}\`)`,
    "",
    GENERATED,
    "",
    `Replaces ${realHosts[0]}. Version ${first}${others.length === 0 ? "" : `; ${others.join(", ")} by a setting`}. [All vendors](../fidelity.md)`,
    "",
    "[Endpoints](#endpoints) · [Answers](#answers) · [Webhooks and events](#webhooks-and-events) · [Not supported](#not-supported) · [Undocumented behaviour](#undocumented-behaviour)",
    "",
    "## Endpoints",
    "",
    tableRow(["endpoint", "operation", "confidence", "tests that use it"]),
    tableRow(["---", "---", "---", "---"]),
    ...endpoints,
    "",
    "## Answers",
    "",
    ...answerLines(vendor, tests),
    "## Webhooks and events",
    "",
    ...pushLines(vendor),
    "## Not supported",
    "",
    ...notSupportedLines(vendor),
    "",
    "## Undocumented behaviour",
    "",
    ...choiceLines(vendor),
    "",
  ].join("\n");
}

/** Returns a table of answers for each operation. Each row has an anchor that says operation, status and code. */
function answerLines({ outcomes }: Vendor, tests: readonly TestFile[]): string[] {
  const taken = new Map<string, number>();
  const operations = [...new Set(outcomes.map(({ operation }) => operation))];
  return operations.flatMap((operation) => [
    `### ${operation}`,
    "",
    tableRow(["answer", "source", "how to provoke it", "tests"]),
    tableRow(["---", "---", "---", "---"]),
    ...outcomes
      .filter((each) => each.operation === operation)
      .toSorted((left, right) => left.status - right.status)
      .map((outcome) => answerRow(outcome, tests, taken)),
    "",
  ]);
}

function answerRow(outcome: Outcome, tests: readonly TestFile[], taken: Map<string, number>): string {
  const { status, source, provoke, code } = outcome;
  const name = anchorOf(outcome);
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  const naming = code === undefined || status < 400 ? [] : tests.filter(({ text }) => text.includes(code));
  return tableRow([
    `<a id="${name}${count === 1 ? "" : `-${count}`}"></a>${status} ${labelOf(outcome)}`.trim(),
    source,
    provocationText(provoke),
    [CONFORMANCE, ...naming.map(linkTo)].join(", "),
  ]);
}

/** Returns the anchor of an answer, such as `creategeneration-402-broke`. */
function anchorOf({ operation, status, phase, code, vintage }: Outcome): string {
  return [operation, status, phase, code, vintage]
    .filter((part) => part !== undefined)
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
}

/** The test that provokes every answer. */
const CONFORMANCE = "[conformance](../../test/vendors/conformance.test.ts)";

const MOST_BODY_TEXT = 110;

/** Describes a provocation: what happens before, then the account, the request, and the start of its body. */
function provocationText(provoke: Provocation): string {
  const {
    account,
    key,
    method,
    path,
    body,
    rawBody,
    headers,
    create,
    before,
    advance,
    meanwhile,
    link,
    times,
    settings,
  } = provoke;
  const earlier = [
    ...(settings === undefined ? [] : [`with ${codeOf(JSON.stringify(settings))}`]),
    ...(create === undefined ? [] : [`create ${codeOf(JSON.stringify(create.body))}${timesText(create.times)}`]),
    ...(before ?? []).map((step) => codeOf(`${step.method} ${step.path}`)),
    ...(advance === undefined ? [] : [`advance ${advance}`]),
  ];
  const who = account ?? (key === undefined ? "no key" : `key \`${key}\``);
  const sent = rawBody ?? (body === undefined ? "" : JSON.stringify(body));
  const request = [
    `${who === "main" ? "" : `${who}: `}${codeOf(`${method} ${path}`)}`,
    ...(headers === undefined ? [] : [codeOf(JSON.stringify(headers))]),
    ...(sent === "" ? [] : [codeOf(sent)]),
  ].join(" ");
  const after = [
    ...(meanwhile === undefined ? [] : [`advance ${meanwhile} while it is held`]),
    ...(link === undefined ? [] : [`open the URL in \`${link}\``]),
  ];
  return [...earlier, `${request}${timesText(times)}`, ...after].join(", then ");
}

function timesText(times: number | undefined): string {
  return times === undefined || times === 1 ? "" : ` ${times} times`;
}

/** Returns a text as code of one line, shortened. */
function codeOf(text: string): string {
  const line = text.replaceAll("`", "'").replaceAll(/\s+/g, " ").trim();
  return `\`${line.length > MOST_BODY_TEXT ? `${line.slice(0, MOST_BODY_TEXT)}…` : line}\``;
}

function linkTo({ path }: TestFile): string {
  return `[${path.replace(/^test\/(?:vendors\/)?|\.test\.ts$/g, "")}](../../${path})`;
}

function tableRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => escapeCell(String(cell))).join(" | ")} |`;
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

/** Returns the lines about webhooks and events, followed by a blank line. */
function pushLines({ webhookFacts = [] }: Vendor): string[] {
  if (webhookFacts.length === 0) return ["The vendor sends none.", ""];
  const rows = webhookFacts.map(({ what, how, source, tests }) => {
    const links = tests.map((test) => `[${test.replace(/^vendors\//, "")}](../../test/${test}.test.ts)`).join(", ");
    return tableRow([what, how, source, CONFIDENCE[source], links]);
  });
  return [tableRow(["what", "how", "source", "confidence", "tests"]), "| --- | --- | --- | --- | --- |", ...rows, ""];
}

function notSupportedLines({ notSupported = [] }: Vendor): string[] {
  if (notSupported.length === 0) return ["No documented feature is known to be missing."];
  return notSupported.map(({ what, why, source }) => `- ${what}: ${why} [${source}]`);
}

function choiceLines({ name, choices = [] }: Vendor): string[] {
  if (choices.length === 0) return ["No undocumented behaviour is listed."];
  const rows = choices.map(({ choice, because, file }) =>
    tableRow([choice, because, `[${file}](../../src/vendors/${name}/${file})`]),
  );
  return [tableRow(["choice", "because", "file"]), "| --- | --- | --- |", ...rows];
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
  const covering = tests.filter(({ text }) => called.test(text));
  return tableRow([
    `\`${method} ${url.replaceAll(/:(\w+)/g, "{$1}")}\``,
    own.length === 0 ? (config?.operation ?? "") : `[${config?.operation}](#${config?.operation?.toLowerCase()})`,
    confidenceOf([...endless, ...own]),
    covering.map(linkTo).join(", "),
  ]);
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

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
