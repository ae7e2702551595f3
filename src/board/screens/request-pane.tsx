/** The pane of a request: why it was answered so, what was sent and answered, and what can be made of it. */
import { useState } from "preact/hooks";
import type { JournalRequest, UnassignedRequest } from "../../client/documents.ts";
import { FauxgenError } from "../../client/control-client.ts";
import { Body, Json } from "../parts/json.tsx";
import { path, state } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, placeIn, show } from "../parts/router.tsx";
import { call, copy, messageOf } from "../parts/session.tsx";
import { CopyButton, Empty, Facts, Pane, Section, Status, VendorBadge } from "../parts/words.tsx";
import { curlOf } from "../state/curl.ts";
import { findRequest } from "../state/find.ts";
import { bytesOf, durationOf, visible } from "../state/format.ts";
import { expectationOf, ruleDraftOf } from "../state/drafts.ts";
import { ruleDraft } from "./rule-form.tsx";
import { Meaning } from "./unassigned-pane.tsx";
import { Why } from "./why.tsx";

interface RequestPaneProps {
  readonly number: string;
  readonly onClose: () => void;
}

export function RequestPane({ number, onClose }: RequestPaneProps) {
  const row = findRequest(state.value.requests, Number(number));
  const { answer, error } = useReading<JournalRequest>(path(`/requests/${encodeURIComponent(number)}`), row);
  const title =
    answer === undefined ? (
      `Request ${number}`
    ) : (
      <>
        <Status status={answer.status} state={answer.state} /> {answer.method}{" "}
        <span class="mono wrap">{answer.url}</span>
      </>
    );
  return (
    <Pane title={title} label={`Request ${number}`} onClose={onClose}>
      {error !== undefined ? (
        <Empty title="It is not kept any more">
          <p>{error}</p>
        </Empty>
      ) : answer === undefined ? (
        <p class="loading">Reading …</p>
      ) : (
        <Details shown={answer} />
      )}
    </Pane>
  );
}

function Details({ shown }: { readonly shown: JournalRequest }) {
  const [isVerifying, verify] = useState(false);
  return (
    <>
      <div class="levers" role="group" aria-label="Make something of the request">
        <button type="button" onClick={() => void copy(curlOf(shown, location.origin), "the curl command")}>
          Copy as curl
        </button>
        <button
          type="button"
          onClick={() => {
            ruleDraft.value = ruleDraftOf(shown);
            show("rules", "new");
          }}
        >
          Make a rule
        </button>
        <button
          type="button"
          aria-expanded={isVerifying}
          onClick={() => {
            verify(!isVerifying);
          }}
        >
          Make a verification
        </button>
      </div>
      {isVerifying && <Verification shown={shown} />}
      <Stray shown={shown} />
      <Why request={shown} />
      <Section title="Facts">
        <Facts
          facts={[
            ["Vendor", <VendorBadge vendor={shown.vendor} />],
            ["Operation", shown.operation],
            ["Account", shown.account],
            ["Label", visible(shown.label ?? "")],
            [
              "Generations",
              shown.generations.length === 0
                ? null
                : shown.generations.slice(0, 20).map((id) => (
                    <Link key={id} class="chip mono" to={placeIn("timeline", id)}>
                      {id}
                    </Link>
                  )),
            ],
            ["Arrived", `${shown.at} (sandbox), ${shown.real.at} (real)`],
            ["Took", shown.real.tookMs === null ? null : `${durationOf(shown.real.tookMs)} of real time`],
          ]}
        />
      </Section>
      <Section title={`Request, ${bytesOf(shown.request.bytes)}`}>
        <details>
          <summary>Headers ({Object.keys(shown.request.headers).length})</summary>
          <div class="code">
            <Json value={shown.request.headers} />
          </div>
        </details>
        <Body value={shown.request.body} bytes={shown.request.bytes} />
      </Section>
      <Section title={`Answer, ${bytesOf(shown.response.bytes)}`}>
        <Body value={shown.response.body} bytes={shown.response.bytes} />
      </Section>
    </>
  );
}

/** Says what a request that reached no sandbox or no route was probably meant for. */
function Stray({ shown }: { readonly shown: JournalRequest }) {
  const isSuspect = shown.status !== null && shown.status >= 400;
  const { answer } = useReading<{ items: UnassignedRequest[] }>(isSuspect ? "/requests/unassigned" : undefined);
  const stray = answer?.items.find(({ request }) => request.id === shown.id && request.sandbox === shown.sandbox);
  return stray === undefined ? null : <Meaning stray={stray} />;
}

function Verification({ shown }: { readonly shown: JournalRequest }) {
  const [result, setResult] = useState<{ readonly text: string; readonly isGood: boolean }>();
  const expectation = expectationOf(shown);
  const code = `await sandbox.requests.verify(${JSON.stringify(expectation, null, 2)});`;
  const check = async (): Promise<void> => {
    try {
      const { count } = await call<{ count: number }>("POST", path("/requests/verify"), { body: expectation });
      setResult({ text: `Verified: ${count} such ${count === 1 ? "request" : "requests"}.`, isGood: true });
    } catch (error) {
      const isMiss = error instanceof FauxgenError && error.code === "not-verified";
      setResult({ text: isMiss ? error.message : messageOf(error), isGood: false });
    }
  };
  return (
    <Section title="Verification" side={<CopyButton text={code} what="the verification" />}>
      <pre class="code">{code}</pre>
      <button type="button" onClick={() => void check()}>
        Check it now
      </button>
      {result !== undefined && (
        <p class={result.isGood ? "good" : "bad"} role="status">
          {result.text}
        </p>
      )}
    </Section>
  );
}
