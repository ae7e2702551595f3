/** Finds keys in wrong places: in a URL, with a file's host, or with another vendor. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation, Evidence } from "./conversation.ts";
import { pathOf, queryOf } from "./entries.ts";

/** Matches names of query parameters in which keys are sent; a link's own token is not a key. */
const KEY_NAME = /^(?:x-)?(?:api[-_]?key|access[-_]?token|key|authorization)$/i;

const REFUSED: ReadonlySet<number> = new Set([401, 403]);

export function keysOf(talk: Conversation): readonly Evidence[] {
  return [...inUrls(talk), ...sentToFileHost(talk), ...ofOtherVendors(talk)];
}

function inUrls({ requests, strays }: Conversation): Evidence[] {
  const nameIn = ({ url }: JournalEntry): string | undefined =>
    [...queryOf(url).keys()].find((name) => KEY_NAME.test(name));
  // The query of a file's link is the vendor's.
  const leaking = [...requests, ...strays].filter(
    (entry) => entry.operation !== "downloadOutput" && nameIn(entry) !== undefined,
  );
  const [first] = leaking;
  if (first === undefined) return [];
  return [
    {
      id: "key-in-url",
      what: `Request ${first.id} has a key in the query parameter ${nameIn(first) ?? ""}.`,
      requests: leaking,
    },
  ];
}

function sentToFileHost({ vendor, facts, requests }: Conversation): Evidence[] {
  if (!facts.filesNeedNoKey) return [];
  const leaking = requests.filter(
    ({ operation, url, requestHeaders }) =>
      operation === "downloadOutput" &&
      pathOf(url).startsWith("/_media/") &&
      vendor.keyHeaders.some((name) => requestHeaders[name] !== undefined),
  );
  if (leaking.length === 0) return [];
  return [
    {
      id: "key-sent-to-file-host",
      what: `${leaking.length === 1 ? "A download" : `${leaking.length} downloads`} carried the header ${vendor.keyHeaders[0] ?? ""} of the API.`,
      requests: leaking,
    },
  ];
}

function ofOtherVendors({ vendor, requests, strays, ownerOfKey }: Conversation): Evidence[] {
  const foreign = [...requests, ...strays].flatMap((entry) => {
    if (!REFUSED.has(entry.status ?? 0)) return [];
    const owner = ownerOfKey(entry);
    return owner === undefined || owner === vendor.name ? [] : [{ entry, owner }];
  });
  const [first] = foreign;
  if (first === undefined) return [];
  return [
    {
      id: "key-of-other-vendor",
      what: `${foreign.length === 1 ? `Request ${first.entry.id}` : `${foreign.length} requests`} to ${vendor.name} carried a key of ${first.owner}.`,
      requests: foreign.map(({ entry }) => entry),
    },
  ];
}
