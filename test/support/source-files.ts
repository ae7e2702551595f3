/** Parses source files and finds their imports, for the tests of the code's structure. */
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { repository, sourceFilesIn } from "./repository.ts";

export interface SourceFile {
  /** The path from the repository's root, such as `src/app.ts`. */
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** An import of one file by another, including type-only and dynamic imports. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

function parseSource(file: string, text: string): SourceFile {
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

/** Reads the TypeScript files of a folder and the folders in it. */
export function readSources(folder = "src"): SourceFile[] {
  return sourceFilesIn(folder).map((file) => parseSource(file, readFileSync(join(repository, file), "utf8")));
}

/** Finds every import, export from, `import()` and `import("…").Type` of a relative path. */
export function importsOf({ file, tree }: SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const target = targetOf(node);
    if (target?.startsWith(".") === true) found.push({ from: file, to: normalize(join(dirname(file), target)) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Finds the modules that a file loads before it runs, our own and others, without type-only imports. */
export function loadedBy({ file, tree }: SourceFile): string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const isForTypes = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    const target = textOf(statement.moduleSpecifier);
    if (isForTypes || target === undefined) return [];
    return [target.startsWith(".") ? normalize(join(dirname(file), target)) : target];
  });
}

function targetOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? textOf(node.arguments[0]) : undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}
