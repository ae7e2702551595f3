/** Tests that the heap of due work keeps its order, whatever is removed. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { DueHeap, type DueEntry } from "../../../src/engine/base/due-heap.ts";

it("work leaves the heap in the order of its instants and of its additions, and removed work at once", () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ remove: fc.nat(119) }),
    fc.constant("pop" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const heap = new DueHeap<number>();
      const added = new Map<number, DueEntry<number>>();
      let model: DueEntry<number>[] = [];
      for (const [order, each] of steps.entries()) {
        if (each === "pop") expect(heap.pop()).toBe(model.shift());
        else if ("add" in each) {
          const entry: DueEntry<number> = { at: each.add, order, work: order, place: -1 };
          added.set(order, entry);
          heap.push(entry);
          model = [...model, entry].sort((a, b) => a.at - b.at || a.order - b.order);
        } else {
          const entry = added.get(each.remove);
          if (entry === undefined) continue;
          expect(heap.remove(entry)).toBe(model.includes(entry));
          model = model.filter((kept) => kept !== entry);
        }
        expect(heap.length).toBe(model.length);
        expect(heap.peek()).toBe(model[0]);
      }
    }),
  );
});
