/** Judges the conduct of a sandbox's clients: applies every rule to each vendor, and decides how severe its findings are. */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { askingOf } from "./asking.ts";
import { Conversation, type Evidence, type Said } from "./conversation.ts";
import { fetchingOf } from "./fetching.ts";
import { findingKinds, type FindingKind, type Severity } from "./finding-kinds.ts";
import { keysOf } from "./keys.ts";
import { pollingOf } from "./polling.ts";
import { receivingOf } from "./receiving.ts";
import { repeatingOf } from "./repeating.ts";
import { retryAfterIgnored } from "./retrying.ts";

/** A finding: a rule that a client broke, with what it rests on. */
export interface Finding extends Evidence {
  readonly severity: Severity;
  readonly vendor: string;
  /** The reason that the sandbox's document gives for another severity. */
  readonly because?: string;
}

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Returns the findings about a sandbox's clients, the most severe first; an ignored finding is left out. */
export function judge(sandbox: Sandbox, vendors: readonly Vendor[], said: Said): Finding[] {
  return vendors
    .flatMap((vendor) => {
      if (vendor.conduct === undefined) return [];
      const talk = new Conversation(sandbox, { vendor, facts: vendor.conduct }, said);
      if (talk.requests.length + talk.strays.length + talk.webhooks.length === 0) return [];
      return [pollingOf, retryAfterIgnored, repeatingOf, fetchingOf, keysOf, askingOf, receivingOf]
        .flatMap((rule) => rule(talk))
        .flatMap((evidence) => findingOf(sandbox, vendor, evidence));
    })
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

function findingOf(sandbox: Sandbox, { name }: Vendor, evidence: Evidence): Finding[] {
  const wanted = sandbox.document.conduct?.[evidence.id];
  if (wanted?.severity === "ignore") return [];
  if (wanted !== undefined) return [{ ...evidence, vendor: name, severity: wanted.severity, because: wanted.reason }];
  const { severity: usual, readsIntervals }: FindingKind = findingKinds[evidence.id];
  const severity = evidence.severity ?? usual;
  // Tests shorten intervals on purpose, so an interval says something only at realistic times.
  const isNote = readsIntervals === true && sandbox.settings.timing !== "realistic";
  return [{ ...evidence, vendor: name, severity: isNote ? "note" : severity }];
}
