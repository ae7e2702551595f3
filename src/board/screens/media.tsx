/** The files of the sandbox: what was generated, and what clients uploaded. */
import { useEffect, useState } from "preact/hooks";
import type { Generation } from "../../client/documents.ts";
import { path, state } from "../parts/live.tsx";
import { Output, ownPath } from "../parts/output.tsx";
import { useReading } from "../parts/reading.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { call } from "../parts/session.tsx";
import { Empty, Section, VendorBadge } from "../parts/words.tsx";
import { bytesOf, countOf, shortId, visible } from "../state/format.ts";

const PAGE = 24;

interface Upload {
  readonly url: string;
  readonly vendor: string;
  readonly account: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly completedAt: string;
}

export function MediaScreen() {
  const { generations, versions } = state.value;
  const [most, setMost] = useState(PAGE);
  const ids = [...generations.values()]
    .filter(({ phase }) => phase === "succeeded")
    .map(({ id }) => id)
    .reverse();
  const { answer: uploads } = useReading<{ items: Upload[] }>(
    path("/uploads"),
    versions.rules + state.value.requests.length,
  );
  const shown = ids.slice(0, most);
  return (
    <div class="page">
      <Section title={`Outputs of ${countOf(ids.length, "generation")}`}>
        {ids.length === 0 && <Empty title="No generation has succeeded yet" />}
        <div class="gallery">
          {shown.map((id) => (
            <Outputs key={id} id={id} />
          ))}
        </div>
        {ids.length > most && (
          <button
            type="button"
            onClick={() => {
              setMost(most + PAGE);
            }}
          >
            Show more
          </button>
        )}
      </Section>
      <Section title={`Uploads (${uploads?.items.length ?? 0})`}>
        {uploads?.items.length === 0 && <p class="quiet">No client has uploaded a file.</p>}
        {uploads !== undefined && uploads.items.length > 0 && (
          <div class="table-scroll" tabIndex={0} role="region" aria-label="Uploads">
            <table>
              <thead>
                <tr>
                  <th scope="col">Vendor</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Size</th>
                  <th scope="col">Account</th>
                  <th scope="col">File</th>
                </tr>
              </thead>
              <tbody>
                {uploads.items.map((upload) => (
                  <tr key={upload.url}>
                    <td>
                      <VendorBadge vendor={upload.vendor} />
                    </td>
                    <td class="mono">{upload.contentType}</td>
                    <td>{bytesOf(upload.bytes)}</td>
                    <td>{upload.account}</td>
                    <td>
                      <a href={ownPath(upload.url)} target="_blank" rel="noopener">
                        Open
                      </a>{" "}
                      <a href={ownPath(upload.url)} download="">
                        Download
                      </a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Section>
    </div>
  );
}

function Outputs({ id }: { readonly id: string }) {
  const [shown, setShown] = useState<Generation>();
  useEffect(() => {
    let isOver = false;
    void call<Generation>("GET", path(`/generations/${encodeURIComponent(id)}`)).then(
      (answer) => {
        if (!isOver) setShown(answer);
      },
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [id]);
  if (shown === undefined) return null;
  return (
    <>
      {shown.outputs.map((output) => (
        <div key={output.id} class="card media-card">
          <Output generation={id} output={output} isSmall />
          <p>
            <VendorBadge vendor={shown.vendor} />{" "}
            <Link class="mono" to={placeIn("timeline", id)} title={output.id}>
              {shown.label === null ? shortId(output.id) : visible(shown.label)}
            </Link>
          </p>
        </div>
      ))}
    </>
  );
}
