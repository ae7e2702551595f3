/** The files of `src`, parsed, and what each imports of the others: what tests of the code's shape look at. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export interface SourceFile {
  /** From the repository's root, `src/app.ts`. */
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** One file needs another, be it for a type only or not before it runs. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

function parseSource(file: string, text: string): SourceFile {
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

export function readSources(): SourceFile[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => parseSource(join("src", file), readFileSync(join(root, "src", file), "utf8")));
}

/** Finds every import, export from, `import()` and `import("…").Type` of a file of ours. */
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

/** Finds what a file loads before it runs: modules of ours and of others, but not what it imports for types alone. */
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
