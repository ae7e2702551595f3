/**
 * Translates regular expressions of JavaScript (with its flag `u`) to RE2, which runs in time linear in the text. Both
 * read most of the syntax alike; this translates the rest, and refuses what RE2 cannot express.
 */

/** Thrown for an expression that cannot run in linear time; the message says which part and why. */
export class NotLinear extends Error {}

/** The code points that JavaScript takes for white space, and those that end a line, as ranges of RE2. */
const SPACE = "\\t-\\r\\x20\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const NOT_SPACE =
  "\\x00-\\x08\\x0e-\\x1f\\x21-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";
const NOT_NEWLINE = "[^\\n\\r\\x{2028}\\x{2029}]";
const ANY = "[\\x00-\\x{10ffff}]";
const NONE = "[^\\x00-\\x{10ffff}]";

const LOOK_AROUNDS: Readonly<Record<string, string>> = {
  "(?=": "look-ahead",
  "(?!": "look-ahead",
  "(?<=": "look-behind",
  "(?<!": "look-behind",
};

const CONTROLS: Readonly<Record<string, string>> = { t: "\\t", n: "\\n", r: "\\r", f: "\\f", v: "\\x0b", 0: "\\x00" };

/** The parts of an expression that are not simply copied, tried in this order. */
const GROUP = /\(\?(?:<?[=!]|:|<[^>=!][^>]*>|[ims]*(?:-[ims]*)?:)|\(/y;
const CLASS = /\[\^?\]?/y;
const SURROGATES = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/iy;
const CODE_POINT = /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/iy;
const CONTROL_LETTER = /\\c([A-Za-z])/y;
const PROPERTY = /\\([pP])\{(?:(?:General_Category|gc|Script|sc)=)?([^}]*)\}/y;
const BACK_REFERENCE = /\\(?:[1-9]\d*|k<[^>]*>)/y;
const ESCAPE = /\\(.)/suy;

/** Translates a valid expression. Throws {@link NotLinear}. */
export function toLinearSyntax(source: string): string {
  let result = "";
  let isInClass = false;
  for (let at = 0; at < source.length;) {
    const taken: Taken = isInClass ? takeInClass(source, at) : takeOutside(source, at);
    result += taken.translated;
    isInClass = taken.opens ?? (isInClass && taken.closes !== true);
    at = taken.end;
  }
  return result;
}

interface Taken {
  readonly translated: string;
  readonly end: number;
  /** Whether a class begins after this part. */
  readonly opens?: boolean;
  /** Whether a class ends with this part. */
  readonly closes?: true;
}

function takeOutside(source: string, at: number): Taken {
  const group = matchAt(GROUP, source, at);
  if (group !== undefined) return { translated: translateGroup(group[0]), end: at + group[0].length };
  const opening = matchAt(CLASS, source, at);
  if (opening !== undefined) {
    const [text] = opening;
    if (text === "[]" || text === "[^]") return { translated: text === "[]" ? NONE : ANY, end: at + text.length };
    return { translated: text, end: at + text.length, opens: true };
  }
  const character = source.charAt(at);
  if (character === ".") return { translated: NOT_NEWLINE, end: at + 1 };
  return takeEscape(source, at, false) ?? { translated: character, end: at + 1 };
}

function takeInClass(source: string, at: number): Taken {
  const character = source.charAt(at);
  if (character === "]") return { translated: "]", end: at + 1, closes: true };
  // RE2 would read the opening of a POSIX class.
  if (character === "[") return { translated: "\\[", end: at + 1 };
  return takeEscape(source, at, true) ?? { translated: character, end: at + 1 };
}

/** Returns the group without a capture, which is not needed. */
function translateGroup(opening: string): string {
  const lookAround = LOOK_AROUNDS[opening];
  if (lookAround !== undefined)
    throw new NotLinear(`${lookAround} (${opening.slice(1)}) is not supported, because patterns run in linear time`);
  if (/^\(\?[ims-]+:/.test(opening) && opening !== "(?i:" && opening !== "(?-i:")
    throw new NotLinear(`${opening} is not supported; the only flag is i, as in (?i:…)`);
  return opening.startsWith("(?i") || opening.startsWith("(?-") ? opening : "(?:";
}

function takeEscape(source: string, at: number, isInClass: boolean): Taken | undefined {
  if (source.charAt(at) !== "\\") return undefined;
  const pair = matchAt(SURROGATES, source, at);
  if (pair !== undefined) {
    const [text, high = "", low = ""] = pair;
    const point = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)).codePointAt(0) ?? 0;
    return { translated: `\\x{${point.toString(16)}}`, end: at + text.length };
  }
  const point = matchAt(CODE_POINT, source, at);
  if (point !== undefined)
    return { translated: `\\x{${point[1] ?? point[2] ?? point[3] ?? ""}}`, end: at + point[0].length };
  const letter = matchAt(CONTROL_LETTER, source, at);
  if (letter !== undefined) {
    const code = (letter[1] ?? "").charCodeAt(0) % 32;
    return { translated: `\\x{${code.toString(16)}}`, end: at + letter[0].length };
  }
  const property = matchAt(PROPERTY, source, at);
  if (property !== undefined)
    return { translated: `\\${property[1] ?? ""}{${property[2] ?? ""}}`, end: at + property[0].length };
  const reference = matchAt(BACK_REFERENCE, source, at);
  if (reference !== undefined)
    throw new NotLinear(`a back-reference (${reference[0]}) is not supported, because patterns run in linear time`);
  const [text = "\\", escaped = ""] = matchAt(ESCAPE, source, at) ?? [];
  return { translated: translateEscape(escaped, isInClass), end: at + text.length };
}

function translateEscape(escaped: string, isInClass: boolean): string {
  if (escaped === "s") return isInClass ? SPACE : `[${SPACE}]`;
  if (escaped === "S") return isInClass ? NOT_SPACE : `[${NOT_SPACE}]`;
  if (escaped === "b" && isInClass) return "\\x08";
  if (escaped === "/") return "/";
  return CONTROLS[escaped] ?? `\\${escaped}`;
}

/** Matches a sticky expression at a position; the expression keeps no state from call to call. */
function matchAt(expression: RegExp, source: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at;
  return expression.exec(source) ?? undefined;
}
