/** The pane of a webhook: its attempts, the exact bytes and headers, and the signature that its receiver must find. */
import type { DeliveryDetail } from "../../client/documents.ts";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { CopyButton, Empty, Facts, Pane, Section, VendorBadge } from "../parts/words.tsx";
import { Body } from "../parts/json.tsx";
import { durationOf, timeOf, visible } from "../state/format.ts";

const flaws = [
  ["bad", "another body signed"],
  ["old", "signed an hour ago"],
  ["wrong-secret", "another secret"],
  ["none", "no signature"],
] as const;

interface DeliveryPaneProps {
  readonly id: string;
  readonly onClose: () => void;
}

export function DeliveryPane({ id, onClose }: DeliveryPaneProps) {
  const row = state.value.deliveries.get(id);
  const { answer, error, again } = useReading<DeliveryDetail>(
    path(`/webhooks/deliveries/${encodeURIComponent(id)}`),
    row,
  );
  return (
    <Pane
      title={
        <>
          <VendorBadge vendor={answer?.vendor ?? row?.vendor ?? null} /> {answer?.event ?? id}
        </>
      }
      label={`Webhook ${id}`}
      onClose={onClose}
    >
      {error !== undefined ? (
        <Empty title="It is not there any more">
          <p>{error}</p>
        </Empty>
      ) : answer === undefined ? (
        <p class="loading">Reading …</p>
      ) : (
        <Details shown={answer} again={again} />
      )}
    </Pane>
  );
}

function Details({ shown, again }: { readonly shown: DeliveryDetail; readonly again: () => void }) {
  const send = (signature: string | undefined, done: string): void => {
    void act(async () => {
      await call("POST", path(`/webhooks/deliveries/${encodeURIComponent(shown.id)}/redeliver`), {
        body: signature === undefined ? {} : { signature },
      });
      again();
    }, done);
  };
  return (
    <>
      <div class="levers" role="group" aria-label="Send it again">
        <button
          type="button"
          class="primary"
          onClick={() => {
            send(undefined, "Sent again.");
          }}
        >
          {shown.attempts.length === 0 ? "Send" : "Redeliver"}
        </button>
        {flaws.map(([flaw, text]) => (
          <button
            key={flaw}
            type="button"
            onClick={() => {
              send(flaw, "Sent with a signature that must not verify.");
            }}
          >
            Redeliver, {text}
          </button>
        ))}
      </div>
      <Section title="Facts">
        <Facts
          facts={[
            ["Status", <span class={`delivery delivery-${shown.status}`}>{shown.status}</span>],
            ["To", <span class="mono wrap">{shown.url}</span>],
            [
              "About",
              <Link class="mono" to={placeIn("timeline", shown.subject)}>
                {shown.subject}
              </Link>,
            ],
            ["Account", shown.account],
            ["Next attempt", shown.nextAttemptAt],
          ]}
        />
      </Section>
      <Section title={`Attempts (${shown.attempts.length})`}>
        {shown.attempts.length === 0 && <p class="quiet">It has not been sent.</p>}
        <ol class="cards">
          {shown.attempts.map((attempt) => (
            <li key={attempt.number} class="card">
              <p>
                <strong>{attempt.number}.</strong> <span class="mono">{timeOf(Date.parse(attempt.at))}</span>{" "}
                <span class={attempt.status !== null && attempt.status < 300 ? "good" : "bad"}>
                  {attempt.status === null ? attempt.ending : `answered ${attempt.status}`}
                </span>{" "}
                <span class="quiet">in {durationOf(attempt.tookMs)}</span>
              </p>
              {attempt.error !== null && (
                <p class="bad">
                  {attempt.error.code}: {attempt.error.message}
                </p>
              )}
              <Signature attempt={attempt} />
              {attempt.response !== null && (
                <details>
                  <summary>The receiver's answer</summary>
                  <pre class="code">
                    {Object.entries(attempt.response.headers)
                      .map(([name, value]) => `${name}: ${String(value)}`)
                      .join("\n")}
                    {"\n\n"}
                    {visible(attempt.response.body)}
                  </pre>
                </details>
              )}
            </li>
          ))}
        </ol>
      </Section>
      <Section title="Exact bytes" side={<CopyButton text={shown.request.body} what="the body" />}>
        <pre class="code">
          {`POST ${shown.url}\n`}
          {shown.request.headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
        </pre>
        <Body value={shown.request.body} bytes={shown.request.body.length} />
      </Section>
    </>
  );
}

/** Shows the headers of an attempt that a receiver verifies, beside what they had to be. */
function Signature({ attempt }: { readonly attempt: DeliveryDetail["attempts"][number] }) {
  const { expected } = attempt;
  const wrong = expected.filter(([name, value]) => sentOf(attempt, name) !== value);
  if (expected.length === 0) return null;
  return (
    <details open={wrong.length > 0}>
      <summary class={wrong.length === 0 ? "good" : "bad"}>
        {wrong.length === 0 ? "The signature is right" : "The signature is wrong on purpose"}
      </summary>
      <Facts
        facts={expected.flatMap(([name, value]) => [
          [`${name}, sent`, <span class="mono wrap">{sentOf(attempt, name) ?? "missing"}</span>] as const,
          [`${name}, computed`, <span class="mono wrap">{value}</span>] as const,
        ])}
      />
    </details>
  );
}

function sentOf({ headers }: DeliveryDetail["attempts"][number], name: string): string | undefined {
  return headers.find(([each]) => each === name)?.[1];
}
