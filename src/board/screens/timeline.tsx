/** The timeline: a row a generation, with its phases on the sandbox's clock, and what happened to it on the way. */
import { computed, signal, useSignalEffect } from "@preact/signals";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { isAnimated, isLoaded, now, state } from "../parts/live.tsx";
import { Link, place, placeIn, show } from "../parts/router.tsx";
import { VirtualList } from "../parts/virtual.tsx";
import { Phase, VendorBadge } from "../parts/words.tsx";
import { marksOf, placeOf, scaleFor } from "../state/axis.ts";
import { barOf, extentOf, phaseAt, ticksOf } from "../state/bar.ts";
import { countOf, durationOf, shortId, visible } from "../state/format.ts";
import type { GenerationRow } from "../state/model.ts";
import { findRequest } from "../state/find.ts";
import { GenerationPane } from "./generation-pane.tsx";
import { Welcome } from "./welcome.tsx";

const ROW = 44;
const BAR = 16;

/** The rows in view, to which the scale of the axis fits. */
const inView = signal<readonly GenerationRow[]>([]);

const laneWidth = signal(600);

const scale = computed(() =>
  scaleFor(
    inView.value.map((row) => extentOf(row, now.value)),
    laneWidth.value,
    now.value,
  ),
);

/** Whether a row in view has not come to its end. */
const isGrowing = computed(() =>
  inView.value.some(({ steps, isOpen }) => isOpen || (steps.at(-1)?.at ?? 0) > now.value),
);

export function Timeline() {
  const { generations } = state.value;
  const rows = useMemo(() => [...generations.values()].reverse(), [generations]);
  const onView = useCallback(
    (first: number, last: number) => {
      const before = inView.peek();
      const isSame = before.length === last - first + 1 && before[0] === rows[first] && before.at(-1) === rows[last];
      if (!isSame) inView.value = rows.slice(first, last + 1);
    },
    [rows],
  );
  const lane = useRef<HTMLDivElement>(null);
  useWidth(lane, rows.length === 0);
  useSignalEffect(() => {
    isAnimated.value = isGrowing.value;
  });
  useEffect(
    () => () => {
      isAnimated.value = false;
    },
    [],
  );
  const { value } = place;
  const open = value.screen === "timeline" ? value.item : undefined;
  const close = useCallback(() => {
    show("timeline");
  }, []);
  return (
    <div class="split">
      <div class="list-side">
        <Hatch />
        {rows.length === 0 ? (
          isLoaded.value ? (
            <Welcome />
          ) : (
            <p class="loading">Reading …</p>
          )
        ) : (
          <>
            <div class="axis-row">
              <div class="row-name axis-name">{countOf(rows.length, "generation")}</div>
              <div class="lane" ref={lane}>
                <Axis />
              </div>
            </div>
            <div class="timeline">
              <VirtualList
                label="Generations, newest first"
                items={rows}
                rowHeight={ROW}
                keyOf={(row) => row.id}
                onView={onView}
                row={(row) => <Row row={row} isOpen={row.id === open} />}
              />
              <Grid />
            </div>
            <Legend />
          </>
        )}
      </div>
      {open !== undefined && <GenerationPane id={open} onClose={close} />}
    </div>
  );
}

/** Follows the width of the lanes. */
function useWidth(element: { readonly current: HTMLElement | null }, version: unknown): void {
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) laneWidth.value = Math.max(40, Math.floor(entry.contentRect.width));
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element, version]);
}

function Axis() {
  const { width } = scale.value;
  return (
    <svg class="axis" width={width} height={26} aria-hidden="true">
      {marksOf(scale.value).map(({ at, text }) => {
        const x = placeOf(scale.value, at);
        return (
          <g key={at}>
            <line x1={x} x2={x} y1={18} y2={26} />
            <text x={Math.min(Math.max(x, 24), width - 24)} y={13}>
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** Draws the marks of the axis and the present instant over all rows, because lines in each row would cost ten times as much. */
function Grid() {
  const { width } = scale.value;
  const x = (instant: number): number => placeOf(scale.value, instant);
  return (
    <div class="axis-row timeline-grid" aria-hidden="true">
      <div class="row-name" />
      <div class="lane">
        <svg width={width} height="100%">
          {marksOf(scale.value).map(({ at }) => (
            <line key={at} class="grid" x1={x(at)} x2={x(at)} y1="0" y2="100%" />
          ))}
          <line class="now" x1={x(now.value)} x2={x(now.value)} y1="0" y2="100%" />
        </svg>
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: GenerationRow;
  readonly isOpen: boolean;
}

function Row({ row, isOpen }: RowProps) {
  const phase = phaseAt(row, instantFor(row));
  return (
    <Link
      class={isOpen ? "timeline-row open" : "timeline-row"}
      to={placeIn("timeline", row.id)}
      aria-current={isOpen ? "true" : undefined}
    >
      <span class="row-name">
        <VendorBadge vendor={row.vendor} />
        <span class="row-title">
          <strong title={row.id}>{row.label === null ? shortId(row.id) : visible(row.label)}</strong>
          <small>
            {row.medium} · {row.model}
          </small>
        </span>
        <Phase phase={phase} />
      </span>
      <span class="lane">
        <Bar row={row} phase={phase} />
      </span>
    </Link>
  );
}

/** Returns the instant at which a row is drawn. A row that has ended is not drawn anew while time goes on. */
function instantFor({ isOpen, steps }: GenerationRow): number {
  const last = steps.at(-1)?.at;
  return isOpen || last === undefined || last > now.peek() ? now.value : last;
}

function Bar({ row, phase }: Pick<RowProps, "row"> & { readonly phase: string }) {
  const at = instantFor(row);
  const { width } = scale.value;
  const { segments, end } = barOf(row, at);
  const find = (id: number) => findRequest(state.value.requests, id);
  const ticks = ticksOf(state.value, row.id, find);
  const x = (instant: number): number => placeOf(scale.value, instant);
  const top = (ROW - BAR) / 2;
  const spent = durationOf((end !== undefined && !end.isPlanned ? end.at : at) - row.createdAt);
  const label = `${phase} after ${spent}, ${countOf(ticks.polls.length, "poll")}, ${countOf(ticks.webhooks.length, "webhook")}`;
  return (
    <svg class="bar" width={width} height={ROW} role="img" aria-label={label}>
      {segments.map(({ phase: each, from, to, isPlanned }) => (
        <rect
          key={`${each}-${String(isPlanned)}`}
          class={`${isPlanned ? "planned" : "done"} fill-${isPlanned ? each : colourOf(each, end)}`}
          x={x(from)}
          y={top}
          width={Math.max(1.5, x(to) - x(from))}
          height={BAR}
          rx={3}
        />
      ))}
      {row.isOpen && <line class="open-end" x1={x(at)} x2={width} y1={ROW / 2} y2={ROW / 2} />}
      {ticks.waits.map(({ from, to }, index) => (
        <rect
          key={index}
          class="wait"
          x={x(from)}
          y={top}
          width={Math.max(2, x(to ?? now.value) - x(from))}
          height={BAR}
          fill="url(#hatch)"
        />
      ))}
      {thinned(ticks.polls.map(x)).map((place_) => (
        <line key={place_} class="tick-poll" x1={place_} x2={place_} y1={top + BAR + 2} y2={top + BAR + 8} />
      ))}
      {thinned(ticks.downloads.map(x)).map((place_) => (
        <path key={place_} class="tick-download" d={`M${place_ - 3} ${top + BAR + 3}h6l-3 5z`} />
      ))}
      {ticks.webhooks.map(({ at: sent, isGood }, index) => (
        <circle key={index} class={isGood ? "tick-webhook" : "tick-webhook bad"} cx={x(sent)} cy={top - 5} r={3} />
      ))}
      {end !== undefined && (
        <rect
          class={`end fill-${end.phase} ${end.isPlanned ? "planned" : ""}`}
          x={x(end.at) - 1.5}
          y={top - 4}
          width={3}
          height={BAR + 8}
          rx={1.5}
        />
      )}
    </svg>
  );
}

/** The bar of a generation that has ended has the colour of its end, so that a failure is seen at once. */
function colourOf(phase: string, end: { readonly phase: string; readonly isPlanned: boolean } | undefined): string {
  return end === undefined || end.isPlanned || phase === "queued" ? phase : end.phase;
}

/** Leaves out ticks that would lie on each other. */
function thinned(places: readonly number[]): number[] {
  const kept: number[] = [];
  for (const each of places) if (kept.length === 0 || each - (kept.at(-1) ?? 0) >= 1.5) kept.push(each);
  return kept;
}

/** The pattern of held requests, which bars and legend refer to. */
function Hatch() {
  return (
    <svg class="patterns" aria-hidden="true" focusable="false">
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line class="hatch" x1="0" x2="0" y1="0" y2="6" />
      </pattern>
    </svg>
  );
}

function Legend() {
  return (
    <div class="legend">
      <Phase phase="queued" /> <Phase phase="processing" /> <Phase phase="succeeded" /> <Phase phase="failed" />
      <span>
        <svg width="14" height="12" aria-hidden="true">
          <line class="tick-poll" x1="7" x2="7" y1="2" y2="10" />
        </svg>
        poll
      </span>
      <span>
        <svg width="14" height="12" aria-hidden="true">
          <path class="tick-download" d="M4 4h6l-3 5z" />
        </svg>
        download
      </span>
      <span>
        <svg width="14" height="12" aria-hidden="true">
          <circle class="tick-webhook" cx="7" cy="6" r="3" />
        </svg>
        webhook
      </span>
      <span>
        <svg width="22" height="12" aria-hidden="true">
          <rect class="wait" width="22" height="12" fill="url(#hatch)" />
        </svg>
        request held
      </span>
      <span>
        <svg width="22" height="12" aria-hidden="true">
          <rect class="planned fill-processing" x="1" y="2" width="20" height="8" rx="2" />
        </svg>
        planned
      </span>
    </div>
  );
}
