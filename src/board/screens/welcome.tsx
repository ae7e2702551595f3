/** Shows what an empty sandbox offers: one request to each vendor at a click, and what a client needs. */
import { sandboxDocument, path } from "../parts/live.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { useReading } from "../parts/reading.tsx";
import { act, notify } from "../parts/session.tsx";
import { CopyButton, VendorBadge } from "../parts/words.tsx";
import { submit, type Example } from "../parts/submit.tsx";
import { countOf } from "../state/format.ts";

export function Welcome() {
  const { answer } = useReading<{ items: Example[] }>(path("/examples"));
  const examples = (answer?.items ?? []).filter(({ operation }) => operation === "createGeneration");
  const vendors = Object.entries(sandboxDocument.value?.vendors ?? {});
  return (
    <div class="welcome">
      <h2>Nothing has been generated here yet</h2>
      <p>Send one request to each vendor and watch it grow, or point a client at this server.</p>
      <div class="levers">
        <button
          type="button"
          class="primary"
          disabled={examples.length === 0}
          onClick={() =>
            void act(async () => {
              const refused = (await Promise.all(examples.map(refusalOf))).flat();
              if (refused.length === 0) notify("Sent one request to each vendor.");
              else
                notify(`${countOf(refused.length, "request")} refused. The journal says why.`, {
                  isError: true,
                  lines: refused,
                });
            })
          }
        >
          Send one to each vendor
        </button>
        <Link class="button" to={placeIn("try")}>
          Write one
        </Link>
      </div>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="What clients need">
        <table>
          <thead>
            <tr>
              <th scope="col">Vendor</th>
              <th scope="col">Base URL</th>
              <th scope="col">Key</th>
              <th scope="col">Environment</th>
            </tr>
          </thead>
          <tbody>
            {vendors.map(([vendor, { baseUrl, apiKey, env }]) => (
              <tr key={vendor}>
                <th scope="row">
                  <VendorBadge vendor={vendor} />
                </th>
                <td class="mono">{baseUrl}</td>
                <td class="mono">{apiKey}</td>
                <td>
                  <CopyButton
                    text={Object.entries(env)
                      .map(([name, value]) => `export ${name}=${value}`)
                      .join("\n")}
                    what={`the environment of ${vendor}`}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Sends an example; returns a line about the answer if it is a refusal, as by a rule or by the vendor. */
async function refusalOf(example: Example): Promise<string[]> {
  const { status, headers } = await submit(example, example.body);
  const [, reason = ""] = headers.find(([name]) => name === "x-fauxgen-diagnostic") ?? [];
  return status < 400 ? [] : [`${example.vendor} answered ${status}. ${reason}`];
}
