/** Provokes the outcomes that a vendor lists, by sending their requests to a test world. */
import type { Response } from "light-my-request";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import type { Outcome } from "../../src/http/errors/outcome.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { buildTestWorld, keyHeaders, type TestWorld } from "./app.ts";

const GENERATION_ID = /"(?:generation_id|id)":"([^"]+)"/;
const OUTPUT_ID = /"id":"([^"]+)"/;

interface Created {
  readonly id: string;
  readonly output: string;
}

/** Values of earlier responses, by the names that later requests have in braces. */
type Known = Readonly<Record<string, string>>;

/** Sends the requests of an outcome's provocation, and returns the last response. */
export async function provoke(vendor: Vendor, outcome: Outcome): Promise<Response> {
  return (await provokeInWorld(vendor, outcome)).response;
}

/** Provokes an outcome in a given or new world, and returns the world and the last response. */
export async function provokeInWorld(
  vendor: Vendor,
  outcome: Outcome,
  given?: TestWorld,
): Promise<{ readonly world: TestWorld; readonly response: Response }> {
  const { provoke: steps } = outcome;
  const { world, known } = await prepare(vendor, outcome, given);
  let response: Response | undefined;
  for (let sent = 0; sent < (steps.times ?? 1); sent += 1) {
    const answer = sendProvocation(world, vendor, steps, known);
    if (steps.meanwhile !== undefined) await advanceOnceHeld(world, steps.meanwhile);
    response = await answer;
  }
  if (response === undefined) throw new Error("No request was sent.");
  return { world, response: steps.link === undefined ? response : await follow(world, response, steps.link) };
}

/** Prepares a world for an outcome's request, and returns it with the values of the earlier responses. */
export async function prepare(
  vendor: Vendor,
  { provoke: steps, vintage }: Outcome,
  given?: TestWorld,
): Promise<{ readonly world: TestWorld; readonly known: Known }> {
  const world = given ?? (await buildTestWorld());
  const settings = { ...steps.settings, ...(vintage !== undefined && { vintages: { [vendor.name]: vintage } }) };
  world.sandbox.saveSettings(sandboxSettings.parse(settings));
  const created = steps.create === undefined ? undefined : await create(world, vendor, steps.create);
  let known: Known = { sandbox: world.sandbox.name, ...created };
  for (const step of steps.before ?? []) {
    const answer = await sendProvocation(world, vendor, step, known);
    if (answer.statusCode >= 300) throw new Error(`A request before it answered ${answer.statusCode} ${answer.body}`);
    known = { ...known, ...textFieldsOf(answer) };
  }
  if (steps.advance !== undefined) await world.advance(steps.advance);
  return { world, known };
}

async function advanceOnceHeld({ sandbox, advance }: TestWorld, by: string): Promise<void> {
  while (sandbox.heldRequests.count === 0) await new Promise((resolve) => setImmediate(resolve));
  await advance(by);
}

/** Fetches the URL in a field of a response, without a key. The path of a nested field is `data.url` or `files.0.url`. */
async function follow(world: TestWorld, response: Response, field: string): Promise<Response> {
  const link = textFieldsOf(response)[field];
  if (link === undefined) throw new Error(`The answer has no text in the field ${field}: ${response.body}`);
  const url = new URL(link);
  return world.app.inject({ method: "GET", url: `${url.pathname}${url.search}` });
}

/** Returns the vendor's first listed create that succeeds and needs no earlier request. */
export function createOf({ name, outcomes }: Vendor): Outcome["provoke"] {
  const outcome = outcomes.find(
    ({ operation, status, provoke: { before } }) =>
      operation === "createGeneration" && status < 300 && before === undefined,
  );
  if (outcome === undefined) throw new Error(`${name} does not list a create that succeeds.`);
  return outcome.provoke;
}

async function create(
  world: TestWorld,
  vendor: Vendor,
  wanted: NonNullable<Outcome["provoke"]["create"]>,
): Promise<Created> {
  const { method, path } = createOf(vendor);
  let created: Created = { id: "", output: "" };
  for (let made = 0; made < (wanted.times ?? 1); made += 1) {
    const response = await world.send(vendor, wanted.account ?? "main", {
      method: methodOf(method),
      url: path,
      body: wanted.body,
    });
    const id = GENERATION_ID.exec(response.body)?.[1];
    if (id === undefined) throw new Error(`The create before it answered ${response.statusCode} ${response.body}`);
    created = { id, output: OUTPUT_ID.exec(response.body)?.[1] ?? "" };
  }
  return created;
}

/** Sends the request of a provocation, without any preparation. */
export async function sendProvocation(
  world: TestWorld,
  vendor: Vendor,
  steps: Omit<Outcome["provoke"], "create" | "before">,
  known: Known = {},
): Promise<Response> {
  const url = pathOf(fillIn(steps.path, known));
  const method = methodOf(steps.method);
  const { account: owner, user, key, body, rawBody, headers } = steps;
  const account = user === undefined ? owner : `${owner ?? "main"}_${user}`;
  if (rawBody !== undefined) {
    const sent = key ?? (account === undefined ? undefined : vendor.keyFrom(`fx_${world.sandbox.name}_${account}`));
    return world.app.inject({
      method,
      url,
      headers: { ...keyHeaders(vendor, sent), "content-type": "application/json", ...headers },
      payload: rawBody,
    });
  }
  return world.send(vendor, account, {
    method,
    url,
    ...(body !== undefined && { body: JSON.parse(fillIn(JSON.stringify(body), known)) as unknown }),
    ...(key !== undefined && { key }),
    ...(headers !== undefined && { headers }),
  });
}

function fillIn(text: string, known: Known): string {
  return Object.entries(known).reduce((given, [name, value]) => given.replaceAll(`{${name}}`, value), text);
}

function pathOf(path: string): string {
  if (!URL.canParse(path)) return path;
  const { pathname, search } = new URL(path);
  return `${pathname}${search}`;
}

/** Returns the text fields of a JSON response. A nested field is named by its path, such as `data.id` or `files.0.url`. */
function textFieldsOf(response: Response): Known {
  if (!String(response.headers["content-type"]).includes("json")) return {};
  return Object.fromEntries(textFieldsIn(response.json(), ""));
}

function textFieldsIn(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    textFieldsIn(member, path === "" ? name : `${path}.${name}`),
  );
}

function methodOf(method: string): "GET" | "POST" | "PUT" | "PATCH" | "DELETE" {
  if (method === "GET" || method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE")
    return method;
  throw new Error(`No provocation uses ${method}.`);
}
