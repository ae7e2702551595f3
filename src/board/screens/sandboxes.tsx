/** The sandboxes of the server, with what happens in each, and a dot for what went wrong. */
import { useEffect, useState } from "preact/hooks";
import type { Bundle } from "../../client/documents.ts";
import { useReading } from "../parts/reading.tsx";
import { go, Link } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { Section } from "../parts/words.tsx";
import { countOf } from "../state/format.ts";

interface Listed {
  readonly name: string;
  readonly heldRequests: number;
  readonly generations: number;
  readonly requests: number;
  readonly refused: number;
  readonly failedWebhooks: number;
  readonly damage?: string;
}

/** How often the counts are read while the list is open. */
const EVERY_MS = 2000;

export function Sandboxes() {
  const [version, setVersion] = useState(0);
  const [kept, setKept] = useState<readonly Listed[]>();
  const { answer, error } = useReading<{ items: Listed[] }>("/sandboxes", version);
  useEffect(() => {
    if (answer !== undefined) setKept(answer.items);
  }, [answer]);
  useEffect(() => {
    const timer = setInterval(() => {
      setVersion((before) => before + 1);
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const again = (): void => {
    setVersion((before) => before + 1);
  };
  return (
    <div class="page">
      <div class="sandbox-forms">
        <NewSandbox />
        <OpenBundle again={again} />
      </div>
      {error !== undefined && <p class="bad">{error}</p>}
      <Section title={kept === undefined ? "Sandboxes" : countOf(kept.length, "sandbox").replace(/xs$/, "xes")}>
        <div class="table-scroll" tabIndex={0} role="region" aria-label="Sandboxes">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Generations</th>
                <th scope="col">Requests</th>
                <th scope="col">Held</th>
                <th scope="col">What went wrong</th>
                <th scope="col">
                  <span class="hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {kept?.map((listed) => (
                <SandboxRow key={listed.name} listed={listed} again={again} />
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </div>
  );
}

function SandboxRow({ listed, again }: { readonly listed: Listed; readonly again: () => void }) {
  const { name, generations, requests, heldRequests, damage } = listed;
  const path = `/sandboxes/${encodeURIComponent(name)}`;
  const wrong = wrongIn(listed);
  return (
    <tr>
      <th scope="row">
        <Link to={{ screen: "timeline", sandbox: name, item: undefined }}>{name}</Link>
      </th>
      <td>{generations.toLocaleString("en")}</td>
      <td>{requests.toLocaleString("en")}</td>
      <td>{heldRequests}</td>
      <td>
        {wrong.length > 0 && <span class="dot dot-wrong" aria-hidden="true" />} {wrong.join(", ")}
        {damage !== undefined && <p class="bad">{damage}</p>}
      </td>
      <td class="row-levers">
        <button type="button" onClick={() => void act(() => save(name, path), `Saved ${name}.`)}>
          Save as bundle
        </button>
        <Confirmed
          text="Reset"
          question={`Reset ${name}?`}
          onConfirm={() =>
            void act(async () => {
              await call("POST", `${path}/reset`);
              again();
            }, `Reset ${name}.`)
          }
        />
        <Confirmed
          text="Delete"
          question={`Delete ${name}?`}
          onConfirm={() =>
            void act(
              async () => {
                await call("DELETE", path);
                again();
              },
              name === "default" ? "Emptied default, which always exists." : `Deleted ${name}.`,
            )
          }
        />
      </td>
    </tr>
  );
}

function wrongIn({ refused, failedWebhooks, damage }: Listed): string[] {
  return [
    ...(damage === undefined ? [] : ["damaged"]),
    ...(refused === 0 ? [] : [`${countOf(refused, "request")} refused`]),
    ...(failedWebhooks === 0 ? [] : [`${countOf(failedWebhooks, "webhook")} failed`]),
  ];
}

interface ConfirmedProps {
  readonly text: string;
  readonly question: string;
  readonly onConfirm: () => void;
}

/** A button that asks once more, in its own place. */
function Confirmed({ text, question, onConfirm }: ConfirmedProps) {
  const [isAsked, ask] = useState(false);
  useEffect(() => {
    if (!isAsked) return undefined;
    const timer = setTimeout(() => {
      ask(false);
    }, 5000);
    return () => {
      clearTimeout(timer);
    };
  }, [isAsked]);
  return (
    <button
      type="button"
      class="danger"
      onClick={() => {
        ask(!isAsked);
        if (isAsked) onConfirm();
      }}
    >
      {isAsked ? question : text}
    </button>
  );
}

async function save(name: string, path: string): Promise<void> {
  const bundle = await call<Bundle>("GET", `${path}/bundle`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(bundle)], { type: "application/json" }));
  link.download = `${name}.fauxgen.json`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

function NewSandbox() {
  const [name, setName] = useState("");
  return (
    <form
      class="joined"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          await call("PUT", `/sandboxes/${encodeURIComponent(name)}`, { body: {} });
          go({ screen: "timeline", sandbox: name, item: undefined });
        }, `Created ${name}.`);
      }}
    >
      <input
        aria-label="Name of the new sandbox"
        placeholder="name"
        required
        pattern="[a-z0-9\-]{1,40}"
        title="1 to 40 characters of a-z, 0-9 and -"
        value={name}
        onInput={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <button type="submit" class="primary">
        New sandbox
      </button>
    </form>
  );
}

function OpenBundle({ again }: { readonly again: () => void }) {
  return (
    <label class="field file-field">
      <span class="field-name">Open a bundle</span>
      <input
        type="file"
        accept="application/json,.json"
        onChange={(event) => {
          const input = event.currentTarget;
          const file = input.files?.[0];
          if (file === undefined) return;
          void act(async () => {
            const bundle = JSON.parse(await file.text()) as Bundle;
            await call("PUT", `/sandboxes/${encodeURIComponent(bundle.sandbox)}/bundle`, { body: bundle });
            again();
            go({ screen: "timeline", sandbox: bundle.sandbox, item: undefined });
          }, "Opened the bundle.");
          input.value = "";
        }}
      />
    </label>
  );
}
