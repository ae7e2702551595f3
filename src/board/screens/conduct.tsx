/** What clients did wrong although everything went well: findings, what they rest on, and how to fix them. */
import { useState } from "preact/hooks";
import type { Finding } from "../../client/documents.ts";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, place, placeIn } from "../parts/router.tsx";
import { Empty, Facts, VendorBadge } from "../parts/words.tsx";
import { countOf, shortId, timeOf, visible } from "../state/format.ts";

/** Judging reads the whole journal, so changes are collected for longer than elsewhere. */
const COLLECT_MS = 1000;

interface Judged {
  readonly findings: readonly Finding[];
  readonly evicted: number;
}

export function Conduct() {
  const { value } = place;
  const named = value.screen === "conduct" ? value.item : undefined;
  const { answer, error } = useReading<Judged>(path("/conduct"), state.value, COLLECT_MS);
  if (error !== undefined) return <p class="page bad">{error}</p>;
  if (answer === undefined) return <p class="loading">Reading …</p>;
  const { findings, evicted } = answer;
  return (
    <div class="page">
      {evicted > 0 && (
        <p class="quiet">
          {countOf(evicted, "request")} had left the journal. What they would have shown cannot be told.
        </p>
      )}
      {findings.length === 0 ? (
        <Empty title="No findings about the conduct of the clients">
          <p>
            Polling, retries, repeated creates, downloads, webhooks, keys and connections are judged from the journal
            and the webhooks.
          </p>
        </Empty>
      ) : (
        <ol class="cards" aria-label="Findings, the most severe first">
          {findings.map((finding, index) => (
            <FindingCard key={`${finding.id} ${index}`} finding={finding} isNamed={finding.id === named} />
          ))}
        </ol>
      )}
    </div>
  );
}

function FindingCard({ finding, isNamed }: { readonly finding: Finding; readonly isNamed: boolean }) {
  const [isOpen, open] = useState(isNamed);
  const { id, severity, vendor, what, why, fix, source, because, count, requests, deliveries, generation } = finding;
  const hidden = count - requests.length - deliveries.length;
  return (
    <li class={isNamed ? "card named" : "card"}>
      <div class="card-head">
        <span class={`chip chip-${severity}`}>{severity}</span>
        <VendorBadge vendor={vendor} />
        <Link class="mono" to={placeIn("conduct", id)}>
          {id}
        </Link>
        <span class="grow wrap">{visible(what)}</span>
        <button
          type="button"
          class="small"
          aria-expanded={isOpen}
          aria-label={`Why, and the evidence of ${id}`}
          onClick={() => {
            open(!isOpen);
          }}
        >
          Why
        </button>
      </div>
      {isOpen && (
        <>
          <Facts
            facts={[
              ["Why", why],
              ["Fix", fix],
              ["Source", source],
              ["Judged so because", because],
              [
                "Generation",
                generation === null ? null : (
                  <Link class="mono" title={generation} to={placeIn("timeline", generation)}>
                    {shortId(generation)}
                  </Link>
                ),
              ],
            ]}
          />
          <ul class="lines" aria-label="What it rests on">
            {requests.map((request) => (
              <li key={request.id}>
                <Link to={placeIn("journal", String(request.id))}>
                  <span class="mono">{timeOf(Date.parse(request.at))}</span>{" "}
                  <span class="mono wrap">{visible(request.request)}</span> {request.status ?? "no answer"}
                </Link>
              </li>
            ))}
            {deliveries.map((delivery) => (
              <li key={delivery.id}>
                <Link to={placeIn("webhooks", delivery.id)}>
                  <span class="mono">{timeOf(Date.parse(delivery.at))}</span> webhook {delivery.event}:{" "}
                  {delivery.status}
                </Link>
              </li>
            ))}
          </ul>
          {hidden > 0 && <p class="quiet">and {hidden.toLocaleString("en")} more</p>}
        </>
      )}
    </li>
  );
}
