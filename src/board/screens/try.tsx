/** Sends a real request to a vendor without any client, and follows it. */
import { useEffect, useState } from "preact/hooks";
import type { Scenario } from "../../client/documents.ts";
import { Body, Json } from "../parts/json.tsx";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, place, placeIn, show } from "../parts/router.tsx";
import { act, copy } from "../parts/session.tsx";
import { submit, type Answer, type Example } from "../parts/submit.tsx";
import { Section, Select, Status, VendorBadge } from "../parts/words.tsx";
import { quoted } from "../state/curl.ts";

export function Try() {
  const { answer: examples } = useReading<{ items: Example[] }>(path("/examples"));
  const { answer: scenarios } = useReading<{ items: Scenario[] }>(path("/scenarios"));
  const items = examples?.items ?? [];
  const vendors = [...new Set(items.map(({ vendor }) => vendor))];
  const { value } = place;
  const vendor = (value.screen === "try" ? value.item : undefined) ?? vendors[0] ?? "";
  const own = items.filter((example) => example.vendor === vendor);
  return (
    <div class="page">
      <div class="tabs" role="group" aria-label="Vendor">
        {vendors.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === vendor}
            onClick={() => {
              show("try", each, "replace");
            }}
          >
            {each}
          </button>
        ))}
      </div>
      {own.length > 0 && <Form key={vendor} examples={own} scenarios={scenarios?.items ?? []} />}
    </div>
  );
}

interface FormProps {
  readonly examples: readonly Example[];
  readonly scenarios: readonly Scenario[];
}

function Form({ examples, scenarios }: FormProps) {
  const [operation, setOperation] = useState(examples[0]?.operation ?? "");
  const example = examples.find((each) => each.operation === operation) ?? examples[0];
  const [text, setText] = useState("");
  const [scenario, setScenario] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    setText(JSON.stringify(example?.body, null, 2));
    setAnswer(undefined);
  }, [example?.operation]);
  if (example === undefined) return null;
  const flaw = flawOf(text);
  const possible = scenarios.filter(({ vendors }) => vendors.includes(example.vendor));
  const send = async (): Promise<void> => {
    setSending(true);
    setAnswer(await act(() => submit(example, JSON.parse(text), scenario)));
    setSending(false);
  };
  const curl = [
    "curl -X",
    example.method,
    quoted(`${location.origin}${example.path}`),
    ...Object.entries({ "content-type": "application/json", ...example.headers }).map(
      ([name, each]) => `-H ${quoted(`${name}: ${each}`)}`,
    ),
    ...(scenario === "" ? [] : [`-H ${quoted(`x-fauxgen-scenario: ${scenario}`)}`]),
    `--data-binary ${quoted(flaw === undefined ? JSON.stringify(JSON.parse(text)) : text)}`,
  ].join(" ");
  return (
    <form
      class="try"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="fields">
        <Select
          label="Request"
          value={operation}
          options={examples.map((each) => each.operation)}
          onChange={setOperation}
        />
        <Select
          label="Scenario"
          value={scenario}
          options={[
            ["", "as the sandbox decides"],
            ...possible.map(({ name, summary }) => [name, `${name}: ${summary}`] as const),
          ]}
          onChange={setScenario}
        />
      </div>
      <p class="mono request-line">
        <VendorBadge vendor={example.vendor} /> <strong>{example.method}</strong> {example.path}
      </p>
      <label class="field">
        <span class="field-name">Body</span>
        <textarea
          rows={Math.min(24, Math.max(6, text.split("\n").length + 1))}
          spellcheck={false}
          value={text}
          aria-invalid={flaw !== undefined}
          aria-describedby="flaw"
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
      </label>
      <p id="flaw" class="flaw">
        {flaw}
      </p>
      <div class="levers">
        <button type="submit" class="primary" disabled={flaw !== undefined || isSending}>
          {isSending ? "Waiting for the answer …" : "Send"}
        </button>
        <button type="button" onClick={() => void copy(curl, "the curl command")}>
          Copy as curl
        </button>
      </div>
      {answer !== undefined && <Answered answer={answer} />}
    </form>
  );
}

function Answered({ answer }: { readonly answer: Answer }) {
  const ids = idsIn(answer.body).filter((id) => state.value.generations.has(id));
  const explained = answer.headers.filter(([name]) => name.startsWith("x-fauxgen-"));
  return (
    <Section title="Answer" side={<Status status={answer.status} state="answered" />}>
      {ids.map((id) => (
        <p key={id}>
          <Link class="button primary" to={placeIn("timeline", id)}>
            Follow {id} on the timeline
          </Link>
        </p>
      ))}
      {explained.map(([name, value]) => (
        <p key={name} class="explained">
          <span class="mono">{name}</span>: {value}
        </p>
      ))}
      {typeof answer.body === "string" ? (
        <Body value={answer.body} bytes={answer.body.length} />
      ) : (
        <div class="code">
          <Json value={answer.body} />
        </div>
      )}
    </Section>
  );
}

/** Returns every text of a document that could be an id. */
function idsIn(value: unknown): string[] {
  if (typeof value === "string") return value.length <= 80 ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return [...new Set(Object.values(value).flatMap(idsIn))];
}

function flawOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `The body is not JSON: ${error instanceof Error ? error.message : ""}`;
  }
}
