/** What an empty sandbox shows: one request to each vendor at a click, and what a client needs. */
import { sandboxDocument, path } from "../parts/live.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { useReading } from "../parts/reading.tsx";
import { act, notify } from "../parts/session.tsx";
import { CopyButton, VendorBadge } from "../parts/words.tsx";
import { submit, type Example } from "../parts/submit.tsx";

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
              await Promise.all(examples.map((example) => submit(example, example.body)));
              notify("Sent one request to each vendor.");
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
