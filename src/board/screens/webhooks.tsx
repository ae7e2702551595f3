/** The webhooks: every delivery with its attempts, the exact bytes that were sent, and what the receiver answered. */
import { useCallback, useMemo } from "preact/hooks";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, place, placeIn, show } from "../parts/router.tsx";
import { act, call, notify } from "../parts/session.tsx";
import { VirtualList } from "../parts/virtual.tsx";
import { Empty, VendorBadge } from "../parts/words.tsx";
import { countOf, timeOf } from "../state/format.ts";
import type { DeliveryRow } from "../state/model.ts";
import { DeliveryPane } from "./delivery-pane.tsx";

export function Webhooks() {
  const { deliveries } = state.value;
  const rows = useMemo(() => [...deliveries.values()].reverse(), [deliveries]);
  const { value } = place;
  const item = value.screen === "webhooks" ? value.item : undefined;
  const close = useCallback(() => {
    show("webhooks");
  }, []);
  return (
    <div class="split">
      <div class="list-side">
        <Mode rows={rows} />
        {rows.length === 0 ? (
          <Empty title="No webhook has been due yet">
            <p>A webhook is sent to the URL that a request names, or to the endpoints of its account.</p>
          </Empty>
        ) : (
          <VirtualList
            class="journal"
            label="Webhook deliveries, newest first"
            items={rows}
            rowHeight={42}
            keyOf={(row) => row.id}
            row={(row) => <DeliveryLine row={row} isOpen={row.id === item} />}
          />
        )}
      </div>
      {item !== undefined && <DeliveryPane id={item} onClose={close} />}
    </div>
  );
}

function Mode({ rows }: { readonly rows: readonly DeliveryRow[] }) {
  const { answer, again } = useReading<{ mode: "deliver" | "collect" }>(path("/webhooks/mode"), state.value.resets);
  const collected = rows.filter(({ status }) => status === "collected");
  const choose = async (mode: "deliver" | "collect"): Promise<void> => {
    await call("PUT", path("/webhooks/mode"), { body: { mode } });
    again();
  };
  return (
    <div class="toolbar">
      <div class="joined" role="group" aria-label="What happens to webhooks">
        {(["deliver", "collect"] as const).map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={answer?.mode === mode}
            onClick={() =>
              void act(() => choose(mode), mode === "deliver" ? "Webhooks are sent." : "Webhooks are collected.")
            }
          >
            {mode === "deliver" ? "Send them" : "Collect them"}
          </button>
        ))}
      </div>
      {collected.length > 0 && (
        <button
          type="button"
          onClick={() =>
            void act(async () => {
              await choose("deliver");
              for (const { id } of collected.toReversed())
                await call("POST", path(`/webhooks/deliveries/${encodeURIComponent(id)}/redeliver`));
              notify(`Let ${countOf(collected.length, "webhook")} go.`);
            })
          }
        >
          Let {countOf(collected.length, "collected webhook")} go
        </button>
      )}
      <span class="quiet tally">{countOf(rows.length, "delivery").replace("deliverys", "deliveries")}</span>
    </div>
  );
}

function DeliveryLine({ row, isOpen }: { readonly row: DeliveryRow; readonly isOpen: boolean }) {
  const last = row.attempts[row.attempts.length - 1];
  const reason =
    last === undefined ? "" : (last.error ?? (last.status === null ? last.ending : `answered ${last.status}`));
  return (
    <Link
      class={isOpen ? "journal-row open" : "journal-row"}
      to={placeIn("webhooks", row.id)}
      aria-current={isOpen ? "true" : undefined}
    >
      <span class="mono quiet cell-time">{timeOf(row.createdAt)}</span>
      <span class={`delivery delivery-${row.status}`}>{row.status}</span>
      <VendorBadge vendor={row.vendor} />
      <span class="method">{row.event}</span>
      <span class="mono cell-url" title={row.url}>
        {row.url}
      </span>
      <span class="cell-marks">
        {row.attempts.length > 0 && <span class="chip">attempt {row.attempts.length}</span>}
        <span class="quiet">{reason}</span>
      </span>
      <span class="mono quiet cell-took">
        {row.status === "pending" && row.nextAttemptAt !== null ? timeOf(row.nextAttemptAt) : ""}
      </span>
    </Link>
  );
}
