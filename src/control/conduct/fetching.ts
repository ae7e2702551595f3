/** Finds what a client does wrong with the results of its generations, and with lists of them. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import { endOf, type Conversation, type Evidence } from "./conversation.ts";
import { queryOf } from "./entries.ts";

const TOLD_MS = 10_000;
/** Within this time after the end, a client fetches its results promptly. */
const PROMPT_MS = 60_000;
const FEWEST_LISTS = 3;
const EXPIRED: ReadonlySet<number> = new Set([403, 404, 410]);

export function fetchingOf(talk: Conversation): readonly Evidence[] {
  const downloads = talk.requests.filter(({ operation }) => operation === "downloadOutput");
  return [
    ...neverFetched(talk, downloads),
    ...fetchedLate(talk, downloads),
    ...failureUnread(talk),
    ...pagesUnread(talk),
  ];
}

function neverFetched(talk: Conversation, downloads: readonly JournalEntry[]): Evidence[] {
  const missing = talk.made().flatMap((generation) => {
    if (generation.announced !== "succeeded") return [];
    const told = talk.toldAt(generation);
    const isDue = told !== undefined && (talk.exitCode !== undefined || talk.now - told >= TOLD_MS);
    const made = generation.outputs.filter(({ result }) => result === "succeeded").length;
    const fetched = new Set(
      downloads.filter(({ generations = [] }) => generations.includes(generation.id)).map(({ path }) => path),
    );
    return isDue && fetched.size < made ? [{ id: generation.id, made, fetched: fetched.size }] : [];
  });
  const [first] = missing;
  if (first === undefined) return [];
  const ids = missing.map(({ id }) => id);
  const isPart = missing.length === 1 && first.fetched > 0;
  return [
    {
      id: "output-never-fetched",
      what: isPart
        ? `${first.made - first.fetched} of the ${first.made} results of ${first.id} were told to the client and never fetched.`
        : `The results of ${listed(ids)} were told to the client and never fetched${first.fetched > 0 ? ", or not all of them" : ""}.`,
      requests: talk
        .statusReads()
        .filter(({ id }) => ids.includes(id))
        .flatMap(({ reads }) => reads.filter((read) => talk.toldEnd(read)).slice(0, 1)),
      generation: first.id,
    },
  ];
}

function fetchedLate(talk: Conversation, downloads: readonly JournalEntry[]): Evidence[] {
  const late = downloads.filter((entry) => {
    const [id = ""] = entry.generations ?? [];
    const generation = talk.generation(id);
    if (generation?.announced !== "succeeded" || !EXPIRED.has(entry.status ?? 0)) return false;
    const told = talk.toldAt(generation);
    // A rule may refuse a link that the client used at once, which was then not late.
    const since = told === undefined ? -1 : entry.at - told;
    const isLate = since >= (entry.fault === undefined ? 0 : PROMPT_MS);
    return isLate && !isFetchedAgain(downloads, entry, id);
  });
  return late.slice(0, 1).map((entry) => ({
    id: "output-fetched-late",
    what: `Request ${entry.id} asked for the result of ${entry.generations?.[0] ?? ""} and was answered ${entry.status ?? ""}.`,
    requests: late,
    ...(entry.generations?.[0] !== undefined && { generation: entry.generations[0] }),
  }));
}

/** Returns whether the client then got the result by a fresh link. */
function isFetchedAgain(downloads: readonly JournalEntry[], late: JournalEntry, id: string): boolean {
  return downloads.some(
    (entry) => entry.id > late.id && (entry.status ?? 0) < 400 && (entry.generations?.includes(id) ?? false),
  );
}

function failureUnread(talk: Conversation): Evidence[] {
  if (talk.exitCode !== 0) return [];
  return talk
    .made()
    .filter((generation) => generation.announced === "failed" || generation.announced === "rejected")
    .filter((generation) => !talk.wasTold(generation))
    .map(({ id, announced }) => ({
      id: "failure-not-read" as const,
      what: `${id} ended ${announced}; no answer, webhook or event told the client, and the command ended with 0.`,
      requests: talk.creates().filter(({ generations = [] }) => generations.includes(id)),
      generation: id,
    }));
}

function pagesUnread(talk: Conversation): Evidence[] {
  const { hasNextPage, lists } = talk.facts;
  if (hasNextPage === undefined) return [];
  const answered = talk.requests.filter(
    ({ operation, status, responseBody }) => status === 200 && responseBody !== undefined && isAmong(lists, operation),
  );
  const byAccount = Map.groupBy(answered, ({ account }) => account ?? "");
  return [...byAccount].flatMap(([account, entries]) => {
    const urls = new Set(entries.map(({ url }) => url));
    const isCut = entries.every((entry) => hasNextPage(parsed(entry), queryOf(entry.url)));
    if (entries.length < FEWEST_LISTS || urls.size > 1 || !isCut) return [];
    const sought = talk
      .made()
      .filter((each) => each.account === account && (endOf(each) ?? talk.now) >= (entries[0]?.at ?? 0))
      .filter(({ id }) => !entries.some(({ responseBody = "" }) => responseBody.includes(id)))
      .filter(
        ({ id }) => !talk.requests.some((entry) => entry.method === "GET" && entry.generations?.includes(id) === true),
      );
    if (sought.length === 0) return [];
    return [
      {
        id: "pages-not-read" as const,
        what: `${entries.length} reads of ${[...urls][0] ?? ""} had a next page that was never read; ${listed(sought.map(({ id }) => id))} ${sought.length === 1 ? "was" : "were"} on none of them.`,
        requests: entries,
      },
    ];
  });
}

function isAmong(operations: readonly string[], operation: string | undefined): boolean {
  return operation !== undefined && operations.includes(operation);
}

function parsed({ responseBody }: JournalEntry): unknown {
  try {
    return JSON.parse(responseBody ?? "null") as unknown;
  } catch {
    return null;
  }
}

function listed(ids: readonly string[]): string {
  return ids.length <= 3 ? ids.join(", ") : `${ids.slice(0, 3).join(", ")} and ${ids.length - 3} more`;
}
