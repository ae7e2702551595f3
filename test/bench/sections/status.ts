/** Measures the cost of a status read. */
import { versionsOf, type Section } from "../bench-run.ts";
import { createOne, readOf } from "../fauxgen.ts";
import { compare, type Case } from "../measuring.ts";
import { memoryOf, stopServer } from "../process.ts";
import { BARE_PAIR, startReference } from "../references.ts";
import { figure, megabytes, percent, ratioCells, spread } from "../report.ts";

/** Measures repeated status reads of one job. */
export const statusSection: Section = async (bench) => {
  const { report, pace, peers } = bench;
  report.section("Reading one job's status by id, with an API key");
  const cases: Case[] = [];
  for (const { name, start } of versionsOf(bench)) {
    const server = await start(name);
    cases.push({ name, server, request: readOf(await createOne(server)) });
  }
  const request = readOf("x");
  cases.push({ name: "bare node:http", server: await startReference("node:http"), request });
  for (const name of Object.values(BARE_PAIR)) cases.push({ name, server: await startReference("Fastify"), request });
  for (const peer of peers) {
    const server = await peer.start();
    if (server !== undefined) cases.push({ name: peer.name, server, request: peer.request });
  }
  const idle = new Map(cases.map(({ name, server }) => [name, memoryOf(server)]));
  const results = await compare(cases, BARE_PAIR, pace);
  report.reference(results.reference, "µs", results.of(BARE_PAIR.reference, "busy").median);
  report.table(
    [
      "server",
      "CPU µs each (quartiles)",
      "to bare Fastify, quietest rounds",
      "all rounds",
      "requests/s",
      "busy",
      "bytes",
      "MB idle",
      "MB after",
    ],
    cases.map(({ name, server }) => [
      name,
      spread(results.of(name, "cpuUs")),
      ...ratioCells(results.ratio(name)),
      figure(results.of(name, "perSecond").median),
      percent(results.of(name, "busy").median),
      String(results.of(name, "bodyBytes").median),
      megabytes(idle.get(name) ?? 0),
      megabytes(memoryOf(server)),
    ]),
  );
  report.say(
    "fauxgen uses all its features: authentication, sandbox, rules, journal and store; its job is pending. Bare Fastify has a response schema and returns the same document. Bytes are the size of the body.",
  );
  report.list(
    peers.map(({ name, note, failure }) => `${name}: ${failure === undefined ? note : `left out, ${failure}`}.`),
  );
  report.sideBySide("fauxgen", bench.before?.name, (before) => results.ratio("fauxgen", before));
  report.floor("a status read, to bare Fastify", results.ratio("fauxgen").quietest.median, 1.5, results.aaSpread);
  const [fastest] = peers
    .filter(({ failure }) => failure === undefined)
    .map(({ name }) => name)
    .sort((a, b) => results.quietest(a).median - results.quietest(b).median);
  if (fastest !== undefined) {
    const ratio = results.ratio("fauxgen", fastest).quietest.median;
    report.floor(`a status read, to the fastest peer (${fastest})`, ratio, 0.85, results.aaSpread);
  }
  for (const { server } of cases) await stopServer(server);
};
