/**
 * Tells whether a request can follow from the answer to another one, or was on its way before. Clocks alone cannot tell
 * it: a client on the same machine asks again within the millisecond of an answer, and parts of a client that work side
 * by side send requests at any moment.
 */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation } from "./conversation.ts";
import { answerOf, livedMs } from "./entries.ts";

/** The time within which a request over another connection may have been on its way already. */
const ON_ITS_WAY_MS = 50;

/** Returns whether a request was sent after the end of another one, so that it can follow from its answer. */
export function follows(talk: Conversation, later: JournalEntry, earlier: JournalEntry): boolean {
  const [end, begin] = [earlier.order, later.order];
  if (end === undefined || begin === undefined) return later.id > earlier.id && later.wallAt > answerOf(earlier).wallAt;
  if (end.ended === undefined || begin.arrived < end.ended) return false;
  const isSame = later.clientPort === earlier.clientPort || (begin.connected ?? -1) >= end.ended;
  return isSame || isLater(talk, later, earlier) || isInTurn(talk, later, earlier);
}

/** Returns whether so much time had passed that a request cannot have been on its way. */
export function isLater({ sandbox }: Conversation, later: JournalEntry, earlier: JournalEntry): boolean {
  return livedMs(answerOf(earlier), later, sandbox.clock.state.rate) >= ON_ITS_WAY_MS;
}

/**
 * Returns whether a request came at once over the other of two connections, which HTTP clients use in turn. A connection
 * that was open and unused, or a third one, shows work side by side.
 */
function isInTurn({ requests, sandbox }: Conversation, later: JournalEntry, earlier: JournalEntry): boolean {
  const { rate } = sandbox.clock.state;
  const around = requests.filter((each) => {
    const [from, to] = each.id < earlier.id ? [each, earlier] : [earlier, each];
    return each.clientPort !== undefined && livedMs(from, to, rate) < ON_ITS_WAY_MS;
  });
  return later.order?.isReused === true && new Set(around.map(({ clientPort }) => clientPort)).size <= 2;
}
