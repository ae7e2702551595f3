/** Reads API keys: what a self-describing key names, how a key is stored, and what may be shown of it. */
import { SELF_DESCRIBING } from "../../wording/key-hint.ts";
import { digestOf } from "./ids.ts";

/** The parts of a self-describing key: `[prefix]fx_<sandbox>_<account>`. */
export interface KeyDescription {
  readonly sandbox: string;
  readonly account: string;
}

const LOOKS_SELF_DESCRIBING = /fx_/;
const SLUG = /^[a-z0-9-]{1,40}$/;

/**
 * Parses a self-describing key. Returns `"malformed"` for a key that looks like one and does not parse, and undefined
 * for any other key.
 */
export function describeKey(key: string): KeyDescription | "malformed" | undefined {
  const match = SELF_DESCRIBING.exec(key);
  const [, , sandbox, account] = match ?? [];
  if (sandbox !== undefined && account !== undefined) return { sandbox, account };
  return LOOKS_SELF_DESCRIBING.test(key) ? "malformed" : undefined;
}

/** Returns what is wrong with a key that looks self-describing and does not parse, and what to send instead. */
export function flawOfKey(key: string): string {
  const [first, second] = key.split(/[\s,;]+/).filter((each) => typeof describeKey(each) === "object");
  if (second !== undefined) return `The header has two keys; send only one of them, such as ${first ?? ""}.`;
  const [, prefix = "", rest = ""] = /^(.*?)fx_(.*)$/.exec(key) ?? [];
  if (/\s/.test(prefix))
    return `The header has ${JSON.stringify(prefix.trim())} before the key; this vendor's header takes only the key.`;
  const parts = rest.split("_");
  const [sandbox = "", account = "", ...more] = parts;
  if (more.length > 0 && parts.every((part) => SLUG.test(part)))
    return `The key has ${parts.length} parts after fx_, and names have no "_": write fx_${[sandbox, account, ...more.slice(0, -1)].join("-")}_${more.at(-1) ?? ""} for another sandbox, or fx_${sandbox}_${[account, ...more].join("-")} for another account. For a second user of ${account}, register a key with \`user\`.`;
  if (parts.length < 2) return "The key names no account: write fx_<sandbox>_<account>, such as fx_default_main.";
  const wrong = parts.find((part) => !SLUG.test(part)) ?? "";
  return `${visible(wrong)} is not a name: use 1 to 40 characters of a-z, 0-9 and -, as in fx_<sandbox>_<account>.`;
}

/** Quotes a part of a header; a pasted character that cannot be seen is shown by its number. */
function visible(part: string): string {
  const text = Buffer.from(part, "latin1").toString("utf8");
  return JSON.stringify(text.includes("\ufffd") ? part : text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns the hash under which a key is stored. */
export function hashKey(key: string): string {
  return digestOf("key", key);
}
