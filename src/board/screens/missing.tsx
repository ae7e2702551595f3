/** What an address of a sandbox shows that does not exist (any more). */
import { sandboxName, Link } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { Empty } from "../parts/words.tsx";

export function Missing() {
  const name = sandboxName.value ?? "";
  return (
    <Empty title={`There is no sandbox “${name}”`}>
      <p>It was deleted, or the server has started anew without a file.</p>
      <div class="levers">
        <button
          type="button"
          class="primary"
          onClick={() =>
            void act(async () => {
              await call("PUT", `/sandboxes/${encodeURIComponent(name)}`, { body: {} });
              location.reload();
            })
          }
        >
          Create it
        </button>
        <Link class="button" to={{ screen: "sandboxes" }}>
          Show the sandboxes
        </Link>
      </div>
    </Empty>
  );
}
