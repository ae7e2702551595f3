/** Shortens keys for logs, the journal and lists. */

/** Matches `[prefix]fx_<sandbox>_<account>`. The prefix holds no other key, as two headers joined with a comma do. */
export const SELF_DESCRIBING = /^((?:(?!fx_)[^\s,;])*)fx_([a-z0-9-]{1,40})_([a-z0-9-]{1,40})$/;

/** Short words that say what a key is for, as in `test-fx_w1_main`; a key with any other prefix may be real. */
const PLAIN_BEGINNING = /^(?:[a-z]{1,5}[-_]){0,2}fx_/;

/**
 * Returns the part of a key that may be shown: enough to recognise it, not enough to use it. A self-describing key is
 * not secret, but its prefix may be, and a key that only looks like one may be real.
 */
export function hintOf(key: string): string {
  if (PLAIN_BEGINNING.test(key)) return key;
  const prefix = SELF_DESCRIBING.exec(key)?.[1];
  if (prefix !== undefined) return `…${key.slice(prefix.length)}`;
  return key.length < 12 ? "…" : `${key.slice(0, 4)}…${key.slice(-2)}`;
}
