/** `docs/fidelity.md`: what each endpoint answers, on what authority, and which tests hold it to that. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { RouteOptions } from "fastify";
import type { Outcome, Source } from "../../src/http/errors/outcome.ts";
import { mediaPrefix } from "../../src/media/serve/routes.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { choicesIn, repository, sourceFilesIn } from "./annotations.ts";

const INTRODUCTION = `# Fidelity

<!-- Made from the code by \`npm run gen\`; a test fails when it is stale. -->

What each endpoint of each vendor answers here, and how sure we are that the vendor does the same. No vendor was ever
called: everything rests on what could be read, and each statement names the best source that it has.

| source | means |
| --- | --- |
| seed | the documents that this product was asked from, word for word |
| doc | the vendor's own documentation |
| sdk | types or code of the vendor's own SDK |
| client | the code of somebody else's client, or an answer that somebody captured |
| inferred | nobody says; the choice is ours, made in the manner of what is known |

Confidence speaks of the good answers: **high** where a seed or documentation shows them, **medium** where an SDK or a
client does, **low** where they are inferred. Errors have their sources beside them.

Every answer that is listed is provoked by [conformance.test.ts](../test/vendors/conformance.test.ts) and compared with the
published response, written down apart from the code, by [shapes.test.ts](../test/contract/shapes.test.ts); what those
two find missing stands in [known-gaps.ts](../test/contract/known-gaps.ts). The last column has the tests that use the
endpoint besides.
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
  const choices = choicesIn(`src/vendors/${name}`);
  return [
    `## ${title} (\`${name}\`)`,
    "",
    `In the place of ${realHosts[0]}. Version ${first}${others.length === 0 ? "" : `; ${others.join(", ")} by setting`}.`,
    "",
    "| endpoint | operation | answers | confidence | tests |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    ...pushLines(vendor),
    "### Not supported",
    "",
    ...notSupportedLines(vendor),
    "",
    "### Where the sources are silent",
    "",
    ...(choices.length === 0 ? ["Nowhere that the code would say."] : choices.map(choiceLine)),
    "",
  ].join("\n");
}

/** The vendor's own routes, and those of files that answer operations which it has nowhere else. */
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

/** Webhooks and events, where there are any, and a blank line behind them. */
function pushLines({ webhookFacts = [] }: Vendor): string[] {
  if (webhookFacts.length === 0) return [];
  const rows = webhookFacts.map(({ what, how, source, tests }) => {
    const links = tests.map((test) => `[${test.replace(/^vendors\//, "")}](../test/${test}.test.ts)`).join(", ");
    return `| ${[what, how, source, CONFIDENCE[source], links].map(escapeCell).join(" | ")} |`;
  });
  const head = ["### What it sends by itself", "", "| what | how | source | confidence | tests |"];
  return [...head, "| --- | --- | --- | --- | --- |", ...rows, ""];
}

function notSupportedLines({ notSupported = [] }: Vendor): string[] {
  if (notSupported.length === 0) return ["Nothing that is documented is known to be missing."];
  return notSupported.map(({ what, why, source }) => `- ${what}: ${why} [${source}]`);
}

function choiceLine({ file, sentence }: { readonly file: string; readonly sentence: string }): string {
  return `- ${escapeCell(sentence)} ([${file.split("/").at(-1) ?? file}](../${file}))`;
}

/** Good answers that have no end which a provocation could wait for; the tests of their own hold them. */
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
  // What is reached by a link was asked for under another path; it is looked for where nothing else is a good answer.
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

/** `200 queued [seed], failed [seed]; 404 NOT_FOUND [seed, inferred]`. */
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

/** What tells an answer from others of its status, with a space behind it; nothing where there is no such thing. */
function labelOf({ status, code, phase, vintage }: Outcome): string {
  // In a good answer without a phase, what is looked for is just a sign that it is the right one.
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
  /** What is in it, and in the requests of test/support that it imports. */
  readonly text: string;
}

/** The vendor's own tests, and those that drive it as its clients do. */
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

/** The functions that a file exports, by their names; what builds a world asks for nothing that a test may not want. */
function requestsIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^(?=export )/m).map((part) => {
    const [, name = ""] = /^export (?:async )?(?:function|const) (\w+)/.exec(part) ?? [];
    return [name, part.replace(/^}.*/ms, "")] as const;
  });
  return new Map(parts.filter(([name]) => name !== "" && !name.startsWith("build")));
}

/** The texts of some functions, and of those of the same file that they call. */
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

/** A route's path as it stands in code: a parameter is `${...}` or anything without a slash. */
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
