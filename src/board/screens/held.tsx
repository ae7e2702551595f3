/** The held requests: who waits for what and until when, on both clocks. */
import { now, path, state } from "../parts/live.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { advance } from "../parts/steering.tsx";
import { act, call } from "../parts/session.tsx";
import { Empty, VendorBadge } from "../parts/words.tsx";
import { durationOf, shortId, timeOf, visible } from "../state/format.ts";
import { isEnding, type BoardState, type Instant, type WaiterRow } from "../state/model.ts";

export function Held() {
  const rows = [...state.value.waiters.values()];
  if (rows.length === 0)
    return (
      <Empty title="No request is held">
        <p>A request is held while its client waits for the end of a generation, or while a fault delays its answer.</p>
      </Empty>
    );
  return (
    <div class="page">
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Held requests">
        <table>
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Waits for</th>
              <th scope="col">Since</th>
              <th scope="col">Until, on the sandbox's clock</th>
              <th scope="col">In real time</th>
              <th scope="col">
                <span class="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <HeldRow key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function HeldRow({ row }: { readonly row: WaiterRow }) {
  const { clock } = state.value;
  const release = releaseOf(state.value, row);
  const { generation } = row;
  const left = release === undefined ? undefined : release - now.value;
  return (
    <tr>
      <th scope="row">
        <VendorBadge vendor={row.vendor} /> {row.account}
        {row.label !== null && <span class="chip">{visible(row.label)}</span>}
      </th>
      <td>
        {row.waitsFor === "end" && generation !== null ? (
          <>
            the end of{" "}
            <Link class="mono" title={generation} to={placeIn("timeline", generation)}>
              {shortId(generation)}
            </Link>
          </>
        ) : row.waitsFor === "latency" ? (
          "a delay by a fault"
        ) : (
          "nothing: it is never answered"
        )}
      </td>
      <td>
        <span class="mono">{timeOf(row.since)}</span> <span class="quiet">{durationOf(now.value - row.since)} ago</span>
      </td>
      <td>
        {release === undefined ? (
          "until it is released"
        ) : (
          <>
            <span class="mono">{timeOf(release)}</span> <span class="quiet">in {durationOf(left ?? 0)}</span>
          </>
        )}
      </td>
      <td>
        {left === undefined
          ? "no limit"
          : clock.mode === "frozen"
            ? "never, while the clock is frozen"
            : `in ${durationOf(left / clock.rate)}`}
      </td>
      <td class="row-levers">
        {release !== undefined && (
          <button type="button" onClick={() => void advance({ to: release })}>
            Advance to its release
          </button>
        )}
        {row.waitsFor === "end" && generation !== null && (
          <button
            type="button"
            onClick={() =>
              void act(
                () => call("POST", path(`/generations/${encodeURIComponent(generation)}/finish`), { body: {} }),
                "Finished what it waits for.",
              )
            }
          >
            Finish it
          </button>
        )}
      </td>
    </tr>
  );
}

/** Returns when a request is answered at the latest: at the end of its generation, or at its deadline. */
function releaseOf({ generations }: BoardState, { generation, deadline, waitsFor }: WaiterRow): Instant | undefined {
  const steps = waitsFor === "end" ? generations.get(generation ?? "")?.steps : undefined;
  const end = steps?.find(({ phase }) => isEnding(phase))?.at;
  const instants = [end, deadline].filter((each) => each !== undefined && each !== null);
  return instants.length === 0 ? undefined : Math.min(...instants);
}
