/** The clock that is always in view: what time it is in the sandbox, what is due next, and the levers that move it. */
import { connection, now, state } from "../parts/live.tsx";
import { place } from "../parts/router.tsx";
import { advance, due, freeze, resume, setRate } from "../parts/steering.tsx";
import { Icon } from "../parts/words.tsx";
import { dateOf, durationOf, timeOf } from "../state/format.ts";
import { isEnding } from "../state/model.ts";

const rates = [0.1, 1, 2, 10, 60, 1000];

export function ClockBar() {
  const { mode, rate } = state.value.clock;
  const isFrozen = mode === "frozen";
  const known = rates.includes(rate) ? rates : [...rates, rate].toSorted((a, b) => a - b);
  return (
    <section class={isFrozen ? "clock clock-frozen" : "clock"} aria-label="Clock of the sandbox">
      <div class="clock-face">
        <ConnectionDot />
        <Time />
        <span class="clock-mode">{isFrozen ? "frozen" : rate === 1 ? "running" : `running ×${rate}`}</span>
      </div>
      <div class="clock-next">{due.value === undefined ? <span class="quiet">Nothing is due.</span> : <Next />}</div>
      <div class="clock-levers" role="group" aria-label="Move the clock">
        <button type="button" class={isFrozen ? "primary" : ""} onClick={() => void (isFrozen ? resume() : freeze())}>
          <Icon name={isFrozen ? "resume" : "freeze"} />
          {isFrozen ? "Resume" : "Freeze"}
        </button>
        <div class="joined">
          {[
            [1000, "+1 s"],
            [10_000, "+10 s"],
            [60_000, "+1 min"],
          ].map(([by, text]) => (
            <button key={text} type="button" onClick={() => void advance({ by: Number(by) })}>
              {text}
            </button>
          ))}
        </div>
        <button
          type="button"
          disabled={due.value === undefined}
          title="Advance to the next event"
          onClick={() => due.value !== undefined && void advance({ to: due.value.at })}
        >
          Next event
        </button>
        <ToEnd />
        <label class="rate">
          <span class="hidden">Rate of the clock</span>
          <select value={String(rate)} onChange={(event) => void setRate(Number(event.currentTarget.value))}>
            {known.map((each) => (
              <option key={each} value={String(each)}>
                ×{each}
              </option>
            ))}
          </select>
        </label>
      </div>
    </section>
  );
}

function Time() {
  const at = now.value;
  const text = timeOf(at);
  return (
    <time
      class="clock-time"
      dateTime={Number.isFinite(at) ? new Date(at).toISOString() : ""}
      title={`${dateOf(at)} UTC`}
    >
      {text.slice(0, 8)}
      <small>{text.slice(8, 10)}</small>
    </time>
  );
}

function Next() {
  const next = due.value;
  if (next === undefined) return null;
  return (
    <span title={`${dateOf(next.at)} ${timeOf(next.at)}`}>
      <span class="quiet">next in </span>
      <strong>{durationOf(next.at - now.value)}</strong> <span class="clock-what">{next.what}</span>
    </span>
  );
}

/** Advances to the end of the generation whose pane is open. */
function ToEnd() {
  const { value } = place;
  const id = value.screen === "timeline" ? value.item : undefined;
  const row = id === undefined ? undefined : state.value.generations.get(id);
  const end = row?.steps.find(({ phase }) => isEnding(phase));
  if (row === undefined || end === undefined || isEnding(row.phase)) return null;
  return (
    <button type="button" title="Advance to the end of this job" onClick={() => void advance({ to: end.at })}>
      End of job
    </button>
  );
}

function ConnectionDot() {
  const words = {
    live: "live",
    connecting: "connecting",
    lost: "connection lost, trying again",
    missing: "no such sandbox",
  };
  const { value } = connection;
  return (
    <span class={`dot dot-${value}`} role="img" aria-label={words[value]} title={words[value]}>
      {value === "lost" && <span class="dot-text">offline</span>}
    </span>
  );
}
