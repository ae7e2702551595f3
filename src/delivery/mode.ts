/**
 * Decides whether a sandbox's webhooks are sent or collected: a test's choice lasts until a reset; without a choice,
 * the sandbox's document decides.
 */
import { z } from "zod";
import { documentKind } from "../engine/sandbox/documents.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";

export const deliveryModes = ["deliver", "collect"] as const;

export type DeliveryMode = (typeof deliveryModes)[number];

/** The id of the only document of this kind in a sandbox. */
const ID = "webhook-mode";

/** `replaces` is the document's mode when the test chose; a document with a new mode overrides the choice. */
export const chosenModes = documentKind(
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

/** Sets the mode until the next reset. It is stored, so that a restart does not send collected webhooks. */
export function chooseDeliveryMode(sandbox: Sandbox, mode: DeliveryMode): void {
  const chosen = { mode, replaces: sandbox.document.webhooks?.mode ?? null };
  const found = chosenModes.find(sandbox, ID);
  sandbox.write(() => {
    if (found === undefined)
      chosenModes.insert({ sandbox, account: sandbox.account("main"), now: sandbox.clock.now() }, ID, chosen);
    else chosenModes.replace(sandbox, found, chosen);
  });
}
