/** The journal: every request, newest first, with equal polls folded, and those that reached no sandbox or no route. */
import { useCallback, useMemo, useState } from "preact/hooks";
import type { UnassignedRequest } from "../../client/documents.ts";
import { isLoaded, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, place, placeIn, sandboxName, show } from "../parts/router.tsx";
import { VirtualList } from "../parts/virtual.tsx";
import { Empty, Select, Status, VendorBadge } from "../parts/words.tsx";
import { searchOf } from "../state/filter.ts";
import { foldPolls, intervalOf, unfolded, type Fold } from "../state/fold.ts";
import { countOf, durationOf, timeOf, visible } from "../state/format.ts";
import { RequestPane } from "./request-pane.tsx";
import { UnassignedPane } from "./unassigned-pane.tsx";

/** A line of the list: requests of the sandbox, or one that reached none. */
type Line = { readonly fold: Fold; readonly stray?: undefined } | { readonly stray: UnassignedRequest };

export interface Unassigned {
  readonly items: UnassignedRequest[];
}

export function Journal() {
  const { requests, versions } = state.value;
  const [search, setSearch] = useState("");
  const [vendor, setVendor] = useState("");
  const [status, setStatus] = useState("");
  const [isFolded, fold] = useState(true);
  const { answer } = useReading<Unassigned>("/requests/unassigned", versions.unassigned);
  const vendors = useMemo(() => [...new Set(requests.flatMap((row) => row.vendor ?? []))].toSorted(), [requests]);
  const found = useMemo(() => {
    const terms = [search, vendor === "" ? "" : `vendor:${vendor}`, status === "" ? "" : `status:${status}`];
    const test = searchOf(terms.join(" "));
    return test === undefined ? requests : requests.filter(test);
  }, [requests, search, vendor, status]);
  const folds = useMemo(() => (isFolded ? foldPolls(found) : unfolded(found)), [found, isFolded]);
  const strays = useMemo(() => {
    const wanted = search.toLowerCase();
    const own = (answer?.items ?? []).filter(({ request }) => request.sandbox !== sandboxName.value);
    return vendor === "" && status === ""
      ? own.filter(({ request }) => request.url.toLowerCase().includes(wanted))
      : [];
  }, [answer, search, vendor, status]);
  const lines = useMemo(() => mergedLines(folds, strays), [folds, strays]);
  const { value } = place;
  const item = value.screen === "journal" ? value.item : undefined;
  const close = useCallback(() => {
    show("journal");
  }, []);
  return (
    <div class="split">
      <div class="list-side">
        <div class="toolbar">
          <label class="field grow">
            <span class="hidden">Search the journal</span>
            <input
              type="search"
              placeholder="Search: words, or status:4xx op:create label:… rule:…"
              value={search}
              onInput={(event) => {
                setSearch(event.currentTarget.value);
              }}
            />
          </label>
          <Select
            label="Vendor"
            isHidden
            value={vendor}
            options={[["", "every vendor"], ...vendors]}
            onChange={setVendor}
          />
          <Select
            label="Status"
            isHidden
            value={status}
            options={[["", "every status"], "2xx", "3xx", "4xx", "5xx", "held", "gone", "dropped"]}
            onChange={setStatus}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={isFolded}
              onChange={(event) => {
                fold(event.currentTarget.checked);
              }}
            />
            Fold polls
          </label>
          <span class="quiet tally">{tallyOf(found.length, requests.length)}</span>
        </div>
        {lines.length === 0 ? (
          isLoaded.value ? (
            <Empty title={requests.length === 0 ? "No request has come yet" : "No request is like that"} />
          ) : (
            <p class="loading">Reading …</p>
          )
        ) : (
          <VirtualList
            class="journal"
            label="Requests, newest first"
            items={lines}
            rowHeight={38}
            keyOf={(line) => (line.stray === undefined ? line.fold.first.id : `stray-${line.stray.id}`)}
            row={(line) =>
              line.stray === undefined ? (
                <RequestLine fold={line.fold} isOpen={item === String(line.fold.last.id)} />
              ) : (
                <StrayLine stray={line.stray} isOpen={item === `unassigned-${line.stray.id}`} />
              )
            }
          />
        )}
      </div>
      {item !== undefined &&
        (item.startsWith("unassigned-") ? (
          <UnassignedPane stray={answer?.items.find(({ id }) => item === `unassigned-${id}`)} onClose={close} />
        ) : (
          <RequestPane number={item} onClose={close} />
        ))}
    </div>
  );
}

/** Says how many requests there are, and how many of them the search finds. */
function tallyOf(found: number, all: number): string {
  return found === all ? countOf(all, "request") : `${found.toLocaleString("en")} of ${countOf(all, "request")}`;
}

/** Puts both kinds into one list, newest first in real time. */
function mergedLines(folds: readonly Fold[], strays: readonly UnassignedRequest[]): Line[] {
  if (strays.length === 0) return folds.map((fold) => ({ fold }));
  const rest = strays.toReversed();
  const lines: Line[] = [];
  for (const fold of folds) {
    for (
      let next = rest[0];
      next !== undefined && Date.parse(next.request.real.at) > fold.last.realAt;
      next = rest[0]
    ) {
      lines.push({ stray: next });
      rest.shift();
    }
    lines.push({ fold });
  }
  return [...lines, ...rest.map((stray) => ({ stray }))];
}

function RequestLine({ fold, isOpen }: { readonly fold: Fold; readonly isOpen: boolean }) {
  const { last, count } = fold;
  return (
    <Link
      class={isOpen ? "journal-row open" : "journal-row"}
      to={placeIn("journal", String(last.id))}
      aria-current={isOpen ? "true" : undefined}
    >
      <span class="mono quiet cell-time">{timeOf(last.at)}</span>
      <Status status={last.status} state={last.state} />
      <VendorBadge vendor={last.vendor} />
      <span class="method">{last.method}</span>
      <span class="mono cell-url" title={last.url}>
        {last.url}
      </span>
      <span class="cell-marks">
        {count > 1 && (
          <strong class="times">
            ×{count}, every {durationOf(intervalOf(fold))}
          </strong>
        )}
        {last.label !== null && <span class="chip">{visible(last.label)}</span>}
        {last.scenario !== null && last.scenario !== "succeed" && <span class="chip">{last.scenario}</span>}
        {last.fault !== null && <span class="chip chip-fault">{last.fault}</span>}
        {last.diagnostics
          .filter((code) => code !== "FAULT_APPLIED")
          .map((code) => (
            <span key={code} class="chip chip-why">
              {code}
            </span>
          ))}
      </span>
      <span class="mono quiet cell-took">{last.tookMs === null ? "" : durationOf(last.tookMs)}</span>
    </Link>
  );
}

function StrayLine({ stray, isOpen }: { readonly stray: UnassignedRequest; readonly isOpen: boolean }) {
  const { id, request, reason } = stray;
  return (
    <Link
      class={isOpen ? "journal-row stray open" : "journal-row stray"}
      to={placeIn("journal", `unassigned-${id}`)}
      aria-current={isOpen ? "true" : undefined}
    >
      <span class="mono quiet cell-time">{timeOf(Date.parse(request.real.at))}</span>
      <Status status={request.status} state={request.state} />
      <VendorBadge vendor={request.vendor} />
      <span class="method">{request.method}</span>
      <span class="mono cell-url" title={request.url}>
        {request.url}
      </span>
      <span class="cell-marks">
        <span class="chip chip-fault">{reason}</span>
      </span>
      <span class="cell-took" />
    </Link>
  );
}
