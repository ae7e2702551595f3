import { join } from "node:path";
import type { Section } from "../bench-run.ts";
import { create, PENDING } from "../fauxgen.ts";
import { compare } from "../measuring.ts";
import { memoryOf, stopServer } from "../process.ts";
import { startReference } from "../references.ts";
import { figure, megabytes, spread } from "../report.ts";

const BARE = "bare Fastify, kept in a Map";

export const createSection: Section = async ({ report, pace, folder, startFauxgen }) => {
  report.section("Creating a generation");
  const cases = [
    { name: "fauxgen", server: await startFauxgen("fauxgen"), request: create },
    {
      name: "fauxgen --data",
      server: await startFauxgen("fauxgen --data", [...PENDING, "--data", join(folder, "bench.db")]),
      request: create,
    },
    { name: BARE, server: await startReference("Fastify"), request: create },
  ];
  const results = await compare(cases, pace);
  report.table(
    ["server", "CPU µs each (quartiles)", `to ${BARE}`, "requests/s", "busy", "bytes", "MB after"],
    cases.map(({ name, server }) => [
      name,
      spread(results.of(name, "cpuUs")),
      spread(results.ratio(name, BARE)),
      figure(results.of(name, "perSecond").median),
      `${Math.round(results.of(name, "busy").median * 100)} %`,
      String(results.of(name, "bodyBytes").median),
      megabytes(memoryOf(server)),
    ]),
  );
  report.say(
    "Each is scheduled and stays pending while it is measured. Bare Fastify parses the same body, keeps it in a Map, and answers through a response schema.",
  );
  report.floor("a create, to a bare POST", results.ratio("fauxgen", BARE).median, 3);
  report.floor("a create with --data, to a bare POST", results.ratio("fauxgen --data", BARE).median, 4);
  for (const { server } of cases) await stopServer(server);
};
