/** Shows that the sandbox of the address does not exist, or not any more. */
import { sandboxName, Link } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { Empty } from "../parts/words.tsx";
import { visible } from "../state/format.ts";

export function Missing() {
  const name = sandboxName.value ?? "";
  if (!/^[a-z0-9-]{1,40}$/.test(name))
    return (
      <Empty title={`No sandbox can be called “${visible(name)}”`}>
        <p>Names of sandboxes have 1 to 40 characters of a-z, 0-9 and -.</p>
        <Link class="button" to={{ screen: "sandboxes" }}>
          Show the sandboxes
        </Link>
      </Empty>
    );
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
