/**
 * Implements `fauxgen scenarios`, which shows what clients of each vendor see in each scenario, by running each
 * scenario.
 */
import { FixtureUnusable } from "../fixtures/library.ts";
import type { Provocation } from "../http/errors/outcome.ts";
import { keyHeaders } from "../http/request/key-header.ts";
import type { Fauxgen } from "../client/fauxgen.ts";
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import { startFauxgen } from "../client/start-fauxgen.ts";
import { vendors } from "../vendors/index.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { Failure } from "./failure.ts";
import { align } from "./output.ts";

/** A duration after which every timeline of the default timing has ended. */
const LONG_AFTER = "1h";

/** Fields in which vendors report the state of a generation. */
const TELLING = /^(?:status|state|error|error_?code|error_?message|code|message|reason)$/i;
const MOST_TELLING = 4;
const LONGEST_VALUE = 60;

/** The greatest number of status reads: more than any shipped scenario makes fail. */
const MOST_READS = 4;

/** Describes all scenarios, including those of the user's `fixtures` folder. Throws {@link Failure}. */
export async function describeScenarios(only: string | undefined, fixtures?: string): Promise<string> {
  const starting = startFauxgen({ logLevel: "silent", ...(fixtures !== undefined && { fixtures }) });
  const fauxgen = await starting.catch((error: unknown) => {
    throw error instanceof FixtureUnusable ? new Failure(2, error.message, { cause: error }) : error;
  });
  return playAll(fauxgen, only).finally(() => fauxgen.close());
}

async function playAll(fauxgen: Fauxgen, only: string | undefined): Promise<string> {
  const scenarios = (await (await fauxgen.sandbox("shown")).scenarios.list()).map(({ name, summary }) => ({
    name,
    summary,
  }));
  const parts: string[] = [];
  for (const vendor of vendors.filter(({ name }) => only === undefined || name === only)) {
    const rows: string[][] = [];
    for (const { name } of scenarios) {
      const sandbox = await fauxgen.sandbox("shown", { clock: { mode: "frozen" } });
      rows.push([name, await play(vendor, name, sandbox).finally(() => sandbox.dispose())]);
    }
    parts.push(vendor.title, ...align(rows), "");
  }
  parts.push("- means that the vendor cannot show the scenario; a request for the scenario is refused.", "");
  const legend = scenarios.map(({ name, summary }) => [name, summary]);
  return [...parts, "Scenarios", ...align(legend), ""].join("\n");
}

/** Returns a summary of the refused create, or of the status reads after the end of the generation. */
async function play(vendor: Vendor, scenario: string, sandbox: SandboxHandle): Promise<string> {
  const create = createWith(vendor, scenario);
  const read = vendor.outcomes.find(
    ({ operation, status, provoke, vintage }) =>
      /^get(?:Generation|Media)/.test(operation) &&
      status === 200 &&
      vintage === undefined &&
      /\{(?:id|output)\}/.test(provoke.path),
  );
  if (create === undefined || read === undefined) return "cannot be shown here";
  const created = await send(vendor, sandbox, create, scenario);
  if (created?.headers.get("x-fauxgen-diagnostic")?.includes("SCENARIO_NOT_EXPRESSIBLE") === true)
    return scenario === "partial" ? "- (needs several outputs)" : "-";
  if (created !== undefined && created.status >= 300) return `refused: ${await summaryOf(created)}`;
  await created?.arrayBuffer();
  await sandbox.clock.advance(LONG_AFTER);
  const [generation] = await sandbox.generations.list();
  if (generation === undefined) return "created no generation";
  const path = read.provoke.path
    .replaceAll("{id}", generation.id)
    .replaceAll("{output}", generation.outputs[0]?.id ?? "");
  const seen = created === undefined ? ["create not answered"] : [];
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const answer = await send(vendor, sandbox, { ...read.provoke, path });
    seen.push(answer === undefined ? "not answered" : await summaryOf(answer));
    if (answer?.ok === true) break;
  }
  return seen.filter((each, index) => each !== seen[index - 1]).join(", then ");
}

/** Returns a create request that succeeds; it has several outputs if the scenario needs them. */
function createWith({ outcomes }: Vendor, scenario: string): Provocation | undefined {
  const plain = outcomes.find(({ operation, status }) => operation === "createGeneration" && status < 300)?.provoke;
  const marked = outcomes
    .map(({ provoke }) => provoke.create?.body ?? provoke.body)
    .find((body) => JSON.stringify(body ?? "").includes(`fauxgen:${scenario}`));
  if (plain === undefined || marked === undefined || scenario !== "partial") return plain;
  return { ...plain, body: marked };
}

async function send(
  vendor: Vendor,
  sandbox: SandboxHandle,
  { method, path, body, headers }: Provocation,
  scenario?: string,
): Promise<Response | undefined> {
  const key = vendor.keyFrom(`fx_${sandbox.name}_main`);
  const answer = fetch(new URL(path, sandbox.sync.baseUrl), {
    method,
    headers: {
      ...keyHeaders(vendor, key),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(scenario !== undefined && { "x-fauxgen-scenario": scenario }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // A scenario may break the connection.
  return answer.catch(() => undefined);
}

/** Returns the status code and the body's fields about the state of the generation. */
async function summaryOf(answer: Response): Promise<string> {
  const text = await answer.text();
  const told = new Set<string>();
  try {
    collect(JSON.parse(text), told);
  } catch {
    told.add(text.slice(0, LONGEST_VALUE));
  }
  return [String(answer.status), ...[...told].slice(0, MOST_TELLING)].join(" ");
}

function collect(value: unknown, told: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (TELLING.test(name) && (typeof inner === "string" || typeof inner === "number")) {
      const shown = String(inner);
      told.add(`${name}=${shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}…` : shown}`);
    } else collect(inner, told);
  }
}
