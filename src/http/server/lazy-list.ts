/** Makes the items of a long list of an answer one by one, when they are written. */

/**
 * Returns a list whose items are made when they are read. An item may be gone by then (`undefined`), and is then left
 * out of an answer that is written in turns.
 */
export function lazyList<Item>(length: number, itemAt: (index: number) => Item | undefined): Item[] {
  const indexOf = (key: string | symbol): number | undefined =>
    typeof key === "string" && /^\d+$/.test(key) ? Number(key) : undefined;
  return new Proxy<Item[]>([], {
    get: (target, key, receiver): unknown => {
      if (key === "length") return length;
      const index = indexOf(key);
      return index === undefined ? Reflect.get(target, key, receiver) : itemAt(index);
    },
    has: (target, key) => {
      const index = indexOf(key);
      return index === undefined ? Reflect.has(target, key) : index < length;
    },
  });
}
