/** Which of the vendors' listed answers clients have met, in this sandbox or in the whole run, and what provokes the rest. */
import { useState } from "preact/hooks";
import type { CoverageDocument, Share } from "../../client/documents.ts";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, place, placeIn } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { CopyButton, Empty, VendorBadge } from "../parts/words.tsx";
import { countOf, visible } from "../state/format.ts";

/** The document is long, so changes are collected for longer than elsewhere. */
const COLLECT_MS = 1000;

type Operation = CoverageDocument["operations"][number];
type Answer = Operation["items"][number];

export function Coverage() {
  const { value } = place;
  const named = value.screen === "coverage" ? value.item : undefined;
  const [isWhole, setWhole] = useState(false);
  const [isMissingOnly, setMissingOnly] = useState(false);
  const { answer, error, again } = useReading<CoverageDocument>(
    isWhole ? "/coverage" : path("/coverage"),
    state.value,
    COLLECT_MS,
  );
  return (
    <div class="page">
      <div class="levers">
        <label class="check">
          <input
            type="checkbox"
            checked={isWhole}
            onChange={(event) => {
              setWhole(event.currentTarget.checked);
            }}
          />
          All sandboxes, also deleted ones
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isMissingOnly}
            onChange={(event) => {
              setMissingOnly(event.currentTarget.checked);
            }}
          />
          Only missing answers
        </label>
        {isWhole && (
          <button
            type="button"
            class="danger"
            onClick={() =>
              void act(async () => {
                await call("DELETE", "/coverage");
                again();
              }, "The counts of all sandboxes begin anew.")
            }
          >
            Begin anew
          </button>
        )}
      </div>
      {error !== undefined ? (
        <p class="bad">{error}</p>
      ) : answer === undefined ? (
        <p class="loading">Reading …</p>
      ) : answer.operations.length === 0 ? (
        <Empty title="No operation was used">
          <p>An operation counts once a client has used it. Then every answer that its vendor lists is shown.</p>
        </Empty>
      ) : (
        <>
          <Shares document={answer} />
          <ol class="cards" aria-label="Operations in use">
            {answer.operations.map((operation) => (
              <OperationCard
                key={nameOf(operation)}
                operation={operation}
                isNamed={nameOf(operation) === named}
                isMissingOnly={isMissingOnly}
              />
            ))}
          </ol>
          <Unused document={answer} />
        </>
      )}
      {answer !== undefined && answer.uncounted > 0 && (
        <p class="quiet">{countOf(answer.uncounted, "request")} of a restored bundle: not counted.</p>
      )}
    </div>
  );
}

const nameOf = ({ vendor, operation }: Pick<Operation, "vendor" | "operation">): string => `${vendor}.${operation}`;

function Shares({ document: { rows, met, percent, documented, classes } }: { readonly document: CoverageDocument }) {
  return (
    <section aria-label="Shares">
      <ShareLine name="Answers of the operations in use" share={{ rows, met, percent }} />
      <ShareLine name="Documented ones" share={documented} />
      {classes.map((each) => (
        <ShareLine key={each.class} name={each.class} share={each} />
      ))}
    </section>
  );
}

function ShareLine({ name, share: { rows, met, percent } }: { readonly name: string; readonly share: Share }) {
  return (
    <p class="share">
      <meter min={0} max={100} value={percent} aria-label={name} />
      <strong>{percent} %</strong>
      <span>
        {name}: {met} of {rows}
      </span>
    </p>
  );
}

interface OperationProps {
  readonly operation: Operation;
  readonly isNamed: boolean;
  readonly isMissingOnly: boolean;
}

function OperationCard({ operation, isNamed, isMissingOnly }: OperationProps) {
  const [isOpen, open] = useState(isNamed);
  const { vendor, operation: name, answers, rows, met, percent, items, others } = operation;
  const shown = items.filter(({ count }) => !isMissingOnly || count === 0);
  return (
    <li class={isNamed ? "card named" : "card"}>
      <div class="card-head">
        <VendorBadge vendor={vendor} />
        <Link class="mono" to={placeIn("coverage", nameOf(operation))}>
          {name}
        </Link>
        <span class="grow share">
          {rows > 0 ? (
            <>
              <meter min={0} max={100} value={percent} aria-label={`${vendor} ${name}`} />
              <strong>{percent} %</strong> {met} of {rows}, {countOf(answers, "answer")}
            </>
          ) : (
            `${countOf(answers, "answer")}, none of which is listed`
          )}
        </span>
        <button
          type="button"
          class="small"
          aria-expanded={isOpen}
          aria-label={`Answers of ${vendor} ${name}`}
          onClick={() => {
            open(!isOpen);
          }}
        >
          Answers
        </button>
      </div>
      {isOpen && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={`Answers of ${vendor} ${name}, as a table`}>
          <table class="answers">
            <thead>
              <tr>
                <th scope="col">Met</th>
                <th scope="col">Answer</th>
                <th scope="col">Source</th>
                <th scope="col">What provokes it</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((item) => (
                <AnswerRow key={`${item.status} ${item.phase} ${item.code} ${item.vintage}`} item={item} />
              ))}
              {others.map(({ status, phase, count }) => (
                <tr key={`other ${status} ${phase}`}>
                  <td>{count.toLocaleString("en")}</td>
                  <td>
                    {status} {phase}
                  </td>
                  <td>in no row</td>
                  <td />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </li>
  );
}

function AnswerRow({ item }: { readonly item: Answer }) {
  const { status, phase, code, vintage, source, count, provoke } = item;
  return (
    <tr>
      <td>{count === 0 ? <span class="chip chip-warning">missing</span> : count.toLocaleString("en")}</td>
      <td>
        {status} {phase} <span class="mono wrap">{visible(code ?? "")}</span>
        {vintage !== null && <span class="chip">{vintage}</span>}
      </td>
      <td>{source}</td>
      <td>
        <span class="mono wrap">{visible(provoke)}</span> <CopyButton text={provoke} what="what provokes it" />
      </td>
    </tr>
  );
}

function Unused({ document: { unused } }: { readonly document: CoverageDocument }) {
  if (unused.length === 0) return null;
  return (
    <details>
      <summary>{countOf(unused.length, "operation")} that no client used: they do not count</summary>
      {[...Map.groupBy(unused, ({ vendor }) => vendor)].map(([vendor, own]) => (
        <p key={vendor}>
          <VendorBadge vendor={vendor} />{" "}
          <span class="mono wrap">{own.map(({ operation }) => operation).join(", ")}</span>
        </p>
      ))}
    </details>
  );
}
