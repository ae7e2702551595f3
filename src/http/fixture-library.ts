/**
 * Catalogues that are data: lists of named items in `fixtures/`, read and checked once when the server starts. A
 * folder of the user's overrides items by name and adds others.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A list of items, stored as `fixtures/<name>.json`. */
export interface Fixture<Item> {
  /** Such as `vivix/models`. */
  readonly name: string;
  readonly item: z.ZodType<Item>;
  /** What an item is known by; an item of the user's with the same name takes its place. */
  keyOf(item: Item): string;
}

/** A fixture of whatever items. */
export type AnyFixture = Fixture<unknown>;

/** A fixture file that cannot be used; the message names the file, the place and the reason. */
export class FixtureUnusable extends Error {}

declare module "fastify" {
  interface FastifyInstance {
    fixtures: FixtureLibrary;
  }
}

const SHIPPED = fileURLToPath(new URL("../../fixtures/", import.meta.url));

export class FixtureLibrary {
  readonly #folder: string | undefined;
  readonly #loaded = new Map<string, unknown>();

  /** `folder` is the user's own, or undefined. */
  constructor(folder?: string) {
    this.#folder = folder;
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
    for (const folder of [SHIPPED, this.#folder]) {
      const file = folder === undefined ? undefined : join(folder, `${fixture.name}.json`);
      if (file === undefined || (folder === this.#folder && !existsSync(file))) continue;
      for (const item of readItems(file, fixture.item)) items.set(fixture.keyOf(item), item);
    }
    this.#loaded.set(fixture.name, items);
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
