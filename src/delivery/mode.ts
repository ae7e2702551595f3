/** Whether a sandbox's webhooks are sent or kept: as its document says, until a test says otherwise or it is reset. */
import { z } from "zod";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";

export const deliveryModes = ["deliver", "collect"] as const;

export type DeliveryMode = (typeof deliveryModes)[number];

const OWNER = "fauxgen";
const KIND = "webhook-mode";

/** `replaces` is what the document said when the test spoke: a document that says something new is heard again. */
const chosenMode = z.object({ mode: z.enum(deliveryModes), replaces: z.enum(deliveryModes).nullable() });

export function deliveryModeOf(sandbox: Sandbox, byDefault: DeliveryMode): DeliveryMode {
  const written = sandbox.settings.webhooks?.mode;
  const row = sandbox.store.resources.find(sandbox.rowId, OWNER, KIND, KIND);
  const chosen = row === undefined ? undefined : chosenMode.parse(JSON.parse(row.document));
  if (chosen !== undefined && chosen.replaces === (written ?? null)) return chosen.mode;
  return written ?? byDefault;
}

/** Chooses the mode until the next reset. It is stored, so that a restart does not send what was to be kept. */
export function chooseDeliveryMode(sandbox: Sandbox, mode: DeliveryMode): void {
  const { resources } = sandbox.store;
  const replaces = sandbox.settings.webhooks?.mode ?? null;
  const document = JSON.stringify({ mode, replaces } satisfies z.input<typeof chosenMode>);
  const row = resources.find(sandbox.rowId, OWNER, KIND, KIND);
  sandbox.write(() => {
    if (row !== undefined) resources.update(row.id, document);
    else
      resources.insert({
        sandbox_id: sandbox.rowId,
        account_id: sandbox.account("main").id,
        vendor: OWNER,
        kind: KIND,
        public_id: KIND,
        created_at: sandbox.clock.now(),
        document,
      });
  });
}
