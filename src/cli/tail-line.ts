/** Words the events of a server as lines for a terminal. */
import { styleText } from "node:util";
import type { SandboxEvent } from "../client/documents.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

/** Colours for a terminal, whatever the process's own output is; the caller decides whether to use them. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** Formats an event as a line such as `12:00:01.500 default  sync     POST createGeneration /v2/generate -> 201`. */
export function lineOf(event: SandboxEvent, paint: Paint = plain): string {
  const vendor = textOf(event["vendor"]) ?? "-";
  const head = `${paint("dim", event.at.slice(11, 23))} ${event.sandbox || "-"}  ${vendor.padEnd(8)} `;
  const label = textOf(event["label"]);
  return `${head}${whatOf(event, paint)}${label === undefined ? "" : ` ${paint("dim", `[${label}]`)}`}`;
}

function whatOf(event: SandboxEvent, paint: Paint): string {
  const text = (name: string): string | undefined => textOf(event[name]);
  switch (event.kind) {
    case "request.finished":
      return finished(event, paint);
    case "request.unassigned":
      return `${paint("red", "unassigned")} ${text("method") ?? ""} ${text("url") ?? ""} (${text("reason") ?? ""})`;
    case "generation.created":
      return `generation ${text("id") ?? ""} created, ${text("model") ?? ""}`;
    case "generation.transition":
      return `generation ${text("id") ?? ""} ${text("from") ?? ""} -> ${phase(text("to") ?? "", paint)}`;
    case "generation.changed":
      return `generation ${text("id") ?? ""} steered${event["isHeld"] === true ? ", held" : ""}`;
    case "generation.deleted":
      return `generation ${text("id") ?? ""} deleted`;
    case "waiter.held":
      return `${paint("yellow", "held")} ${waitOf(event)}, ${untilOf(text("deadline"))}`;
    case "waiter.released":
      return `${paint("yellow", "released")} ${waitOf(event)}: ${text("release") ?? ""}`;
    case "delivery.changed":
      return delivery(event, paint);
    case "rule.hit":
      return `${paint("magenta", "rule")} ${text("rule") ?? ""} gave ${text("scenario") ?? text("fault") ?? ""} to ${text("method") ?? ""} ${text("url") ?? ""}`;
    case "rule.added":
    case "rule.deleted":
      return `${paint("magenta", "rule")} ${text("rule") ?? ""} ${event.kind.slice("rule.".length)}`;
    case "clock.moved":
      return `${paint("cyan", "clock")} ${text("mode") ?? ""}${event["rate"] === 1 ? "" : ` at rate ${text("rate") ?? ""}`}, ${event.at}`;
    case "sandbox.reset":
      return paint("cyan", "sandbox reset");
    case "sandbox.created":
    case "sandbox.deleted":
      return paint("cyan", `sandbox ${event.kind.slice("sandbox.".length)}`);
    default:
      return event.kind;
  }
}

function finished(event: SandboxEvent, paint: Paint): string {
  const text = (name: string): string | undefined => textOf(event[name]);
  const status = text("status");
  const asked = [text("method"), text("operation") ?? "no route", text("url")];
  const answer = status ?? text("state") ?? "nothing";
  const colour = status === undefined || status >= "400" ? "red" : "green";
  const why = [text("scenario"), text("fault"), ...textsOf(event["diagnostics"])].filter(
    (part) => part !== undefined && part !== "FAULT_APPLIED",
  );
  return `${asked.filter((part) => part !== undefined).join(" ")} -> ${paint(colour, answer)}${why.length === 0 ? "" : ` (${why.join(", ")})`}`;
}

function delivery(event: SandboxEvent, paint: Paint): string {
  const text = (name: string): string | undefined => textOf(event[name]);
  const status = text("status") ?? "";
  const number = text("attempt");
  const reason =
    text("error") ?? (text("response") === undefined ? text("ending") : `answered ${text("response") ?? ""}`);
  const attempt = number === undefined ? "" : `, attempt ${number}: ${reason ?? ""}`;
  const colour = status === "delivered" ? "green" : status === "failed" ? "red" : "yellow";
  return `webhook ${text("event") ?? ""} to ${text("url") ?? ""} ${paint(colour, status)}${attempt}`;
}

function waitOf(event: SandboxEvent): string {
  const generation = textOf(event["generationId"]) ?? "";
  switch (event["waitsFor"]) {
    case "latency":
      return "a request, for a delay";
    case "forever":
      return "a request, without end";
    default:
      return `a request, for the end of ${generation}`;
  }
}

function untilOf(deadline: string | undefined): string {
  return deadline === undefined ? "no limit" : `until ${deadline.slice(11, 23)}`;
}

function phase(name: string, paint: Paint): string {
  if (name === "succeeded") return paint("green", name);
  return name === "failed" || name === "rejected" ? paint("red", name) : name;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : [];
}
