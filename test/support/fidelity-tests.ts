/** Finds the tests of a vendor's endpoints by the paths in their text. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { repository, sourceFilesIn } from "./repository.ts";

export interface TestFile {
  readonly path: string;
  /** The text of the file and of the request functions that it imports from test/support. */
  readonly text: string;
}

/** Returns the vendor's own tests, and the tests that use it as a client does. */
export function testsOf({ name }: Vendor): TestFile[] {
  const read = (path: string): string => readFileSync(join(repository, path), "utf8");
  const shared = `test/support/${name}.ts`;
  const requests = requestsIn(existsSync(join(repository, shared)) ? read(shared) : "");
  const isOwn = new RegExp(`^test/(?:(?:vendors/${name}|media)/.+|(?:contract|e2e)/[^/]+)\\.test\\.ts$`);
  return sourceFilesIn("test")
    .filter((path) => isOwn.test(path))
    .map((path) => {
      const text = read(path);
      const names = [...text.matchAll(/import \{([^}]*)\} from "(\.[^"]+\.ts)"/g)]
        .filter(([, , imported = ""]) => relative(repository, join(repository, dirname(path), imported)) === shared)
        .flatMap(([, list = ""]) => list.match(/\w+/g) ?? []);
      return { path, text: [text, ...textsOf(names, requests)].join("\n") };
    });
}

/** Returns the exported functions of a file by name, without those that build a world and may send unused requests. */
function requestsIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^(?=export )/m).map((part) => {
    const [, name = ""] = /^export (?:async )?(?:function|const) (\w+)/.exec(part) ?? [];
    return [name, part.replace(/^}.*/ms, "")] as const;
  });
  return new Map(parts.filter(([name]) => name !== "" && !name.startsWith("build")));
}

/** Returns the texts of the named functions and of the functions of the same file that they call. */
function textsOf(names: readonly string[], functions: ReadonlyMap<string, string>): string[] {
  const found = new Map<string, string>();
  const visit = (name: string): void => {
    const text = functions.get(name);
    if (text === undefined || found.has(name)) return;
    found.set(name, text);
    for (const called of text.match(/\w+(?=\()/g) ?? []) visit(called);
  };
  names.forEach(visit);
  return [...found.values()];
}

/** Returns a pattern for a route's path in code: a parameter matches `${...}` or any text without a slash. */
export function patternOf(url: string): string {
  return url
    .split("/")
    .map((segment) =>
      segment.startsWith(":") || segment.includes("*")
        ? "(?:\\$\\{[^`]*?\\}|[^/\"'`?\\s]+)"
        : segment.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("/");
}
