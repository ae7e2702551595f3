/** Follows the steps of docs/contributing.md for a fifth vendor exactly, in a copy of the repository. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/run.ts";
import { blocksIn, type Block } from "../support/markdown-blocks.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The folders and files that the commands of the steps, and the tests of the copy, read or write. */
const COPIED = [".github", "src", "test", "fixtures", "openapi", "docs", "docker"];
const FILES = [
  ...["package.json", "package-lock.json", "tsconfig.json", "vitest.config.ts", ".prettierrc.json", ".prettierignore"],
  ...["README.md", "Dockerfile"],
];

export interface Copy {
  readonly root: string;
  readonly remove: () => void;
  /** Returns the paths of the files that the steps have added or changed, below the root. */
  readonly changedFiles: () => string[];
}

/** Copies the repository, and adds the vendor to the copy with only the steps of the page. */
export async function addVendorByRecipe(): Promise<Copy> {
  const root = mkdtempSync(join(tmpdir(), "fauxgen-fifth-vendor-"));
  const remove = (): void => {
    rmSync(root, { recursive: true });
  };
  try {
    for (const name of [...COPIED, ...FILES]) cpSync(join(ROOT, name), join(root, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    for (const step of stepsOf(readFileSync(join(ROOT, "docs/contributing.md"), "utf8"))) await take(step, root);
  } catch (error) {
    remove();
    throw error;
  }
  return { root, remove, changedFiles: () => changedFilesIn(root) };
}

function changedFilesIn(root: string): string[] {
  const files = COPIED.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(root, join(parentPath, name))),
  );
  return [...files, ...FILES].filter((file) => {
    const original = join(ROOT, file);
    return !existsSync(original) || !readFileSync(original).equals(readFileSync(join(root, file)));
  });
}

/** Returns the commands and changes of the section, in order. */
function stepsOf(page: string): Block[] {
  const section = /^## Add a fifth vendor$(.*?)^## /ms.exec(page)?.[1] ?? "";
  return blocksIn(section);
}

async function take({ language, text }: Block, root: string): Promise<void> {
  if (language === "diff") {
    change(text, root);
    return;
  }
  if (language !== "sh") throw new Error(`The recipe has a step that is neither a command nor a change: ${text}`);
  const { code, stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", text], root);
  if (code !== 0) throw new Error(`${text}\n${stdout}\n${stderr}`);
}

/** Applies a change: a file name, then hunks that are separated by `@@` and have a sign before each line. */
function change(diff: string, root: string): void {
  const [head = "", ...lines] = diff.split("\n");
  const file = join(root, head.replace(/^--- /, ""));
  const parts = lines.join("\n").split(/^@@\n/m);
  const changed = parts.reduce(
    (text, part) => {
      const signed = part.split("\n").filter((line) => line !== "");
      const without = (sign: string): string =>
        signed
          .filter((line) => !line.startsWith(sign))
          .map((line) => `${line.slice(1)}\n`)
          .join("");
      const [before, after] = [without("+"), without("-")];
      if (text.split(before).length !== 2) throw new Error(`${head}: the file must contain this once:\n${before}`);
      return text.replace(before, () => after);
    },
    readFileSync(file, "utf8"),
  );
  writeFileSync(file, changed);
}
