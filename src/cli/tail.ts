/** Implements `fauxgen tail`, which prints a line for each request, transition and delivery of a server. */
import type { SandboxEvent } from "../client/documents.ts";
import { connectFauxgen } from "../client/fauxgen.ts";

export interface TailOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** The sandbox to follow; undefined for all sandboxes. */
  readonly sandbox: string | undefined;
}

/** Writes lines until the server stops or the signal is aborted. */
export async function tail(
  { url, token, sandbox }: TailOptions,
  signal: AbortSignal,
  write: (line: string) => void,
): Promise<void> {
  const fauxgen = await connectFauxgen(url, { token, within: 0 });
  const options = { kinds: ["request.finished", "generation.transition", "delivery.changed"], signal };
  const events = sandbox === undefined ? fauxgen.events(options) : (await fauxgen.existing(sandbox)).events(options);
  for await (const event of events) write(lineOf(event));
}

/** Formats an event as a line such as `12:00:01.500 default  sync     createGeneration /v2/generate -> 201`. */
export function lineOf(event: SandboxEvent): string {
  const vendor = textOf(event["vendor"]) ?? "-";
  const head = `${event.at.slice(11, 23)} ${event.sandbox}  ${vendor.padEnd(8)} `;
  const label = textOf(event["label"]);
  return `${head}${whatOf(event)}${label === undefined ? "" : ` [${label}]`}`;
}

function whatOf(event: SandboxEvent): string {
  const [id, status, scenario] = ["id", "status", "scenario"].map((name) => textOf(event[name]));
  switch (event.kind) {
    case "request.finished": {
      const chosen = scenario === undefined ? "" : ` (${scenario})`;
      const asked = [textOf(event["method"]), textOf(event["operation"]) ?? "no route", textOf(event["url"])];
      return `${asked.filter((part) => part !== undefined).join(" ")} -> ${status ?? textOf(event["state"]) ?? "nothing"}${chosen}`;
    }
    case "generation.transition":
      return `generation ${id ?? ""} ${textOf(event["from"]) ?? ""} -> ${textOf(event["to"]) ?? ""}`;
    case "delivery.changed":
      return `webhook ${textOf(event["event"]) ?? ""} to ${textOf(event["url"]) ?? ""} ${status ?? ""}`;
    default:
      return event.kind;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
