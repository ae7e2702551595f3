/** Runs clients of the proof through cases, each on a server of its own, and says which cases each failed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../src/cli/conform/command-client.ts";
import { readCases, matchingCases } from "../../../src/conformance/library.ts";
import type { CaseResult } from "../../../src/conformance/run-case.ts";
import { runSuite } from "../../../src/conformance/suite.ts";
import { readConfig } from "../../../src/config.ts";
import { listen } from "../../../src/start.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { DEADLINE_MS, inProcess, type Render } from "./in-process.ts";

export interface ProofRun {
  readonly vendor: string;
  readonly name: string;
  readonly render: Render;
  /** Only these cases; all of the vendor by default. */
  readonly match?: readonly string[];
  readonly hasWebhook?: boolean;
}

export async function runProof({
  vendor,
  name,
  render,
  match = [],
  hasWebhook = false,
}: ProofRun): Promise<CaseResult[]> {
  const all = (await readCases(vendors.map((each) => each.name))).filter((each) => each.vendor === vendor);
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-proof-"));
  // Not the test's own way to start a server, whose end belongs to one test at a time.
  const server = await listen(readConfig([{ values: { port: 0, logLevel: "silent" }, nameOf: String }]));
  try {
    return await runSuite({
      url: server.url,
      vendors,
      cases: all,
      wanted: new Set(matchingCases(all, match).map(({ id }) => id)),
      clients: [inProcess(name, render)],
      atOnce: 16,
      timeoutMs: 10_000,
      deadlineMs: DEADLINE_MS,
      has: new Set(hasWebhook ? ["deadline", "webhook"] : ["deadline"]),
      place: async () => ({
        folder: mkdtempSync(join(folder, "case-")),
        webhookUrl: hasWebhook ? `http://127.0.0.1:${await freePort()}/hooks` : undefined,
        leave: async () => undefined,
      }),
    });
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

/** Returns the ids of the cases with one of these verdicts. */
export function idsOf(results: readonly CaseResult[], verdicts: readonly CaseResult["verdict"][]): string[] {
  return results.filter(({ verdict }) => verdicts.includes(verdict)).map(({ conformanceCase }) => conformanceCase.id);
}
