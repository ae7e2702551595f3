/** Tests that no module keeps state, so that servers in one process are isolated, and that the check finds state. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Program } from "typescript";
import { compileSources, findModuleState } from "./support/module-state.ts";

/** The module-level state that is allowed, with the reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  "src/config.ts: sourcesOf": "it is keyed by the configuration, and is collected with it",
  "src/engine/rule/linear-pattern.ts: compiled":
    "it remembers compiled expressions, each of which depends on nothing but its source",
  "src/http/parsing/public-url.ts: known": "it remembers 256 answers of a function that depends on nothing else",
  "src/vendors/sync/instants.ts: formatted": "it remembers 512 answers of a function that depends on nothing else",
  "src/platform/real-timers.ts: host": "it belongs to Node.js, and only its timers and its clock are read",
  "src/platform/node-http.ts: STATUS_CODES": "it belongs to Node.js, and is only read",
  "src/client/vitest.ts: shared": "a worker of vitest has one server, and its fixtures have no other place for it",
  "src/intercept/emulator.ts: announced": "it redirects the whole process, so it announces this once per process",
  "src/intercept/sockets.ts: outgoing": "it is keyed by the process's sockets, and is collected with them",
};

/** Snippets that keep state. */
const CAUGHT: Readonly<Record<string, string>> = {
  "a variable": "let count = 0; export const next = () => (count += 1);",
  "an exported variable": "export let last: string | undefined;",
  "a var": "var seen = false; export const see = () => { seen = true; return seen; };",
  "a variable in a block": "{ let count = 0; globalThis.setTimeout(() => { count += 1; }); }",
  "one variable of a pattern": "export let [first, second] = [1, 2];",
  "an empty map": "export const known = new Map<string, string>();",
  "a map with a type and a first value": 'export const known = new Map<string, number>([["a", 1]]);',
  "a set": "export const known = new Set([1, 2]);",
  "a weak map": "export const facts = new WeakMap<object, string>();",
  "a weak set": "export const facts = new WeakSet();",
  "an array": 'export const names = ["a", "b"];',
  "an array that an array's method returns":
    'const given = ["a", "b"] as const; export const names = given.map((name) => name);',
  "an array that Array.from returns": "export const numbers = Array.from({ length: 3 }, (_, index) => index);",
  "an object": "export const totals = { requests: 0 };",
  "an object whose inner parts are open":
    "export const limits: { readonly a: { count: number } } = { a: { count: 0 } };",
  "a read-only array of open objects": "export const rows: readonly { count: number }[] = [{ count: 0 }];",
  "an object of the type Record": "export const totals: Record<string, number> = {};",
  "an object from entries": 'export const totals = Object.fromEntries([["a", 1]]);',
  "an object of an interface with an open member":
    "interface Box { count: number } export const box: Box = { count: 0 };",
  "an instance of a class":
    "class Counter { #count = 0; next() { return (this.#count += 1); } } export const counter = new Counter();",
  "an instance that a function returns":
    "class Counter { count = 0; } const make = () => new Counter(); export const counter = make();",
  "a static member": "export class Cache { static hits = 0; }",
  "a static read-only member that is a map":
    "export class Cache { static readonly known = new Map<string, string>(); }",
  "a cache of lru-cache":
    'import { LRUCache } from "lru-cache"; export const known = new LRUCache<string, string>({ max: 9 });',
  "an emitter": 'import { EventEmitter } from "node:events"; export const events = new EventEmitter();',
  "a store of the asynchronous context":
    'import { AsyncLocalStorage } from "node:async_hooks"; export const context = new AsyncLocalStorage<string>();',
  "a date": 'export const began = new Date("2026-01-01");',
  bytes: "export const buffer = new Uint8Array(8);",
  "a URL": 'export const url = new URL("http://127.0.0.1");',
  "a value of a union with a map": "export const known: readonly string[] | Map<string, string> = [];",
  "a list that destructuring takes from an object":
    "const made = { get list() { return [1]; } } as const; export const { list } = made;",
};

/** Snippets that keep no state. */
const PASSES: Readonly<Record<string, string>> = {
  "words and numbers": 'export const name = "a"; export const count: number = 1; export const none = undefined;',
  "a frozen literal":
    'export const names = ["a", { b: [1, 2] }] as const; export const limits = { a: { count: 1 } } as const;',
  "values of a read-only type":
    "export const names: readonly string[] = []; export const ages: Readonly<Record<string, number>> = {};",
  "read-only views":
    "export const a: ReadonlyMap<string, string> = new Map(); export const b: ReadonlySet<string> = new Set();",
  "an interface of read-only members":
    'interface Vendor { readonly name: string; method(): void; readonly list: readonly string[] } export const vendor: Vendor = { name: "a", method() {}, list: [] };',
  "functions and classes":
    "export const add = (a: number, b: number) => a + b; export class Counter { count = 0; #known = new Map<string, string>(); }",
  "variables inside functions":
    "export function count() { let sum = 0; const known = new Map<string, string>(); return [sum, known]; }",
  "a pattern for text": "export const name = /^[a-z]+$/;",
  "a schema": 'import { z } from "zod"; export const schema = z.strictObject({ a: z.array(z.string()) });',
  "a value that a schema parsed":
    'import { z } from "zod"; const schema = z.strictObject({ a: z.array(z.string()) }); export const parsed: z.output<typeof schema> = schema.parse({ a: [] });',
  "a module as a whole": 'import * as zlib from "node:zlib"; export const module = zlib;',
  "a value of a recursive type":
    "interface Tree { readonly children: readonly Tree[] } export const tree: Tree = { children: [] };",
  "a static constant": 'export class Cache { static readonly title = "a"; }',
};

const snippets = Object.entries({ ...CAUGHT, ...PASSES }).map(([name, text], index) => ({
  name,
  file: `src/snippets/${index}.ts`,
  text,
}));

let program: Program;
let found: string[];

beforeAll(() => {
  program = compileSources(Object.fromEntries(snippets.map(({ file, text }) => [file, text])));
  found = findModuleState(program, "src");
}, 120_000);

describe("modules", () => {
  it("keep no state that is not allowed here, because servers in one process must be isolated", () => {
    expect(found.filter((each) => !each.startsWith("src/snippets/")).toSorted()).toEqual(
      Object.keys(ALLOWED).toSorted(),
    );
  });
});

describe("the check for module state", () => {
  it.each(snippets)("classifies $name correctly", ({ name, file, text }) => {
    const isCaught = found.some((each) => each.startsWith(`${file}:`));
    expect({ text, isCaught }).toEqual({ text, isCaught: Object.hasOwn(CAUGHT, name) });
  });

  it("has snippets that compile, because it needs their types", () => {
    const errors = snippets.flatMap(({ file }) => {
      const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith(file));
      return source === undefined
        ? [file]
        : program.getSemanticDiagnostics(source).map(({ messageText }) => messageText);
    });
    expect(errors).toEqual([]);
  });
});
