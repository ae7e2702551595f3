/** Turns documents of the control API, and the details of events, into rows. */
import type { Delivery, Generation, HeldRequest, JournalRequest, SandboxEvent } from "../../client/documents.ts";
import type { DeliveryRow, GenerationRow, Instant, RequestRow, WaiterRow } from "./model.ts";

const instant = (text: string): Instant => Date.parse(text);
const instantOr = (text: string | null): Instant | null => (text === null ? null : Date.parse(text));

export function generationRow(shown: Generation): GenerationRow {
  const { id, vendor, account, label, model, medium, phase, scenario, createdAt, timeline } = shown;
  return {
    id,
    vendor,
    account,
    label,
    model,
    medium,
    phase,
    scenario,
    createdAt: instant(createdAt),
    steps: timeline.steps.map((step) => ({ phase: step.phase, at: instant(step.at) })),
    isOpen: timeline.open.length > 0,
  };
}

export function requestRow(shown: JournalRequest): RequestRow {
  const { id, state, method, url, vendor, operation, account, label, status, scenario, rules, fault } = shown;
  return {
    id,
    state,
    method,
    url,
    vendor,
    operation,
    account,
    label,
    status,
    at: instant(shown.at),
    heldAt: instantOr(shown.heldAt),
    answeredAt: instantOr(shown.answeredAt),
    realAt: instant(shown.real.at),
    tookMs: shown.real.tookMs,
    scenario,
    rules,
    fault,
    generations: shown.generations,
    diagnostics: shown.diagnostics.map(({ code }) => code),
  };
}

export function deliveryRow(shown: Delivery): DeliveryRow {
  const { id, vendor, account, subject, label, event, url, status, attempts } = shown;
  return {
    id,
    vendor,
    account,
    subject,
    label,
    event,
    url,
    status,
    createdAt: instant(shown.createdAt),
    nextAttemptAt: instantOr(shown.nextAttemptAt),
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      at: instant(attempt.at),
      ending: attempt.ending,
      status: attempt.status,
      error: attempt.error?.message ?? null,
    })),
  };
}

export function waiterRow(shown: HeldRequest): WaiterRow {
  const { id, kind, vendor, generation, account, label, since, deadline } = shown;
  return {
    id,
    waitsFor: kind,
    vendor,
    generation,
    account,
    label,
    since: instant(since),
    deadline: instantOr(deadline),
  };
}

/** Reads the details of an event, whose types JSON does not keep. */
export class EventDetails {
  readonly #event: SandboxEvent;

  constructor(event: SandboxEvent) {
    this.#event = event;
  }

  text(name: string): string | null {
    const value = this.#event[name];
    return typeof value === "string" ? value : null;
  }

  number(name: string): number | null {
    const value = this.#event[name];
    return typeof value === "number" ? value : null;
  }

  instant(name: string): Instant | null {
    return instantOr(this.text(name));
  }

  texts(name: string): readonly string[] {
    const value = this.#event[name];
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
  }

  isTrue(name: string): boolean {
    return this.#event[name] === true;
  }

  /** Returns the value of a name that has one of these texts; undefined for any other. */
  oneOf<Text extends string>(name: string, texts: readonly Text[]): Text | undefined {
    return texts.find((text) => text === this.#event[name]);
  }

  get raw(): SandboxEvent {
    return this.#event;
  }
}
