import type { Section } from "../bench-run.ts";
import { createOne, readOf } from "../fauxgen.ts";
import { compare, type Case } from "../measuring.ts";
import { memoryOf, stopServer } from "../process.ts";
import { startReference } from "../references.ts";
import { figure, megabytes, spread } from "../report.ts";

/** One job's status, read over and over. */
export const statusSection: Section = async ({ report, pace, startFauxgen, peers }) => {
  report.section("Reading one job's status by id, with an API key");
  const ours = await startFauxgen("fauxgen");
  const read = readOf(await createOne(ours));
  const cases: Case[] = [
    { name: "fauxgen", server: ours, request: read },
    { name: "bare node:http", server: await startReference("node:http"), request: read },
    { name: "bare Fastify", server: await startReference("Fastify"), request: read },
  ];
  for (const peer of peers) {
    const server = await peer.start();
    if (server !== undefined) cases.push({ name: peer.name, server, request: peer.request });
  }
  const idle = new Map(cases.map(({ name, server }) => [name, memoryOf(server)]));
  const results = await compare(cases, pace);
  report.table(
    ["server", "CPU µs each (quartiles)", "to bare Fastify", "requests/s", "busy", "bytes", "MB idle", "MB after"],
    cases.map(({ name, server }) => [
      name,
      spread(results.of(name, "cpuUs")),
      spread(results.ratio(name, "bare Fastify")),
      figure(results.of(name, "perSecond").median),
      `${Math.round(results.of(name, "busy").median * 100)} %`,
      String(results.of(name, "bodyBytes").median),
      megabytes(idle.get(name) ?? 0),
      megabytes(memoryOf(server)),
    ]),
  );
  report.say(
    "fauxgen has everything on: authentication, sandbox, rules, journal, store; its job is pending. Bare Fastify has a response schema and answers the same document. Bytes are of the body.",
  );
  report.list(
    peers.map(({ name, note, failure }) => `${name}: ${failure === undefined ? note : `left out, ${failure}`}.`),
  );
  report.floor("a status read, to bare Fastify", results.ratio("fauxgen", "bare Fastify").median, 1.5);
  const [fastest] = peers
    .filter(({ failure }) => failure === undefined)
    .map(({ name }) => name)
    .sort((a, b) => results.of(a, "cpuUs").median - results.of(b, "cpuUs").median);
  if (fastest !== undefined)
    report.floor(`a status read, to the fastest peer (${fastest})`, results.ratio("fauxgen", fastest).median, 0.85);
  for (const { server } of cases) await stopServer(server);
};
