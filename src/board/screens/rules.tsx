/** The rules in the order in which they are tried, with their hits and the requests that nearly met them. */
import { useState } from "preact/hooks";
import type { Rule } from "../../client/documents.ts";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, place, placeIn } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { Empty } from "../parts/words.tsx";
import { countOf } from "../state/format.ts";
import { RuleForm } from "./rule-form.tsx";

/** Faults at one click. */
const quick: readonly (readonly [text: string, rule: Record<string, unknown>])[] = [
  ["Next create fails", { when: { operation: "createGeneration" }, scenario: "fail", times: 1 }],
  ["Next read is 429", { when: { operation: "getGeneration" }, fault: { rateLimit: true }, times: 1 }],
  ["Next answer is cut", { when: {}, fault: "TRUNCATED_BODY", times: 1 }],
  ["Next answer is a 503", { when: {}, fault: { status: 503 }, times: 1 }],
  ["Next connection is reset", { when: {}, fault: "CONNECTION_RESET_BY_PEER", times: 1 }],
];

export function Rules() {
  const { value } = place;
  const item = value.screen === "rules" ? value.item : undefined;
  const { answer, again } = useReading<{ items: Rule[] }>(path("/rules"), state.value.versions.rules);
  if (item === "new")
    return (
      <div class="page">
        <h2>A new rule</h2>
        <RuleForm />
      </div>
    );
  const add = (rule: Record<string, unknown>, text: string): void => {
    void act(async () => {
      await call("POST", path("/rules"), { body: rule });
      again();
    }, `${text}.`);
  };
  const items = answer?.items;
  return (
    <div class="page">
      <div class="levers">
        <Link class="button primary" to={placeIn("rules", "new")}>
          New rule
        </Link>
        {quick.map(([text, rule]) => (
          <button
            key={text}
            type="button"
            onClick={() => {
              add(rule, text);
            }}
          >
            {text}
          </button>
        ))}
        {items !== undefined && items.some(({ origin }) => origin === "control") && (
          <button
            type="button"
            class="danger"
            onClick={() =>
              void act(async () => {
                await call("DELETE", path("/rules"));
                again();
              }, "Removed the rules that were added by hand or by tests.")
            }
          >
            Remove all
          </button>
        )}
      </div>
      {items === undefined ? (
        <p class="loading">Reading …</p>
      ) : items.length === 0 ? (
        <Empty title="No rule is in force">
          <p>A rule chooses a scenario or a fault for matching requests, so many times.</p>
        </Empty>
      ) : (
        <ol class="cards" aria-label="Rules, in the order in which they are tried">
          {items.map((rule) => (
            <RuleCard key={rule.id} rule={rule} isNamed={rule.id === item} again={again} />
          ))}
        </ol>
      )}
    </div>
  );
}

interface NearMiss {
  readonly id: number;
  readonly request: string;
  readonly difference: string;
}

function RuleCard({
  rule,
  isNamed,
  again,
}: {
  readonly rule: Rule;
  readonly isNamed: boolean;
  readonly again: () => void;
}) {
  const [isOpen, open] = useState(isNamed);
  const isUsedUp = rule.remaining === 0;
  const when = Object.entries(rule.when);
  return (
    <li class={`card ${isUsedUp ? "used-up" : ""} ${isNamed ? "named" : ""}`}>
      <div class="card-head">
        <strong class="mono">{rule.id}</strong>
        <span class="chip">{rule.origin}</span>
        <span class="grow">
          When{" "}
          {when.length === 0
            ? "any request"
            : when.map(([name, value]) => (
                <span key={name} class="chip mono">
                  {name}: {typeof value === "string" ? value : JSON.stringify(value)}
                </span>
              ))}{" "}
          then{" "}
          {rule.scenario === null ? (
            <span class="chip chip-fault mono">
              {typeof rule.fault === "string" ? rule.fault : JSON.stringify(rule.fault)}
            </span>
          ) : (
            <span class="chip chip-why mono">{rule.scenario}</span>
          )}
        </span>
        <span class="hits">
          <strong>{countOf(rule.hits, "hit")}</strong>
          <small class="quiet">
            {rule.remaining === null ? "no limit" : isUsedUp ? "used up" : `${countOf(rule.remaining, "use")} left`}
          </small>
        </span>
        <button
          type="button"
          class="small"
          aria-expanded={isOpen}
          onClick={() => {
            open(!isOpen);
          }}
        >
          Near misses
        </button>
        {rule.origin === "control" && (
          <button
            type="button"
            class="small danger"
            aria-label={`Remove ${rule.id}`}
            onClick={() =>
              void act(async () => {
                await call("DELETE", path(`/rules/${encodeURIComponent(rule.id)}`));
                again();
              }, `Removed ${rule.id}.`)
            }
          >
            Remove
          </button>
        )}
      </div>
      {isOpen && <NearMisses rule={rule} />}
    </li>
  );
}

function NearMisses({ rule }: { readonly rule: Rule }) {
  const { answer, error } = useReading<{ items: NearMiss[] }>(
    path(`/rules/${encodeURIComponent(rule.id)}/misses`),
    state.value.requests.length,
  );
  if (error !== undefined) return <p class="bad">{error}</p>;
  if (answer === undefined) return <p class="loading">Reading …</p>;
  if (answer.items.length === 0) return <p class="quiet">No request came near without meeting it.</p>;
  return (
    <ul class="lines">
      {answer.items.map(({ id, request, difference }) => (
        <li key={id}>
          <Link to={placeIn("journal", String(id))}>
            <span class="mono wrap">{request}</span> <span class="bad">{difference}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
