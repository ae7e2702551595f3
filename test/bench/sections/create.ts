/** Measures the cost of a create. */
import { join } from "node:path";
import { versionsOf, type Section } from "../bench-run.ts";
import { create, PENDING } from "../fauxgen.ts";
import { compare, type Case } from "../measuring.ts";
import { memoryOf, stopServer } from "../process.ts";
import { startReference } from "../references.ts";
import { figure, megabytes, percent, ratioCells, spread } from "../report.ts";

const BARE = { reference: "bare Fastify, kept in a Map", twin: "bare Fastify, kept in a Map, again" };

export const createSection: Section = async (bench) => {
  const { report, pace, folder, before } = bench;
  report.section("Creating a generation");
  const cases: Case[] = [];
  for (const { name, start } of versionsOf(bench)) cases.push({ name, server: await start(name), request: create });
  for (const version of versionsOf(bench)) {
    const name = withData(version.name);
    const options = [...PENDING, "--data", join(folder, `${version.name}.db`)];
    cases.push({ name, server: await version.start(name, options), request: create });
  }
  for (const name of Object.values(BARE))
    cases.push({ name, server: await startReference("Fastify"), request: create });
  const results = await compare(cases, BARE, pace);
  report.reference(results.reference, "µs", results.of(BARE.reference, "busy").median);
  report.table(
    [
      "server",
      "CPU µs each (quartiles)",
      `to ${BARE.reference}, quietest rounds`,
      "all rounds",
      "requests/s",
      "busy",
      "bytes",
      "MB after",
    ],
    cases.map(({ name, server }) => [
      name,
      spread(results.of(name, "cpuUs")),
      ...ratioCells(results.ratio(name)),
      figure(results.of(name, "perSecond").median),
      percent(results.of(name, "busy").median),
      String(results.of(name, "bodyBytes").median),
      megabytes(memoryOf(server)),
    ]),
  );
  report.say(
    "Each generation is scheduled and stays pending during the measurement. Bare Fastify parses the same body, keeps it in a Map, and answers through a response schema.",
  );
  const [inMemory, inFile] = ["fauxgen", withData("fauxgen")] as const;
  report.sideBySide(inMemory, before?.name, (other) => results.ratio(inMemory, other));
  report.sideBySide(inFile, before && withData(before.name), (other) => results.ratio(inFile, other));
  report.floor("a create, to a bare POST", results.ratio(inMemory).quietest.median, 3, results.aaSpread);
  report.floor("a create with --data, to a bare POST", results.ratio(inFile).quietest.median, 4, results.aaSpread);
  for (const { server } of cases) await stopServer(server);
};

function withData(name: string): string {
  return `${name} --data`;
}
