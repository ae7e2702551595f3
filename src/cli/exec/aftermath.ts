/** Reads what a server saw once a command has ended: reports, conduct, coverage, and what was left over. */
import { ControlClient } from "../../client/control-client.ts";
import type { CoverageDocument, Finding } from "../../client/documents.ts";
import { exchange } from "../../client/exchange.ts";
import { Fauxgen } from "../../client/fauxgen.ts";
import { looseEndsOf, type UnusedRule } from "../../client/loose-ends.ts";
import { writeMarkdown } from "../../control/coverage/markdown.ts";
import { writeText } from "../../control/coverage/text.ts";
import { countOf } from "../../control/listing.ts";

/** The most sandboxes that are printed; a test run may have one for each test. */
const MOST_SANDBOXES = 8;

/** The most sandboxes that ended before the command of which something is kept. */
const MOST_ENDED = 1000;

/** The most lines of what was left over, for each sandbox. */
const MOST_LINES = 10;

/** The most missing answers that are printed for each operation. */
const MOST_MISSING = 3;

interface AftermathOptions {
  readonly token: string | undefined;
  /** The sandbox whose keys the command had. */
  readonly holder: string;
}

/** What is worth saying about a sandbox, as lines, so that many of them take little memory. */
interface Remains {
  readonly sandbox: string;
  readonly findings: number;
  readonly findingLines: readonly string[];
  readonly leftOver: readonly string[];
}

export class Aftermath {
  readonly control: ControlClient;
  readonly #holder: string;
  readonly #fauxgen: Fauxgen;
  readonly #ended: Remains[] = [];
  #endedCount = 0;
  #present: Promise<readonly Remains[]> | undefined;
  #coverage: Promise<CoverageDocument> | undefined;

  /** The command's exit code, once it has ended. */
  exitCode: number | undefined;

  constructor(url: string, { token, holder }: AftermathOptions) {
    this.control = new ControlClient(url, exchange, token);
    this.#fauxgen = new Fauxgen(this.control);
    this.#holder = holder;
  }

  /** Keeps what a sandbox shows, because it is about to be reset or deleted. */
  async keep(sandbox: string): Promise<void> {
    this.#endedCount += 1;
    const remains = await this.#of(sandbox);
    if (this.#ended.length < MOST_ENDED && remains.findings + remains.leftOver.length > 0) this.#ended.push(remains);
  }

  /** Returns the report of the sandbox whose keys the command had. */
  async report(): Promise<string> {
    try {
      return await this.control.text(`/sandboxes/${this.#holder}/report`);
    } catch (error) {
      return `fauxgen: sandbox ${this.#holder} has no report: ${messageOf(error)}\n`;
    }
  }

  /** Returns the coverage of the whole run. */
  async coverage(): Promise<CoverageDocument> {
    return (this.#coverage ??= this.#fauxgen.coverage());
  }

  /** Returns the names of the sandboxes that a client or a test used, that of the command's keys first. */
  async usedSandboxes(): Promise<readonly string[]> {
    const { items } = await this.control.call<{
      readonly items: readonly { readonly name: string; readonly requests: number; readonly generations: number }[];
    }>("GET", "/sandboxes");
    return items
      .filter(({ requests, generations }) => requests + generations > 0)
      .map(({ name }) => name)
      .sort((left, right) => Number(right === this.#holder) - Number(left === this.#holder));
  }

  /** Returns conduct, what was left over and coverage as text. */
  async summary(): Promise<string> {
    const lines = await this.#findingLines();
    const said = lines.length > 0 ? lines.join("\n") : await this.#nothingInWords();
    return `${said}\n${writeText(await this.coverage(), MOST_MISSING)}`;
  }

  /** Returns the same as Markdown. */
  async markdown(): Promise<string> {
    const lines = await this.#findingLines();
    const said = lines.length > 0 ? fenced(lines) : `${await this.#nothingInWords()}.`;
    return `## fauxgen\n\n${said}\n\n${writeMarkdown(await this.coverage())}`;
  }

  async #findingLines(): Promise<string[]> {
    const all = await this.#readRemains();
    const worth = all.filter(({ findings, leftOver }) => findings + leftOver.length > 0);
    const more = worth.length - MOST_SANDBOXES;
    const strays = await this.#strays(all);
    return [
      ...worth.slice(0, MOST_SANDBOXES).flatMap(linesOf),
      ...(more > 0 ? [`and ${more} more sandboxes with findings or with something left over`] : []),
      ...(strays.length === 0 ? [] : [`${countOf(strays.length, "requests")} reached no sandbox or no route:`]),
      ...limited(strays).map((line) => `  ${line}`),
    ];
  }

  /** Says why there are no findings. */
  async #nothingInWords(): Promise<string> {
    const count = (await this.#readPresent()).length + this.#endedCount;
    if (count > 0)
      return `no findings about the conduct of clients, and nothing left over, in ${count === 1 ? "1 sandbox" : `${count} sandboxes`}`;
    return "no client used this server; clients find it by FAUXGEN_URL and the variables that fauxgen env lists";
  }

  /** Returns the sandboxes that ended before the command, and then those that exist. */
  async #readRemains(): Promise<readonly Remains[]> {
    return [...this.#ended, ...(await this.#readPresent())];
  }

  async #readPresent(): Promise<readonly Remains[]> {
    return (this.#present ??= this.usedSandboxes().then((names) => Promise.all(names.map((name) => this.#of(name)))));
  }

  async #of(name: string): Promise<Remains> {
    try {
      const sandbox = await this.#fauxgen.existing(name);
      const path = `/sandboxes/${encodeURIComponent(name)}`;
      const [rules, held, requests, failed, { unusedRules }, { findings, evicted }] = await Promise.all([
        sandbox.rules.list(),
        sandbox.waiters.list(),
        sandbox.requests.list({ bodies: false }),
        sandbox.webhooks.deliveries.list({ status: "failed" }),
        this.control.call<{ readonly unusedRules: readonly UnusedRule[] }>("GET", `${path}/report`),
        this.control.call<{ readonly findings: readonly Finding[]; readonly evicted: number }>(
          "GET",
          `${path}/conduct`,
          {
            query: { exit: this.exitCode === undefined ? undefined : Math.min(this.exitCode, 255) },
          },
        ),
      ]);
      const deliveries = failed.map(
        ({ event, url, attempts }) =>
          `The webhook ${event} to ${url} failed after ${countOf(attempts.length, "attempts")}`,
      );
      const ends = looseEndsOf({ rules, held, requests, unusedRules });
      return {
        sandbox: name,
        findings: findings.length,
        findingLines: limited(findingsInWords(findings)),
        leftOver: limited([...evictedInWords(evicted), ...ends, ...deliveries]),
      };
    } catch (error) {
      return {
        sandbox: name,
        findings: 0,
        findingLines: [],
        leftOver: [`The sandbox cannot be read: ${messageOf(error)}`],
      };
    }
  }

  /** Returns the strays that are not left over in a sandbox. */
  async #strays(all: readonly Remains[]): Promise<string[]> {
    const told = all.flatMap(({ leftOver }) => leftOver);
    return (await this.#fauxgen.unassignedRequests()).flatMap(({ reason, request: { method, url, status } }) => {
      const isTold = reason === "no-route" && told.some((line) => line.startsWith(`${method} ${url} matched no route`));
      return isTold ? [] : [`${method} ${url} (${status ?? "no answer"}, ${reason})`];
    });
  }
}

/** Returns a text for each kind of finding, so that one kind, found for many generations, hides no other. */
function findingsInWords(findings: readonly Finding[]): readonly string[] {
  const alike = Map.groupBy(findings, ({ severity, vendor, id }) => `${severity} ${vendor} ${id}`);
  return [...alike].flatMap(([kind, [first, ...others]]) => {
    if (first === undefined) return [];
    const more = others.length === 0 ? "" : ` And ${others.length} more of this kind.`;
    return [`${kind}: ${first.what}${more}\n    fix: ${first.fix}`];
  });
}

function evictedInWords(evicted: number): readonly string[] {
  if (evicted === 0) return [];
  return [`${countOf(evicted, "requests")} had left the journal; what they would have shown cannot be told`];
}

function linesOf({ sandbox, findings, findingLines, leftOver }: Remains): string[] {
  return [
    ...(findings === 0
      ? []
      : [`sandbox ${sandbox}: ${countOf(findings, "findings")} about the conduct of its clients`]),
    ...findingLines.map((line) => `  ${line}`),
    ...(leftOver.length === 0 ? [] : [`sandbox ${sandbox}: left over`]),
    ...leftOver.map((line) => `  ${line}`),
  ];
}

function limited(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`] : [...lines];
}

/** Returns lines as a block of code, in which nothing is read as Markdown. */
function fenced(lines: readonly string[]): string {
  const text = lines.join("\n");
  const ticks = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(ticks + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
