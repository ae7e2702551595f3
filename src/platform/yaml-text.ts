/** Parses YAML with the line of each error, in every place that reads YAML. The parser loads slowly, on first use. */
import type { Alias, Document } from "yaml";

interface YamlError {
  readonly line: number;
  readonly reason: string;
}

export interface ParsedYaml {
  /** The value; undefined if there are errors. */
  readonly value: unknown;
  readonly errors: readonly YamlError[];
  /** Returns the line of the part at a path, or of the nearest existing part around it. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
}

/** The most values that aliases may add up to, so that a small file cannot fill the memory. */
const MOST_ALIASED = 1000;

/** Parses YAML 1.2 with merge keys (`<<`). An alias without an anchor is an error like any other. */
export async function parseYamlText(text: string): Promise<ParsedYaml> {
  const { isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } =
    await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
  const errors: YamlError[] = [...document.errors, ...document.warnings].map(({ message, pos: [at], code }) => ({
    line: lineAt(at),
    reason: reasonOf(code, text.slice(at)) ?? message,
  }));
  visit(document, {
    Pair: (_at, { key }) => {
      if (isCollection(key))
        errors.push({
          line: lineAt(startOf(key) ?? 0),
          reason: "a key is a list or an object; quote a text that begins with [ or {",
        });
    },
  });
  const read = (): { readonly value: unknown } => {
    if (errors.length > 0) return { value: undefined };
    try {
      return { value: document.toJS({ maxAliasCount: MOST_ALIASED }) as unknown };
    } catch (error) {
      const aliases: Alias[] = [];
      visit(document, {
        Alias: (_key, alias) => {
          if (isAlias(alias)) aliases.push(alias);
        },
      });
      errors.push(aliasError(document, aliases, error, (alias) => lineAt(startOf(alias) ?? 0)));
      return { value: undefined };
    }
  };
  const { value } = read();
  return {
    value,
    errors,
    lineOf: (path) => {
      let node: unknown = document.contents;
      let offset = startOf(node);
      for (const key of path) {
        if (isMap(node)) {
          const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
          if (pair === undefined) break;
          offset = startOf(pair.key) ?? offset;
          node = pair.value;
        } else if (isSeq(node)) {
          const item = node.items[Number(key)];
          if (item === undefined) break;
          offset = startOf(item) ?? offset;
          node = item;
        } else break;
      }
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

/** Says what is wrong in words of the file, for mistakes that the parser names by its own parts. */
function reasonOf(code: string, rest: string): string | undefined {
  const [word = ""] = /^[^\s:]+/.exec(rest) ?? [];
  switch (code) {
    case "MULTIPLE_DOCS":
      return "the file has several documents; keep one of them";
    case "DUPLICATE_KEY":
      return `${word} stands here a second time; keep one of them`;
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'the line is indented too far, or its value has ": " in it and must be quoted';
    case "TAB_AS_INDENT":
      return "the line is indented with a tab; use spaces";
    case "TAG_RESOLVE_FAILED":
      return `the tag ${word} is not known; write the value itself`;
    default:
      return undefined;
  }
}

/** Describes why aliases could not be resolved, at the alias that has no anchor, else at the first. */
function aliasError(
  document: Document,
  aliases: readonly Alias[],
  error: unknown,
  lineOf: (alias: Alias) => number,
): YamlError {
  const lost = aliases.find((alias) => alias.resolve(document) === undefined);
  if (lost !== undefined)
    return { line: lineOf(lost), reason: `the alias *${lost.source} has no anchor &${lost.source} before it` };
  const [first] = aliases;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    line: first === undefined ? 1 : lineOf(first),
    reason: /alias/i.test(reason) ? `the aliases stand for more than ${MOST_ALIASED} values; write them out` : reason,
  };
}
