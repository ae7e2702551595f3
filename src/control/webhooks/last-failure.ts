/** Says why the last attempt of a delivery failed, for reports and for waits that found too few deliveries. */
import { deliveries } from "../../engine/delivery/deliveries.ts";
import type { Delivery } from "../../engine/delivery/delivery.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** Returns the reason in words; undefined if the delivery was accepted or has no attempt. */
export function failureOf(sandbox: Sandbox, delivery: Delivery): string | undefined {
  if (delivery.status === "delivered") return undefined;
  const last = deliveries.attemptsOf(sandbox, delivery).at(-1);
  if (last === undefined) return undefined;
  if (last.ending === "answered") return `the receiver answered ${last.status ?? "nothing"}`;
  return last.error === undefined ? last.ending : `${last.error.code}: ${last.error.message}`;
}
