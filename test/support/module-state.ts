/**
 * Finds module state that several servers of a process would share: variables that are reassigned, and constants whose
 * type is mutable. It uses the type checker, so it also covers the results of calls. It does not find the state in a
 * closure (`const next = counter()`), because a function's type does not show it.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPropertyReadonlyInType, isTupleTypeReference, isTypeReference } from "ts-api-utils";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Built-in classes whose instances are immutable or are only read. */
const UNCHANGING = ["RegExp", "Promise", "Error"];

/** Read-only containers, which are mutable only if their elements are. */
const READ_ONLY_CONTAINERS = ["ReadonlyMap", "ReadonlySet", "ReadonlyArray"];

/** Compiles the sources of `src` and additional in-memory files, which are named by their path from the root. */
export function compileSources(inMemory: Readonly<Record<string, string>> = {}): ts.Program {
  const configFile = join(root, "src/tsconfig.json");
  const { config } = ts.readConfigFile(configFile, (file) => ts.sys.readFile(file));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile));
  const host = ts.createCompilerHost(options);
  const texts = new Map(Object.entries(inMemory).map(([file, text]) => [join(root, file), text]));
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, rest[0], true);
  };
  return ts.createProgram([...fileNames, ...texts.keys()], options, host);
}

/** Lists the mutable module-level variables below a folder, such as `src/config.ts: sourcesOf`. */
export function findModuleState(program: ts.Program, folder: string): string[] {
  const checker = program.getTypeChecker();
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(join(root, folder, "/")))
    .flatMap((source) =>
      moduleVariables(source)
        .filter((variable) => canChange(checker, variable))
        .map(({ name }) => `${source.fileName.slice(root.length)}: ${name.getText()}`),
    );
}

interface Variable {
  readonly name: ts.Node;
  readonly isConstant: boolean;
}

/** Returns the variables that are declared outside of functions, including static members of classes. */
function moduleVariables(source: ts.SourceFile): Variable[] {
  const found: Variable[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isVariableDeclarationList(node)) {
      const isConstant = (node.flags & ts.NodeFlags.Const) !== 0;
      for (const { name } of node.declarations)
        found.push(...identifiersOf(name).map((identifier) => ({ name: identifier, isConstant })));
    }
    if (ts.isPropertyDeclaration(node) && isStatic(node))
      found.push({ name: node.name, isConstant: has(node, ts.ModifierFlags.Readonly) });
    // Skips the initial value of an instance member, because each instance has its own.
    if (ts.isPropertyDeclaration(node) && !isStatic(node)) return;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function identifiersOf(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : identifiersOf(element.name)));
}

const isStatic = (node: ts.Declaration): boolean => has(node, ts.ModifierFlags.Static);

const has = (node: ts.Declaration, flag: ts.ModifierFlags): boolean => (ts.getCombinedModifierFlags(node) & flag) !== 0;

function canChange(checker: ts.TypeChecker, { name, isConstant }: Variable): boolean {
  return !isConstant || isChangeable(checker, checker.getTypeAtLocation(name), new Set());
}

/** Returns whether a value of this type, or a value inside it, can be changed. */
function isChangeable(checker: ts.TypeChecker, type: ts.Type, seen: Set<ts.Type>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const isInner = (inner: ts.Type): boolean => isChangeable(checker, inner, seen);
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return false;
  if (type.isUnionOrIntersection()) return type.types.some(isInner);
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  if (isTupleTypeReference(type)) return !type.target.readonly || checker.getTypeArguments(type).some(isInner);
  const { symbol } = type;
  const declarations = symbol.declarations ?? [];
  if (symbol.flags === ts.SymbolFlags.ValueModule || declarations.some(isOfSchemas)) return false;
  if (isTypeReference(type) && READ_ONLY_CONTAINERS.includes(symbol.name))
    return checker.getTypeArguments(type).some(isInner);
  if (declarations.some((each) => ts.isClassLike(each) || isAmbient(each))) return !UNCHANGING.includes(symbol.name);
  return (
    checker.getIndexInfosOfType(type).some((index) => !index.isReadonly || isInner(index.type)) ||
    type
      .getProperties()
      .some((property) => isWritable(checker, type, property) || isInner(checker.getTypeOfSymbol(property)))
  );
}

/** Returns whether a type belongs to zod's schemas or is inferred from one; such types are never declared read-only. */
function isOfSchemas(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.includes("/node_modules/zod/");
}

/** Returns whether the language, Node.js or a library declares the type. */
function isAmbient(declaration: ts.Declaration): boolean {
  return ts.isInterfaceDeclaration(declaration) && declaration.getSourceFile().isDeclarationFile;
}

/** Returns whether a property can be reassigned. Methods do not count, because they are not replaced by accident. */
function isWritable(checker: ts.TypeChecker, type: ts.Type, property: ts.Symbol): boolean {
  const isMethod = (property.flags & ts.SymbolFlags.Method) !== 0;
  return !isMethod && !isPropertyReadonlyInType(type, property.escapedName, checker);
}
