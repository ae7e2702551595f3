/** One file of fixtures: what it holds, and on which line a part of it stands. */
import { readFileSync } from "node:fs";
import { extname } from "node:path";

/** Something wrong with a file; the line is unknown where the file as a whole is meant. */
export interface FixtureFlaw {
  readonly file: string;
  readonly line?: number | undefined;
  readonly reason: string;
}

export const fixtureExtensions = [".yaml", ".yml", ".json"] as const;

export class FixtureSource {
  readonly file: string;
  readonly value: unknown;
  readonly #text: string;

  private constructor(file: string, text: string, value: unknown) {
    this.file = file;
    this.#text = text;
    this.value = value;
  }

  /** Reads and parses a file; answers what is wrong with it where it cannot be parsed. */
  static async read(file: string): Promise<FixtureSource | FixtureFlaw> {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      return { file, reason: error instanceof Error ? error.message : String(error) };
    }
    const isJson = extname(file).toLowerCase() === ".json";
    try {
      if (isJson) return new FixtureSource(file, text, withoutSchema(JSON.parse(text)));
    } catch (error) {
      // JSON.parse knows no line; the parser of YAML, of which JSON is a part, mostly does.
      const reason = error instanceof Error ? error.message.replace(/ in JSON at position.*$/, "") : String(error);
      return { file, line: (await parseYaml(text)).errors[0]?.line, reason };
    }
    const { value, errors } = await parseYaml(text);
    const [error] = errors;
    return error === undefined ? new FixtureSource(file, text, withoutSchema(value())) : { file, ...error };
  }

  /** The line of the part at a path, or of the nearest part around it that there is. */
  async lineOf(path: readonly string[]): Promise<number | undefined> {
    return (await parseYaml(this.#text)).lineOf(path);
  }
}

/** Editors are told by it what the file is checked against; it says nothing else. */
function withoutSchema(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== "$schema"));
}

/** The parser takes long to load, so it is loaded only where somebody has such a file, or one with a mistake. */
async function parseYaml(text: string) {
  const { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
  return {
    value: (): unknown => document.toJS() as unknown,
    errors: document.errors.map(({ message, pos }) => ({ line: lineAt(pos[0]), reason: message })),
    lineOf: (path: readonly string[]): number | undefined => {
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
