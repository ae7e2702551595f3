/** The pane of a generation: why it goes as it goes, what it made, what was asked of it, and what can be done to it. */
import type { Generation } from "../../client/documents.ts";
import { useState } from "preact/hooks";
import { now, path, state } from "../parts/live.tsx";
import { Json } from "../parts/json.tsx";
import { Output } from "../parts/output.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { act, call, notify } from "../parts/session.tsx";
import { CopyButton, Empty, Facts, Pane, Phase, Section, Status, VendorBadge } from "../parts/words.tsx";
import { phaseAt } from "../state/bar.ts";
import { findRequest } from "../state/find.ts";
import { foldPolls, intervalOf } from "../state/fold.ts";
import { durationOf, timeOf, visible } from "../state/format.ts";
import { isEnding, type GenerationRow } from "../state/model.ts";

interface GenerationPaneProps {
  readonly id: string;
  readonly onClose: () => void;
}

export function GenerationPane({ id, onClose }: GenerationPaneProps) {
  const row = state.value.generations.get(id);
  const { answer, error, again } = useReading<Generation>(path(`/generations/${encodeURIComponent(id)}`), row);
  const title = (
    <>
      <VendorBadge vendor={answer?.vendor ?? row?.vendor ?? null} />{" "}
      <span class="mono">{visible(answer?.label ?? id)}</span>
    </>
  );
  return (
    <Pane title={title} label={`Generation ${id}`} onClose={onClose}>
      {error !== undefined && row === undefined ? (
        <Empty title="It is not there any more">
          <p>{error}</p>
        </Empty>
      ) : answer === undefined ? (
        <p class="loading">Reading …</p>
      ) : (
        <Details shown={answer} row={row} again={again} />
      )}
    </Pane>
  );
}

interface DetailsProps {
  readonly shown: Generation;
  readonly row: GenerationRow | undefined;
  readonly again: () => void;
}

function Details({ shown, row, again }: DetailsProps) {
  const phase = row === undefined ? shown.phase : phaseAt(row, now.value);
  const { scenario } = shown;
  return (
    <>
      <div class="pane-state">
        <Phase phase={phase} />
        <Progress shown={shown} phase={phase} />
      </div>
      <Steering shown={shown} phase={phase} again={again} />
      <Section title={shown.outputs.length === 1 ? "Output" : `Outputs (${shown.outputs.length})`}>
        <div class="outputs">
          {shown.outputs.map((output) => (
            <Output key={output.id} generation={shown.id} output={output} />
          ))}
        </div>
      </Section>
      <Section title="Why it goes so">
        <Facts
          facts={[
            ["Scenario", `${scenario.name}${scenario.code === null ? "" : `=${scenario.code}`}`],
            ["Chosen by", sources[scenario.source] ?? scenario.source],
            ["Failure", shown.failure === null ? null : `${shown.failure.code ?? ""} ${shown.failure.message}`],
          ]}
        />
      </Section>
      <Section title="Facts">
        <Facts
          facts={[
            [
              "Id",
              <span class="mono">
                {shown.id} <CopyButton text={shown.id} what="the id" />
              </span>,
            ],
            ["Label", visible(shown.label ?? "")],
            ["Account", shown.account],
            ["Model", shown.model],
            ["Cost", shown.cost],
            ["Status reads", shown.reads],
            ["Created", <Instant text={shown.createdAt} />],
            ...shown.timeline.steps.slice(1).map(({ phase: each, at }) => [each, <Instant text={at} />] as const),
            ...shown.timeline.open.map(
              ({ phase: each, afterMs }) => [each, `${durationOf(afterMs)} after its release`] as const,
            ),
          ]}
        />
      </Section>
      <Section title="Request">
        <div class="code">
          <Json value={shown.request} />
        </div>
      </Section>
      <Requests id={shown.id} />
      <Deliveries id={shown.id} />
    </>
  );
}

/** How a scenario was chosen, by the source that control names. */
const sources: Readonly<Record<string, string>> = {
  header: "the header x-fauxgen-scenario of the request",
  rule: "a rule",
  marker: "a marker in the request's text",
  sandbox: "the sandbox's setting",
  configured: "the server's setting, because nothing else chose one",
  control: "the control API, which created it",
};

function Instant({ text }: { readonly text: string }) {
  const at = Date.parse(text);
  return (
    <time dateTime={text} title={text}>
      {timeOf(at)} <span class="quiet">({durationOf(at - now.value)})</span>
    </time>
  );
}

function Progress({ shown, phase }: { readonly shown: Generation; readonly phase: string }) {
  const ended = isEnding(phase);
  const took = shown.endedAt === null ? null : Date.parse(shown.endedAt) - Date.parse(shown.createdAt);
  return (
    <span class="quiet">
      {ended && took !== null
        ? `after ${durationOf(took)}`
        : `for ${durationOf(now.value - Date.parse(shown.createdAt))}`}
      {shown.heldRequests > 0 && `, ${shown.heldRequests} held on it`}
    </span>
  );
}

function Steering({
  shown,
  phase,
  again,
}: {
  readonly shown: Generation;
  readonly phase: string;
  readonly again: () => void;
}) {
  const [code, setCode] = useState("");
  const [percent, setPercent] = useState("50");
  const isOver = isEnding(phase);
  const steer = async (action: string, body: unknown, done: string): Promise<void> => {
    await act(async () => {
      await call("POST", path(`/generations/${encodeURIComponent(shown.id)}/${action}`), { body });
      notify(done);
      again();
    });
  };
  if (isOver) return null;
  const isHeld = shown.timeline.open.length > 0;
  return (
    <div class="levers" role="group" aria-label="Steer the generation">
      {isHeld ? (
        <button type="button" class="primary" onClick={() => void steer("release", {}, "Released.")}>
          Release
        </button>
      ) : (
        <button type="button" onClick={() => void steer("hold", {}, "Held in its phase.")}>
          Hold
        </button>
      )}
      <button type="button" onClick={() => void steer("finish", {}, "Finished.")}>
        Finish
      </button>
      <form
        class="joined"
        onSubmit={(event) => {
          event.preventDefault();
          void steer("fail", code.trim() === "" ? {} : { code: code.trim() }, "Failed.");
        }}
      >
        <button type="submit">Fail</button>
        <input
          aria-label="Failure code"
          placeholder="code"
          size={10}
          value={code}
          onInput={(event) => {
            setCode(event.currentTarget.value);
          }}
        />
      </form>
      <button type="button" onClick={() => void steer("cancel", {}, "Cancelled.")}>
        Cancel
      </button>
      <form
        class="joined"
        onSubmit={(event) => {
          event.preventDefault();
          void steer("progress", { percent: Number(percent) }, `Its progress is ${percent} %.`);
        }}
      >
        <input
          type="number"
          min={0}
          max={100}
          aria-label="Progress in percent"
          value={percent}
          onInput={(event) => {
            setPercent(event.currentTarget.value);
          }}
        />
        <button type="submit">% done</button>
      </form>
    </div>
  );
}

const MOST_LINES = 50;

function Requests({ id }: { readonly id: string }) {
  const { requests, requestsOf } = state.value;
  const numbers = requestsOf.get(id) ?? [];
  const rows = numbers.flatMap((number) => findRequest(requests, number) ?? []);
  const lines = foldPolls(rows);
  if (lines.length === 0) return null;
  return (
    <Section title={`Requests (${rows.length})`}>
      <ul class="lines">
        {lines.slice(0, MOST_LINES).map((line) => (
          <li key={line.last.id}>
            <Link to={placeIn("journal", String(line.last.id))}>
              <span class="mono quiet">{timeOf(line.last.at)}</span> <Status {...line.last} />{" "}
              <span class="method">{line.last.method}</span> <span class="mono wrap">{line.last.url}</span>
              {line.count > 1 && (
                <strong class="times">
                  ×{line.count}, every {durationOf(intervalOf(line))}
                </strong>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Deliveries({ id }: { readonly id: string }) {
  const { deliveries, deliveriesOf } = state.value;
  const rows = (deliveriesOf.get(id) ?? []).flatMap((each) => deliveries.get(each) ?? []);
  if (rows.length === 0) return null;
  return (
    <Section title={`Webhooks (${rows.length})`}>
      <ul class="lines">
        {rows.map((row) => (
          <li key={row.id}>
            <Link to={placeIn("webhooks", row.id)}>
              <span class={`delivery delivery-${row.status}`}>{row.status}</span> {row.event}{" "}
              <span class="mono wrap quiet">{row.url}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
