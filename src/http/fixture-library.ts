/**
 * Catalogues that are data: lists of named items in `fixtures/`, read and checked once when the server starts. A
 * folder of the user's overrides items by name and adds others.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Sandbox } from "../engine/sandbox.ts";
import { packageRoot } from "../platform/package-root.ts";
import type { FixtureDocument } from "./fixture-document.ts";

/** A list of items, stored as `fixtures/<name>.json`. */
export interface Fixture<Item> {
  /** Vendor and list, such as `<vendor>/models`. */
  readonly name: string;
  readonly item: z.ZodType<Item>;
  /** What reads our own items at start, without those checks of `item` that take long and that tests have made. */
  readonly shippedItem?: z.ZodType<Item>;
  /** What an item is known by; an item of the user's with the same name takes its place. */
  keyOf(item: Item): string;
}

/** A fixture of whatever items. */
export type AnyFixture = Fixture<unknown>;

/** A fixture file that cannot be used; the message names the file, the place and the reason. */
export class FixtureUnusable extends Error {}

declare module "fastify" {
  interface FastifyInstance {
    /** What every sandbox has. */
    fixtures: FixtureLibrary;
  }

  interface FastifyRequest {
    /** What the request's sandbox has: its own items too. */
    readonly fixtures: FixtureLibrary;
  }
}

const SHIPPED = join(packageRoot, "fixtures");

/** Items of one sandbox's own: by vendor, list and name. */
export type OwnItems = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

export class FixtureLibrary {
  readonly #ofItems = new WeakMap<OwnItems, FixtureLibrary>();
  readonly #own: NonNullable<FixtureDocument["catalogues"]>;
  readonly #loaded = new Map<string, unknown>();

  /** `own` are the items of the user's folder by vendor and list, checked when it was read. */
  constructor(own: FixtureDocument["catalogues"] = {}) {
    this.#own = own;
  }

  /** The library as one sandbox has it; this very one where the sandbox adds nothing. */
  of(sandbox: Sandbox): FixtureLibrary {
    const { catalogueItems } = sandbox.settings;
    if (catalogueItems === undefined) return this;
    let own = this.#ofItems.get(catalogueItems);
    if (own === undefined) this.#ofItems.set(catalogueItems, (own = new SandboxFixtures(this, catalogueItems)));
    return own;
  }

  /** The items in their own order, the user's additions last. Throws {@link FixtureUnusable}. */
  listOf<Item>(fixture: Fixture<Item>): readonly Item[] {
    return [...this.mapOf(fixture).values()];
  }

  /** The items by key. */
  mapOf<Item>(fixture: Fixture<Item>): ReadonlyMap<string, Item> {
    const loaded = this.#loaded.get(fixture.name);
    if (loaded !== undefined) return loaded as ReadonlyMap<string, Item>;
    const items = new Map<string, Item>();
    const [vendor = "", list = ""] = fixture.name.split("/");
    const shipped = readItems(join(SHIPPED, `${fixture.name}.json`), fixture.shippedItem ?? fixture.item);
    const own = z.array(fixture.item).parse(this.#own[vendor]?.[list] ?? []);
    for (const item of [...shipped, ...own]) items.set(fixture.keyOf(item), item);
    this.#loaded.set(fixture.name, items);
    return items;
  }
}

/** A library with the items of one sandbox on top. */
class SandboxFixtures extends FixtureLibrary {
  readonly #shared: FixtureLibrary;
  readonly #items: OwnItems;
  readonly #merged = new Map<string, unknown>();

  constructor(shared: FixtureLibrary, items: OwnItems) {
    super();
    this.#shared = shared;
    this.#items = items;
  }

  override mapOf<Item>(fixture: Fixture<Item>): ReadonlyMap<string, Item> {
    const merged = this.#merged.get(fixture.name);
    if (merged !== undefined) return merged as ReadonlyMap<string, Item>;
    const [vendor = "", list = ""] = fixture.name.split("/");
    const items = new Map(this.#shared.mapOf(fixture));
    // Checked when they were added: what does not fit now was written by another version, and is left out.
    for (const value of Object.values(this.#items[vendor]?.[list] ?? {})) {
      const parsed = fixture.item.safeParse(value);
      if (parsed.success) items.set(fixture.keyOf(parsed.data), parsed.data);
    }
    this.#merged.set(fixture.name, items);
    return items;
  }
}

function readItems<Item>(file: string, item: z.ZodType<Item>): Item[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new FixtureUnusable(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = z.array(item).safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FixtureUnusable(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not usable"}`);
}
