/** What the code's own comments say about choices that no source decides: every sentence marked `[inferred]`. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

export interface Choice {
  /** Path from the top of the repository. */
  readonly file: string;
  readonly sentence: string;
}

/** The TypeScript files below a folder of the repository, in order of their paths. */
export function sourceFilesIn(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(repository, join(entry.parentPath, entry.name)))
    .sort();
}

export function choicesIn(folder: string): Choice[] {
  return sourceFilesIn(folder).flatMap((file) =>
    commentsOf(readFileSync(join(repository, file), "utf8"))
      .flatMap(sentencesOf)
      .filter((sentence) => /\binferred\b/.test(sentence))
      .map((sentence) => ({ file, sentence })),
  );
}

/** The comments of a file as running text; lines of `//` that follow each other are one. */
function commentsOf(source: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, source);
  const comments: string[] = [];
  let isOpen = false;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const text = scanner.getTokenText();
    if (token === ts.SyntaxKind.SingleLineCommentTrivia) {
      const line = text.slice(2).trim();
      if (isOpen) comments.push(`${comments.pop() ?? ""} ${line}`);
      else comments.push(line);
      isOpen = true;
    } else if (token === ts.SyntaxKind.MultiLineCommentTrivia) {
      comments.push(
        text
          .slice(2, -2)
          .replaceAll(/^[ \t]*\*+/gm, "")
          .replaceAll(/\s+/g, " ")
          .trim(),
      );
      isOpen = false;
    } else if (token !== ts.SyntaxKind.WhitespaceTrivia && token !== ts.SyntaxKind.NewLineTrivia) isOpen = false;
  }
  return comments;
}

function sentencesOf(comment: string): string[] {
  return comment
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .split(/(?<=[.!?:])\s+(?=[A-Z`])(?![^[]*\])/)
    .map((sentence) => sentence.trim());
}
