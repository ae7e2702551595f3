/** The pane of a request that reached no sandbox or no route, with what its sender probably meant. */
import type { UnassignedRequest } from "../../client/documents.ts";
import { Body, Json } from "../parts/json.tsx";
import { copy } from "../parts/session.tsx";
import { Empty, Facts, Pane, Section, Status } from "../parts/words.tsx";
import { curlOf } from "../state/curl.ts";
import { Why } from "./why.tsx";

const meanings: Readonly<Record<UnassignedRequest["reason"], string>> = {
  "no-sandbox": "It carried no key of a sandbox, so it is not known which sandbox it was for.",
  "no-route": "Its vendor has no such route.",
  "no-vendor": "No vendor has its path.",
};

interface UnassignedPaneProps {
  readonly stray: UnassignedRequest | undefined;
  readonly onClose: () => void;
}

export function UnassignedPane({ stray, onClose }: UnassignedPaneProps) {
  if (stray === undefined)
    return (
      <Pane title="Unassigned request" label="Unassigned request" onClose={onClose}>
        <Empty title="It is not kept any more" />
      </Pane>
    );
  const { request } = stray;
  return (
    <Pane
      title={
        <>
          <Status status={request.status} state={request.state} /> {request.method}{" "}
          <span class="mono wrap">{request.url}</span>
        </>
      }
      label={`Unassigned request ${stray.id}`}
      onClose={onClose}
    >
      <Meaning stray={stray} />
      <Why request={request} />
      <div class="levers">
        <button type="button" onClick={() => void copy(curlOf(request, location.origin), "the curl command")}>
          Copy as curl
        </button>
      </div>
      <Section title="Request">
        <div class="code">
          <Json value={request.request.headers} />
        </div>
        <Body value={request.request.body} bytes={request.request.bytes} />
      </Section>
    </Pane>
  );
}

export function Meaning({ stray: { reason, nearest } }: { readonly stray: UnassignedRequest }) {
  return (
    <Section title="It is unassigned">
      <p>{meanings[reason]}</p>
      <Facts
        facts={[
          ["Nearest route", nearest.route === null ? null : <span class="mono">{nearest.route}</span>],
          ["Nearest sandbox", nearest.sandbox],
        ]}
      />
    </Section>
  );
}
