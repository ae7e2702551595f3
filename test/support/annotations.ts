/** Finds the comments about undocumented choices: every sentence that is marked `[inferred]`. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

export interface Choice {
  /** The path from the repository's root. */
  readonly file: string;
  readonly sentence: string;
}

/** Returns the TypeScript files below a folder of the repository, sorted by path. */
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

/** Returns the comments of a file as running text. Consecutive `//` lines are one comment. */
function commentsOf(source: string): string[] {
  const ranges = commentRangesOf(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true));
  const comments: string[] = [];
  let lineEnd: number | undefined;
  for (const { pos, end, kind } of ranges) {
    const text = source.slice(pos, end);
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia) {
      const line = text.slice(2).trim();
      if (lineEnd !== undefined && source.slice(lineEnd, pos).trim() === "")
        comments.push(`${comments.pop() ?? ""} ${line}`);
      else comments.push(line);
      lineEnd = end;
    } else {
      comments.push(
        text
          .slice(2, -2)
          .replaceAll(/^[ \t]*\*+/gm, "")
          .replaceAll(/\s+/g, " ")
          .trim(),
      );
      lineEnd = undefined;
    }
  }
  return comments;
}

/** Returns every comment once, in order, from before and after each token of the parsed file. */
function commentRangesOf(file: ts.SourceFile): ts.CommentRange[] {
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const range of [
      ...(ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.getEnd()) ?? []),
    ])
      found.set(range.pos, range);
    for (const child of node.getChildren(file)) if (!ts.isTemplateLiteralToken(child)) visit(child);
  };
  visit(file);
  return [...found.values()].sort((left, right) => left.pos - right.pos);
}

function sentencesOf(comment: string): string[] {
  return comment
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .split(/(?<=[.!?:])\s+(?=[A-Z`])(?![^[]*\])/)
    .map((sentence) => sentence.trim());
}
