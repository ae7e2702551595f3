/** Finds requests that the vendor does not document, keys in wrong places, and connections that are not reused. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import { queryOf, type Conversation, type Evidence } from "./conversation.ts";
import type { FindingId } from "./finding-kinds.ts";

const FEWEST_CONNECTIONS = 20;
const WINDOW_MS = 60_000;

/** Matches names of query parameters in which keys are sent; a link's own token is not a key. */
const KEY_NAME = /^(?:x-)?(?:api[-_]?key|access[-_]?token|key|authorization)$/i;

/** Returns what is found for a diagnostic; undefined if it says nothing of the vendor's documentation. */
function findingOf(code: string, text: string): FindingId | undefined {
  if (code === "ROUTE_UNKNOWN") return "undocumented-path";
  if (code !== "PARAMETER_UNKNOWN") return undefined;
  return text.startsWith("query.") ? "undocumented-query" : "undocumented-field";
}

export function askingOf(talk: Conversation): readonly Evidence[] {
  return [...keysInUrls(talk), ...undocumented(talk), ...deprecated(talk), ...connections(talk)];
}

function keysInUrls({ requests }: Conversation): Evidence[] {
  const leaking = requests.filter(({ url }) => [...queryOf(url).keys()].some((name) => KEY_NAME.test(name)));
  const [first] = leaking;
  if (first === undefined) return [];
  const name = [...queryOf(first.url).keys()].find((each) => KEY_NAME.test(each)) ?? "";
  return [
    { id: "key-in-url", what: `Request ${first.id} has a key in the query parameter ${name}.`, requests: leaking },
  ];
}

function undocumented({ requests }: Conversation): Evidence[] {
  const told = requests.flatMap((entry) =>
    (entry.diagnostics ?? []).flatMap(({ code, text = "" }) => {
      const id = findingOf(code, text);
      return id === undefined ? [] : [{ entry, id, text }];
    }),
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
  for (let index = 0; index + FEWEST_CONNECTIONS <= known.length; index += 1) {
    const row = known.slice(index, index + FEWEST_CONNECTIONS);
    if (spanOf(row) > WINDOW_MS || new Set(row.map(({ clientPort }) => clientPort)).size < FEWEST_CONNECTIONS) continue;
    return [
      {
        id: "connection-per-request",
        what: `${FEWEST_CONNECTIONS} requests in a row came over as many connections, within ${Math.ceil(spanOf(row) / 1000)} s.`,
        requests: row,
      },
    ];
  }
  return [];
}

function spanOf(row: readonly JournalEntry[]): number {
  return (row.at(-1)?.wallAt ?? 0) - (row[0]?.wallAt ?? 0);
}
