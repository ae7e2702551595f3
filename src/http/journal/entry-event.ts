/** Publishes what happens to a request as an event of its sandbox. Without followers, nothing is computed. */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "./journal.ts";

/** Publishes the arrival of a request. */
export function publishArrival({ events }: Sandbox, entry: JournalEntry): void {
  if (!events.isFollowed) return;
  const { id, vendor, operation, account, method, url, state } = entry;
  events.publish({
    kind: "request.arrived",
    at: entry.at,
    request: id,
    vendor,
    operation,
    account,
    method,
    url,
    state,
  });
}

/** Publishes the end of a request with all that a list shows of it, so that a reader need not ask for the entry. */
export function publishEnd({ events }: Sandbox, entry: JournalEntry): void {
  const { answeredAt, wallAnsweredAt } = entry;
  if (!events.isFollowed || answeredAt === undefined) return;
  const { id, vendor, operation, account, label, method, url, status, state, scenario, rules, fault } = entry;
  events.publish({
    kind: "request.finished",
    at: answeredAt,
    request: id,
    vendor,
    operation,
    account,
    label,
    method,
    url,
    status,
    state,
    scenario,
    rules,
    fault,
    generations: entry.generations,
    diagnostics: entry.diagnostics?.map(({ code }) => code),
    arrivedAt: new Date(entry.at),
    heldAt: entry.heldAt === undefined ? undefined : new Date(entry.heldAt),
    tookMs: wallAnsweredAt === undefined ? undefined : wallAnsweredAt - entry.wallAt,
  });
}

/** Publishes that a rule was applied to a request; `used` is the scenario or the fault that it chose. */
export function publishRuleHit(
  { events, clock }: Sandbox,
  entry: JournalEntry,
  rule: string,
  used: { readonly scenario: string } | { readonly fault: string },
): void {
  if (!events.isFollowed) return;
  const { id, vendor, operation, account, method, url } = entry;
  events.publish({
    kind: "rule.hit",
    at: clock.now(),
    rule,
    request: id,
    vendor,
    operation,
    account,
    method,
    url,
    ...used,
  });
}
