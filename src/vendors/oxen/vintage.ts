/** Defines the differences between oxen's documented versions: the prose of May 2026 and the spec of July 2026. */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { invalidParams } from "./errors.ts";

export const vintages = ["0.231", "0.243"] as const;

/**
 * Returns the number of generations of one request: 1 to 4 [doc, prose], 1 to 12 from 0.243 on [doc, spec]. Throws 400
 * with the documented message.
 */
export function requireCount(sandbox: Sandbox, field: string, given: unknown): number {
  const vintage = sandbox.settings.vintage("oxen", vintages[0]);
  const most = vintage === "0.243" ? 12 : 4;
  if (given === undefined) return 1;
  if (typeof given === "number" && Number.isInteger(given) && given >= 1 && given <= most) return given;
  const detail = `${field} must be an integer between 1 and ${most}`;
  throw invalidParams(detail).explained("VINTAGE_BOUND", `${detail} in vintage ${vintage}.`);
}
