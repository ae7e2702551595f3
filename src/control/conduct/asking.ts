/** Finds requests that the vendor does not document, and connections that are not reused. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation, Evidence } from "./conversation.ts";
import { isDamaged } from "./entries.ts";
import type { FindingId } from "./finding-kinds.ts";

const FEWEST_CONNECTIONS = 20;
const WINDOW_MS = 60_000;

/** Separates the sentences of a diagnostic, which names all unknown parameters and fields of a request. */
const NEXT_NAME = /(?=(?:query|body)\.\S+ is not known)/;

export function askingOf(talk: Conversation): readonly Evidence[] {
  return [...undocumented(talk), ...deprecated(talk), ...connections(talk)];
}

/** Returns what is found for a diagnostic; nothing if it says nothing of the vendor's documentation. */
function findingsOf(code: string, text: string): readonly { readonly id: FindingId; readonly text: string }[] {
  if (code === "ROUTE_UNKNOWN") return [{ id: "undocumented-path", text }];
  if (code !== "PARAMETER_UNKNOWN") return [];
  return text.split(NEXT_NAME).map((each) => ({
    id: each.startsWith("query.") ? "undocumented-query" : "undocumented-field",
    text: each.trim(),
  }));
}

function undocumented({ requests }: Conversation): Evidence[] {
  const told = requests.flatMap((entry) =>
    (entry.diagnostics ?? []).flatMap(({ code, text = "" }) =>
      findingsOf(code, text).map((found) => ({ entry, ...found })),
    ),
  );
  const byText = Map.groupBy(told, ({ id, text }) => `${id} ${text}`);
  return [...byText.values()].flatMap((found) => {
    const [first] = found;
    if (first === undefined) return [];
    return [{ id: first.id, what: first.text, requests: found.map(({ entry }) => entry) }];
  });
}

function deprecated({ requests, facts }: Conversation): Evidence[] {
  return (facts.deprecated ?? []).flatMap(({ operation, what, source }) => {
    const used = requests.filter((entry) => entry.operation === operation);
    if (used.length === 0) return [];
    return [{ id: "deprecated-operation" as const, what, source: `[${source}]`, requests: used }];
  });
}

function connections({ requests }: Conversation): Evidence[] {
  const known = requests.filter(({ clientPort }) => clientPort !== undefined);
  let row: JournalEntry[] = [];
  for (const entry of known) {
    const before = row.at(-1);
    // Requests side by side need several connections, and a connection that broke cannot be used again.
    const goesOn = before !== undefined && isConnectedAfter(entry, before) && !isDamaged(before);
    row = goesOn && !row.some(({ clientPort }) => clientPort === entry.clientPort) ? [...row, entry] : [entry];
    row = row.filter(({ wallAt }) => entry.wallAt - wallAt <= WINDOW_MS);
    if (row.length < FEWEST_CONNECTIONS) continue;
    return [
      {
        id: "connection-per-request",
        what: `${FEWEST_CONNECTIONS} requests, one after the other, came over as many connections, within ${Math.ceil(spanOf(row) / 1000)} s.`,
        requests: row,
      },
    ];
  }
  return [];
}

/** Returns whether a request's connection was opened once another request had been answered. */
function isConnectedAfter(entry: JournalEntry, before: JournalEntry): boolean {
  const [connected, ended] = [entry.order?.connected, before.order?.ended];
  return connected !== undefined && ended !== undefined && connected >= ended;
}

function spanOf(row: readonly JournalEntry[]): number {
  return (row.at(-1)?.wallAt ?? 0) - (row[0]?.wallAt ?? 0);
}
