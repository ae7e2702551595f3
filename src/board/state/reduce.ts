/**
 * Computes the next state of the board from documents and events. It is pure: equal actions give equal states, and a
 * state never changes. Events may repeat what documents say already, so each of them sets values and adds none twice.
 */
import type { Delivery, Generation, HeldRequest, JournalRequest, SandboxEvent } from "../../client/documents.ts";
import { Draft } from "./draft.ts";
import {
  isEnding,
  sandboxNow,
  type AttemptRow,
  type BoardState,
  type ClockView,
  type GenerationRow,
  type Instant,
  type RequestRow,
  type Step,
} from "./model.ts";
import { deliveryRow, EventDetails, generationRow, requestRow, waiterRow } from "./rows.ts";

/** A running clock that is further off than this is set by the next event. */
const DRIFT_MS = 50;

const phases = ["queued", "processing", "succeeded", "failed", "rejected", "cancelled"] as const;
const requestStates = ["arrived", "held", "answered", "gone", "dropped"] as const;
const deliveryStatuses = ["pending", "delivered", "failed", "collected", "lost"] as const;
const waits = ["end", "latency", "forever"] as const;

export type Action =
  | { readonly kind: "generations"; readonly items: readonly Generation[] }
  | { readonly kind: "requests"; readonly items: readonly JournalRequest[] }
  | { readonly kind: "deliveries"; readonly items: readonly Delivery[] }
  | { readonly kind: "waiters"; readonly items: readonly HeldRequest[] }
  | { readonly kind: "clock"; readonly clock: ClockView }
  | { readonly kind: "empty" }
  | { readonly kind: "events"; readonly events: readonly SandboxEvent[]; readonly readAt: number };

/** Returns the state after an action. */
export function reduce(state: BoardState, action: Action): BoardState {
  const draft = new Draft(state);
  switch (action.kind) {
    case "empty":
      draft.empty();
      break;
    case "clock":
      draft.clock = action.clock;
      break;
    case "waiters":
      draft.waiters.empty();
      for (const item of action.items) draft.waiters.changing.set(item.id, waiterRow(item));
      break;
    case "generations":
      for (const item of action.items) draft.generations.changing.set(item.id, generationRow(item));
      break;
    case "deliveries":
      for (const item of action.items) draft.putDelivery(deliveryRow(item));
      break;
    case "requests":
      draft.putRequests(action.items.map(requestRow));
      break;
    case "events":
      for (const event of action.events) applyEvent(draft, event, action.readAt);
  }
  return draft.finish();
}

function applyEvent(draft: Draft, event: SandboxEvent, readAt: number): void {
  const details = new EventDetails(event);
  const at = Date.parse(event.at);
  switch (event.kind) {
    case "generation.created":
    case "generation.transition":
    case "generation.changed":
      putGeneration(draft, details, at);
      break;
    case "generation.deleted":
      draft.generations.changing.delete(details.text("id") ?? "");
      break;
    case "request.finished":
      putRequest(draft, details, at);
      break;
    case "waiter.held":
      putWaiter(draft, details, at);
      break;
    case "waiter.released":
      draft.waiters.changing.delete(details.number("id") ?? 0);
      break;
    case "delivery.changed":
      putDelivery(draft, details, at);
      break;
    case "rule.added":
    case "rule.deleted":
    case "rule.hit":
      draft.raise("rules");
      break;
    case "request.unassigned":
      draft.raise("unassigned");
      break;
    case "sandbox.created":
    case "sandbox.deleted":
      draft.raise("sandboxes");
      return;
    case "sandbox.reset":
      draft.empty();
      break;
    case "clock.moved":
      draft.clock = {
        mode: details.oneOf("mode", ["running", "frozen"]) ?? "running",
        rate: details.number("rate") ?? 1,
        at,
        readAt,
      };
      return;
  }
  followClock(draft, at, readAt);
}

/** Corrects the clock by an event: the sandbox's time is never behind that of an event that has happened. */
function followClock(draft: Draft, at: Instant, readAt: number): void {
  const { clock } = draft;
  if (at - sandboxNow(clock, readAt) > DRIFT_MS) draft.clock = { ...clock, at, readAt };
}

function putGeneration(draft: Draft, details: EventDetails, at: Instant): void {
  const id = details.text("id") ?? "";
  const before = draft.generations.current.get(id);
  const phase = details.oneOf("phase", phases) ?? details.oneOf("to", phases) ?? before?.phase ?? "queued";
  const row: GenerationRow = {
    id,
    vendor: details.text("vendor") ?? "",
    account: details.text("account") ?? "",
    label: details.text("label"),
    model: details.text("model") ?? "",
    medium: details.text("medium") ?? "image",
    phase,
    scenario: scenarioOf(details) ?? before?.scenario ?? { name: "succeed", code: null, source: "" },
    createdAt: details.instant("createdAt") ?? before?.createdAt ?? at,
    steps: stepsOf(details.raw["steps"]),
    isOpen: details.isTrue("isHeld") && !isEnding(phase),
  };
  draft.generations.changing.set(id, row);
}

function scenarioOf(details: EventDetails): GenerationRow["scenario"] | undefined {
  const chosen = details.raw["scenario"];
  if (typeof chosen !== "object" || chosen === null) return undefined;
  const { name, code, source } = { name: "", code: null, source: "", ...chosen };
  return { name, code, source };
}

function stepsOf(shown: unknown): Step[] {
  if (!Array.isArray(shown)) return [];
  return shown.flatMap((step: { readonly phase?: unknown; readonly at?: unknown }) => {
    const phase = phases.find((each) => each === step.phase);
    return phase === undefined || typeof step.at !== "string" ? [] : [{ phase, at: Date.parse(step.at) }];
  });
}

function putRequest(draft: Draft, details: EventDetails, at: Instant): void {
  const tookMs = details.number("tookMs");
  const row: RequestRow = {
    id: details.number("request") ?? 0,
    state: details.oneOf("state", requestStates) ?? "answered",
    method: details.text("method") ?? "",
    url: details.text("url") ?? "",
    vendor: details.text("vendor"),
    operation: details.text("operation"),
    account: details.text("account"),
    label: details.text("label"),
    status: details.number("status"),
    at: details.instant("arrivedAt") ?? at,
    heldAt: details.instant("heldAt"),
    answeredAt: at,
    realAt: (details.instant("real") ?? at) - (tookMs ?? 0),
    tookMs,
    scenario: details.text("scenario"),
    rules: details.texts("rules"),
    fault: details.text("fault"),
    generations: details.texts("generations"),
    diagnostics: details.texts("diagnostics"),
  };
  draft.putRequests([row]);
}

function putWaiter(draft: Draft, details: EventDetails, at: Instant): void {
  const id = details.number("id") ?? 0;
  const generation = details.text("generationId");
  draft.waiters.changing.set(id, {
    id,
    waitsFor: details.oneOf("waitsFor", waits) ?? "end",
    vendor: details.text("vendor") ?? "",
    generation: generation === "" ? null : generation,
    account: details.text("account") ?? "",
    label: details.text("label"),
    since: details.instant("since") ?? at,
    deadline: details.instant("deadline"),
  });
}

function putDelivery(draft: Draft, details: EventDetails, at: Instant): void {
  const id = details.text("id") ?? "";
  const before = draft.findDelivery(id);
  const attempt = attemptOf(details, at);
  const known = before?.attempts ?? [];
  const isNew = attempt !== undefined && !known.some(({ number }) => number === attempt.number);
  draft.putDelivery({
    id,
    vendor: details.text("vendor") ?? "",
    account: details.text("account") ?? "",
    subject: details.text("generationId") ?? "",
    label: details.text("label"),
    event: details.text("event") ?? "",
    url: details.text("url") ?? "",
    status: details.oneOf("status", deliveryStatuses) ?? "pending",
    createdAt: details.instant("createdAt") ?? before?.createdAt ?? at,
    nextAttemptAt: details.instant("nextAttemptAt"),
    attempts: isNew ? [...known, attempt] : known,
  });
}

function attemptOf(details: EventDetails, at: Instant): AttemptRow | undefined {
  const number = details.number("attempt");
  if (number === null) return undefined;
  return {
    number,
    at: details.instant("attemptedAt") ?? at,
    ending: details.text("ending") ?? "answered",
    status: details.number("response"),
    error: details.text("error"),
  };
}
