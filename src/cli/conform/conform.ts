/** Implements `fauxgen conform`, which runs clients through the cases of documented misfortunes and judges them. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Config } from "../../config.ts";
import { CasesUnusable, matchingCases, readCases } from "../../conformance/library.ts";
import type { Need } from "../../conformance/case-document.ts";
import type { ConformanceCase } from "../../conformance/case.ts";
import { conclude, linesOf, readKnown, summaryOf, type Conclusion } from "../../conformance/report/summary.ts";
import { formatReport, isReportKind, reportKinds, type ReportKind } from "../../conformance/report/formats.ts";
import { NotCalibrated, runSuite, type RunPlace } from "../../conformance/suite.ts";
import type { CaseResult } from "../../conformance/run-case.ts";
import { vendors } from "../../vendors/index.ts";
import { artifactReader, commandClient, freePort, type CommandSettings } from "./command-client.ts";
import { Failure } from "../failure.ts";
import { start } from "../starting.ts";

export interface ConformOptions {
  readonly vendor: readonly string[];
  readonly cases: readonly string[];
  readonly caseFolder: readonly string[];
  readonly list?: boolean;
  readonly asJson?: boolean;
  readonly known?: string;
  readonly caseTimeout: number;
  readonly deadline?: number;
  readonly client: readonly { readonly name: string; readonly command: string }[];
  readonly intercept?: boolean;
  readonly webhook?: boolean;
  readonly outputFile?: string;
  readonly jobs: number;
  readonly report: readonly { readonly kind: string; readonly file: string }[];
  readonly artifacts?: string;
  readonly set: readonly string[];
}

/** Returns the exit code: 0, or 1 if a case fails that is not known to fail, or passes that is. */
export async function conform(words: readonly string[], config: Config, options: ConformOptions): Promise<number> {
  const all = await casesFor(options);
  const wanted = matching(all, options.cases);
  if (options.list === true) {
    process.stdout.write(options.asJson === true ? listAsJson(wanted) : listAsText(wanted));
    return 0;
  }
  const reports = reportsOf(options.report);
  const known = options.known === undefined ? [] : readKnown(readText(options.known, "--known"));
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-conform-"));
  const authority = config.tls ? (config.tlsCert ?? join(folder, "fauxgen-ca.pem")) : undefined;
  const server = await start({
    ...config,
    ...(authority !== undefined && config.tlsCert === undefined && { tlsAuthority: authority }),
  });
  try {
    const settings: CommandSettings = {
      url: server.url,
      inherited: process.env,
      assignments: options.set,
      authority,
      intercepts: options.intercept === true,
    };
    const clients = clientsOf(words, options).map((each) => commandClient(each, settings));
    const results = await runSuite({
      url: server.url,
      token: config.controlToken,
      vendors: vendors.map(({ name, conduct, keyHeaders }) => ({ name, conduct, keyHeaders })),
      cases: all,
      wanted: new Set(wanted.map(({ id }) => id)),
      clients,
      atOnce: options.jobs,
      timeoutMs: options.caseTimeout,
      deadlineMs: options.deadline,
      has: needsMet(options),
      place: async () => placeOf(folder, options),
      onResult: (result) => {
        process.stdout.write(`${linesOf(result, { known, hasSeveral: clients.length > 1 }).join("\n")}\n`);
      },
    });
    const conclusion = conclude(results, known);
    process.stdout.write(`\n${summaryOf(results, conclusion).join("\n")}\n`);
    write(results, conclusion, reports);
    if (options.artifacts !== undefined) keepBundles(results, options.artifacts);
    return conclusion.isGood ? 0 : 1;
  } catch (error) {
    if (error instanceof NotCalibrated) throw new Failure(1, `conform: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function casesFor({ vendor: only, caseFolder }: ConformOptions): Promise<ConformanceCase[]> {
  try {
    const names = vendors.map(({ name }) => name);
    const all = await readCases(names, caseFolder);
    return only.length === 0 ? all : all.filter(({ vendor }) => only.includes(vendor));
  } catch (error) {
    if (error instanceof CasesUnusable) throw new Failure(2, `conform: ${error.message}`, { cause: error });
    throw error;
  }
}

function matching(all: readonly ConformanceCase[], globs: readonly string[]): ConformanceCase[] {
  try {
    return matchingCases(all, globs);
  } catch (error) {
    if (error instanceof CasesUnusable) throw new Failure(2, `--cases: ${error.message}`, { cause: error });
    throw error;
  }
}

function clientsOf(words: readonly string[], { client }: ConformOptions) {
  if (words.length > 0 && client.length > 0)
    throw new Failure(2, "conform: give the command either after -- or with --client, not both");
  const [program, ...args] = words;
  if (program !== undefined) return [{ name: "client", command: { program, args } }];
  if (client.length === 0)
    throw new Failure(
      2,
      "conform: write the client's command, such as: fauxgen conform --vendor sync -- node render.js",
    );
  return client;
}

function needsMet({ webhook, deadline, outputFile }: ConformOptions): ReadonlySet<Need> {
  const needs: Need[] = [];
  if (webhook === true) needs.push("webhook");
  if (deadline !== undefined) needs.push("deadline");
  if (outputFile !== undefined) needs.push("artifact");
  return new Set(needs);
}

async function placeOf(parent: string, { webhook, outputFile }: ConformOptions): Promise<RunPlace> {
  const folder = mkdtempSync(join(parent, "case-"));
  const webhookUrl = webhook === true ? `http://127.0.0.1:${await freePort()}/webhooks` : undefined;
  return {
    folder,
    webhookUrl,
    ...(outputFile !== undefined && { readArtifact: artifactReader(join(folder, outputFile)) }),
    leave: async () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface WantedReport {
  readonly kind: ReportKind;
  readonly file: string;
}

function reportsOf(given: ConformOptions["report"]): WantedReport[] {
  return given.map(({ kind, file }) => {
    if (!isReportKind(kind))
      throw new Failure(2, `--report: ${kind} is not a kind of report; use ${reportKinds.join(", ")}`);
    return { kind, file };
  });
}

function write(results: readonly CaseResult[], conclusion: Conclusion, reports: readonly WantedReport[]): void {
  for (const { kind, file } of reports) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, formatReport(kind, results, conclusion));
  }
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary !== undefined && summary !== "") appendFileSync(summary, formatReport("markdown", results, conclusion));
}

/** Keeps the sandbox of each case that was not passed, to restore in a server and look at. */
function keepBundles(results: readonly CaseResult[], folder: string): void {
  for (const { bundle, client, conformanceCase } of results) {
    if (bundle === undefined) continue;
    const name = `${client}-${conformanceCase.id}`.replace(/[^A-Za-z0-9]+/g, "-");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.bundle.json`), JSON.stringify(bundle));
  }
}

function listAsText(cases: readonly ConformanceCase[]): string {
  const width = Math.max(...cases.map(({ id }) => id.length));
  return `${cases.map(({ id, title }) => `${id.padEnd(width)}  ${title}`).join("\n")}\n${cases.length} cases\n`;
}

function listAsJson(cases: readonly ConformanceCase[]): string {
  const items = cases.map(({ id, vendor, family, title, document: { why, needs, never } }) => ({
    id,
    vendor,
    family,
    title,
    why,
    needs,
    ...(never !== undefined && { never }),
  }));
  return `${JSON.stringify(items, undefined, 2)}\n`;
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(2, `${option}: ${file} cannot be read`, { cause: error });
  }
}
