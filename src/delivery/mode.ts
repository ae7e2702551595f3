/** Whether a sandbox's webhooks are sent or kept: as its document says, until a test says otherwise or it is reset. */
import { z } from "zod";
import { documentKind } from "../engine/sandbox/documents.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";

export const deliveryModes = ["deliver", "collect"] as const;

export type DeliveryMode = (typeof deliveryModes)[number];

/** The one document of this kind in a sandbox. */
const ID = "webhook-mode";

/** `replaces` is what the document said when the test spoke: a document that says something new is heard again. */
const chosenModes = documentKind(
  "fauxgen",
  "webhook-mode",
  z.object({ mode: z.enum(deliveryModes), replaces: z.enum(deliveryModes).nullable() }),
);

export function deliveryModeOf(sandbox: Sandbox, byDefault: DeliveryMode): DeliveryMode {
  const written = sandbox.document.webhooks?.mode;
  const chosen = chosenModes.find(sandbox, ID)?.document;
  if (chosen !== undefined && chosen.replaces === (written ?? null)) return chosen.mode;
  return written ?? byDefault;
}

/** Chooses the mode until the next reset. It is stored, so that a restart does not send what was to be kept. */
export function chooseDeliveryMode(sandbox: Sandbox, mode: DeliveryMode): void {
  const chosen = { mode, replaces: sandbox.document.webhooks?.mode ?? null };
  const found = chosenModes.find(sandbox, ID);
  sandbox.write(() => {
    if (found === undefined)
      chosenModes.insert({ sandbox, account: sandbox.account("main"), now: sandbox.clock.now() }, ID, chosen);
    else chosenModes.replace(sandbox, found, chosen);
  });
}
