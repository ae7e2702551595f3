/** Defines the commands and their arguments. Each command loads its own module when it runs. */
import { Command, Option } from "commander";
import { settingNames, type Config } from "../config.ts";
import { nearestNames } from "../wording/nearest.ts";
import { originAt } from "../platform/origin.ts";
import { readVersion } from "../platform/version.ts";
import type { CoverageForm } from "../control/coverage/forms.ts";
import type { EnvironmentFormat } from "./environment-formats.ts";
import type { ExecOptions } from "./exec/exec.ts";
import { Failure } from "./failure.ts";
import {
  minCoverageOption,
  refuseUnknownVendors,
  shortfallsOf,
  type MinCoverageOptions,
} from "./coverage/min-coverage.ts";
import {
  addHolder,
  countOf,
  durationOf,
  namedText,
  sandboxOption,
  setOption,
  trustOption,
  urlOption,
  type HolderOptions,
  type NamedText,
  type SetOptions,
  type TrustOptions,
} from "./options.ts";
import { addSettings, settingsFrom } from "./setting-options.ts";

export function buildProgram(): Command {
  const program = new Command("fauxgen")
    .description("Emulates vendors of asynchronous AI media generation on one local server.")
    .version(readVersion())
    .enablePositionalOptions()
    .configureOutput({
      outputError: (message, write) => {
        write(`${message.trimEnd().replace(/^error: /, "fauxgen: ")}\nfauxgen --help lists commands and options.\n`);
      },
    })
    .exitOverride();
  const serve = addServe(program);
  program.addHelpText("after", () => `\nWithout a command, fauxgen runs serve.\n\n${serve.helpInformation()}`);
  addExec(program);
  addConform(program);
  addEnvironment(program);
  addHealthcheck(program);
  addLookups(program);
  addTail(program);
  addReport(program);
  addCoverage(program);
  addFixtures(program);
  return program;
}

function addServe(program: Command): Command {
  return addSettings(program.command("serve", { isDefault: true }))
    .description("start the server (the default command)")
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      refuseSurplus(command.args, program);
      const { serve } = await import("./serve.ts");
      await serve(await settingsFrom(command));
    });
}

function addExec(program: Command): void {
  const command = program.command("exec");
  addHolder(
    addSettings(
      command,
      settingNames.filter((name) => name !== "json"),
    ),
  )
    .description("start a server (on a free port by default), and run a command with the server's environment")
    .argument("<command...>", "the command and its arguments, after --")
    .addOption(setOption())
    .addOption(trustOption())
    .option("--summary", "Print conduct, coverage and what was left over, also when the command succeeds")
    .addOption(minCoverageOption())
    .option("--artifacts <DIR>", "Keep report, bundle, journal and coverage of each sandbox that was used")
    .passThroughOptions()
    .action(async (words: readonly string[], options: HolderOptions & ExecOptions) => {
      const { exec } = await import("./exec/exec.ts");
      process.exitCode = await exec(words, await settingsFrom(command, { port: 0 }), options, options);
    });
}

function addConform(program: Command): void {
  const command = program.command("conform");
  const several = <Value>(value: Value, earlier: readonly Value[]): readonly Value[] => [...earlier, value];
  addSettings(
    command,
    settingNames.filter((name) => !["json", "data", "scenario", "timing"].includes(name)),
  )
    .description("run a client once per case of documented misfortunes, each in a sandbox of its own, and judge it")
    .argument("[command...]", "the client and its arguments, after --")
    .addOption(
      new Option("--vendor <NAME>", "Only the cases of this vendor (repeatable)")
        .default([], "all")
        .argParser(several<string>),
    )
    .addOption(
      new Option("--cases <GLOB>", "Only these cases, such as 'sync/*retry*' (repeatable)")
        .default([], "all")
        .argParser(several<string>),
    )
    .addOption(
      new Option("--case-folder <DIR>", "Folder with further cases (repeatable)")
        .default([], "none")
        .argParser(several<string>),
    )
    .option("--list", "List the cases and run nothing")
    .option("--json", "With --list: print JSON")
    .addOption(
      new Option("--client <NAME=COMMAND>", "A named client, run by the shell (repeatable)")
        .default([], "the command after --")
        .argParser((text: string, earlier: readonly NamedText[]) =>
          several(namedText(text, "NAME='command'"), earlier),
        ),
    )
    .addOption(new Option("--known <FILE>", "List of known failures; a case on it that passes fails"))
    .addOption(
      new Option("--case-timeout <DURATION>", "Time after which a command has hung")
        .default(10_000, "10s")
        .argParser(durationOf),
    )
    .addOption(
      new Option(
        "--deadline <DURATION>",
        "When the client gives up by itself; without it, cases that need it are left out",
      ).argParser(durationOf),
    )
    .option("--webhook", "The client receives webhooks at FAUXGEN_WEBHOOK_URL")
    .option("--output-file <FILE>", "File that the client writes below FAUXGEN_CASE_FOLDER")
    .addOption(new Option("--jobs <COUNT>", "Cases at once").default(DEFAULT_JOBS).argParser(countOf))
    .option("--intercept", "Redirect Node.js clients with a hard-coded host (fauxgen/intercept)")
    .addOption(
      new Option("--report <KIND=FILE>", "Write a report: junit, html, json or markdown (repeatable)")
        .default([], "none")
        .argParser((text: string, earlier: readonly NamedText[]) =>
          several(namedText(text, "html=report.html"), earlier),
        ),
    )
    .option("--artifacts <DIR>", "Keep the sandbox of each case that is not passed")
    .addOption(setOption())
    .passThroughOptions()
    .action(async (words: readonly string[], given: ConformArguments) => {
      for (const name of given.vendor) await knownVendor(name);
      const { conform } = await import("./conform/conform.ts");
      const { json, client, report, ...options } = given;
      process.exitCode = await conform(words, await settingsFrom(command, { port: 0, tlsPort: 0, logLevel: "error" }), {
        ...options,
        ...(json !== undefined && { asJson: json }),
        client: client.map(({ name, text }) => ({ name, command: text })),
        report: report.map(({ name, text }) => ({ kind: name, file: text })),
      });
    });
}

const DEFAULT_JOBS = 6;

interface ConformArguments {
  readonly vendor: readonly string[];
  readonly cases: readonly string[];
  readonly caseFolder: readonly string[];
  readonly list?: boolean;
  readonly json?: boolean;
  readonly known?: string;
  readonly caseTimeout: number;
  readonly deadline?: number;
  readonly client: readonly NamedText[];
  readonly intercept?: boolean;
  readonly webhook?: boolean;
  readonly outputFile?: string;
  readonly jobs: number;
  readonly report: readonly NamedText[];
  readonly artifacts?: string;
  readonly set: readonly string[];
}

interface EnvironmentCommandOptions extends HolderOptions, SetOptions, TrustOptions {
  readonly format: EnvironmentFormat;
  readonly url?: string;
}

function addEnvironment(program: Command): void {
  const command = program.command("env");
  addHolder(addSettings(command, ["host", "port", "tlsAuthority"]))
    .description("print the environment variables by which clients and tests find a server")
    .addOption(new Option("--format <KIND>", "Format").choices(["shell", "dotenv", "json", "github"]).default("shell"))
    .addOption(urlOption())
    .addOption(setOption())
    .addOption(trustOption())
    .action(async (options: EnvironmentCommandOptions) => {
      const { environmentFor } = await import("./environment.ts");
      const { formatEnvironment } = await import("./environment-formats.ts");
      const config = await settingsFrom(command);
      const { set: assignments, format, trust = false, url = urlOf(config) } = options;
      const authority = trust ? config.tlsAuthority : undefined;
      const environment = environmentFor(url, options, { assignments, inherited: process.env, authority });
      process.stdout.write(formatEnvironment(environment, format));
    });
}

function addHealthcheck(program: Command): void {
  const command = program.command("healthcheck");
  addSettings(command, ["host", "port"])
    .description("exit with 0 if the configured server is ready, and with 1 if it is not")
    .action(async () => {
      const { checkHealth } = await import("./healthcheck.ts");
      await checkHealth(await settingsFrom(command));
    });
}

function addLookups(program: Command): void {
  const vendor = (): Option => new Option("--vendor <NAME>", "Only this vendor");
  const scenarios = program.command("scenarios");
  addSettings(scenarios, ["fixtures"])
    .description("show what clients of each vendor see in each scenario, including the scenarios of --fixtures")
    .addOption(vendor())
    .action(async ({ vendor: only }: VendorOption) => {
      const { fixtures } = await settingsFrom(scenarios);
      const { describeScenarios } = await import("./scenarios.ts");
      process.stdout.write(await describeScenarios(await knownVendor(only), fixtures));
    });
  program
    .command("operations")
    .description("list the operations that rules and verifications can name, with their routes")
    .addOption(vendor())
    .action(async ({ vendor: only }: VendorOption) => {
      const { describeOperations } = await import("./operations.ts");
      process.stdout.write(await describeOperations(await knownVendor(only)));
    });
}

function addTail(program: Command): void {
  const command = program.command("tail");
  addSettings(command, ["host", "port", "controlToken"])
    .description("follow a server: print a line for each thing that happens, and connect again when the server is gone")
    .addOption(urlOption())
    .argument("[sandbox]", "only this sandbox")
    .option("--sandbox <NAME>", "Only this sandbox (same as the argument)")
    .option("--json", "Print each event as a line of JSON")
    .action(async (named: string | undefined, { url, sandbox = named, json = false }: TailArguments) => {
      const config = await settingsFrom(command);
      const { tail } = await import("./tail.ts");
      const stop = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => {
          stop.abort();
        });
      }
      const { stdout, stderr, env } = process;
      const isColoured = stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && !json;
      const options = { url: url ?? urlOf(config), token: config.controlToken, sandbox, isJson: json, isColoured };
      await tail(options, stop.signal, {
        line: (line) => {
          stdout.write(`${line}\n`);
        },
        note: (note) => {
          stderr.write(`${note}\n`);
        },
      });
    });
}

function addReport(program: Command): void {
  const command = program.command("report");
  addSettings(command, ["host", "port", "controlToken"])
    .description("print what happened in a sandbox of a running server")
    .addOption(urlOption())
    .option("--sandbox <NAME>", "Sandbox to report on", "default")
    .action(async ({ url, sandbox = "default" }: RemoteOptions) => {
      const config = await settingsFrom(command);
      const { connectFauxgen } = await import("../client/fauxgen.ts");
      const fauxgen = await connectFauxgen(url ?? urlOf(config), { token: config.controlToken, within: 0 });
      process.stdout.write(`${(await (await fauxgen.existing(sandbox)).report()).trimEnd()}\n`);
    });
}

function addCoverage(program: Command): void {
  const command = program.command("coverage");
  addSettings(command, ["host", "port", "controlToken"])
    .description(
      "show which of the vendors' listed answers clients met, from the folder of --coverage-dir or from a running server",
    )
    .argument("[folder]", "the folder in which servers saved their coverage; without it, a running server is asked")
    .addOption(urlOption())
    .option("--sandbox <NAME>", "Only this sandbox of a running server")
    .addOption(new Option("--format <KIND>", "Format").choices(["text", "json", "markdown", "html"]).default("text"))
    .addOption(minCoverageOption())
    .action(async (folder: string | undefined, options: CoverageArguments) => {
      const config = await settingsFrom(command);
      const { askForCoverage, formatCoverage, readCoverage } = await import("./coverage/coverage.ts");
      const { vendors } = await import("../vendors/index.ts");
      const { format, minCoverage, sandbox, url } = options;
      refuseUnknownVendors(
        minCoverage,
        vendors.map(({ name }) => name),
      );
      if (folder !== undefined && sandbox !== undefined)
        throw new Failure(2, "coverage: --sandbox is for a running server; a folder has the sums of whole servers");
      const document =
        folder === undefined
          ? await askForCoverage(url ?? urlOf(config), config.controlToken, sandbox)
          : readCoverage(folder);
      process.stdout.write(formatCoverage(document, format));
      const shortfalls = shortfallsOf(minCoverage, document);
      for (const line of shortfalls) process.stderr.write(`fauxgen: ${line}\n`);
      if (shortfalls.length > 0) process.exitCode = 1;
    });
}

function addFixtures(program: Command): void {
  program
    .command("validate")
    .description("check a folder of fixtures (as for --fixtures), or one file of it")
    .argument("<path>", "the folder or file")
    .option("--json", "Print the problems as JSON")
    .action(async (path: string, { json = false }: { readonly json?: boolean }) => {
      const { validate } = await import("./validate.ts");
      const { isValid, text } = await validate(path, json);
      process.stdout.write(text);
      if (!isValid) process.exitCode = 1;
    });
  const command = program.command("apply");
  addSettings(command, ["host", "port", "controlToken"])
    .description(
      "apply a folder of fixtures, or one file of it, to one or all sandboxes of a running server, all or nothing",
    )
    .argument("<path>", "the folder or file")
    .addOption(urlOption())
    .addOption(sandboxOption())
    .addOption(new Option("--all", "Apply it to every sandbox, existing and new, with its media").conflicts("sandbox"))
    .action(async (path: string, { url, sandbox, all = false }: ApplyArguments) => {
      const config = await settingsFrom(command);
      const { apply } = await import("./apply.ts");
      const target = { url: url ?? urlOf(config), token: config.controlToken, sandbox: all ? undefined : sandbox };
      process.stdout.write(await apply(path, target));
    });
}

interface VendorOption {
  readonly vendor?: string;
}

interface RemoteOptions {
  readonly url?: string;
  readonly sandbox?: string;
}

interface ApplyArguments extends RemoteOptions {
  readonly all?: boolean;
}

interface CoverageArguments extends RemoteOptions, MinCoverageOptions {
  readonly format: CoverageForm;
}

interface TailArguments extends RemoteOptions {
  readonly json?: boolean;
}

async function knownVendor(name: string | undefined): Promise<string | undefined> {
  const { vendors } = await import("../vendors/index.ts");
  const names = vendors.map((vendor) => vendor.name);
  if (name === undefined || names.includes(name)) return name;
  throw new Failure(2, `--vendor: no vendor "${name}". The vendors are: ${names.join(", ")}.`);
}

/** Returns the URL at which a client on this machine reaches the configured server. */
function urlOf({ host, port }: Config): string {
  if (port === 0) throw new Failure(2, "the configured port is 0, so the server's real port is not known; set --url");
  return originAt(host, port);
}

/** Refuses arguments of the default command as a mistyped command. */
function refuseSurplus(surplus: readonly string[], program: Command): void {
  const [name] = surplus;
  if (name === undefined) return;
  const names = program.commands.map((command) => command.name());
  const near = nearestNames(name, names);
  throw new Failure(
    2,
    `no command "${name}". ${near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `The commands are: ${names.join(", ")}.`}`,
  );
}
