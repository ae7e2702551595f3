/** Shows only the rows of a long list that are in view. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

interface ListProps<Item> {
  readonly items: readonly Item[];
  /** The height of a row in pixels. */
  readonly rowHeight: number;
  readonly keyOf: (item: Item) => string | number;
  readonly row: (item: Item, index: number) => ComponentChildren;
  readonly label: string;
  /** Called with the positions of the first and the last row in view, before these rows are drawn. */
  readonly onView?: (first: number, last: number) => void;
  readonly class?: string;
}

export function VirtualList<Item>({
  items,
  rowHeight,
  keyOf,
  row,
  label,
  onView,
  class: className = "",
}: ListProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, repaint] = useReducer((count: number) => count + 1, 0);
  const itemsNow = useRef(items);
  itemsNow.current = items;
  const options = {
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index: number) => {
      const item = itemsNow.current[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 4,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => {
      repaint(undefined);
    },
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight]);
  const anchor = useRef<{ readonly key: string | number; readonly index: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const { current } = scroller;
    const before = anchor.current;
    if (current === null || before === undefined || (virtualizer.scrollOffset ?? 0) < rowHeight) return;
    // Rows that arrive above must not push away what is being read.
    const pushed = distanceBelow(items, before.index, (item) => keyOf(item) === before.key);
    if (pushed > 0) current.scrollTop += pushed * rowHeight;
  }, [items]);
  useLayoutEffect(() => {
    // Not read from the element, because that would lay the page out once more in each frame.
    const index = Math.floor((virtualizer.scrollOffset ?? 0) / rowHeight);
    const item = items[index];
    anchor.current = item === undefined ? undefined : { key: keyOf(item), index };
  });
  const shown = virtualizer.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown[shown.length - 1]?.index ?? 0;
  // Before the rows, because what they draw may depend on which of them are in view.
  onView?.(first, last);
  return (
    <div ref={scroller} class={`scroller ${className}`} tabIndex={-1} onKeyDown={moveFocus}>
      <div role="list" aria-label={label} class="rows" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {shown.map(({ key, index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={key}
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={index + 1}
              class="row"
              style={{ height: `${rowHeight}px`, transform: `translateY(${start}px)` }}
            >
              {row(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** How far below its former place a row is looked for. */
const REACH = 2000;

/** Returns how far below `index` an item is; 0 if it is not there. */
function distanceBelow<Item>(items: readonly Item[], index: number, isIt: (item: Item) => boolean): number {
  return Math.max(0, items.slice(index, index + REACH).findIndex(isIt));
}

/** Moves the focus to the row above or below. */
function moveFocus(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const { target } = event;
  if (!(target instanceof HTMLElement) || target.closest("input, textarea, select") !== null) return;
  const present = target.closest(".row");
  const rows = [...(present?.parentElement?.querySelectorAll(".row") ?? [])].toSorted(
    (a, b) => Number(a.getAttribute("aria-posinset")) - Number(b.getAttribute("aria-posinset")),
  );
  const next = rows[rows.indexOf(present ?? document.body) + (event.key === "ArrowDown" ? 1 : -1)];
  const focusable = next?.querySelector<HTMLElement>("a, button");
  if (focusable === undefined || focusable === null) return;
  event.preventDefault();
  focusable.focus();
}
