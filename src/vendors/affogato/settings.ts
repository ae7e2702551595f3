/** Defines affogato's settings: the part `vendors.affogato` of a sandbox's document. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/**
 * Affogato's settings. The defaults follow the documentation; each setting supports a client that expects another
 * behaviour.
 */
export const settings = z.strictObject({
  /**
   * Whether the deprecated status routes show unfinished images as `pending`, a value that their enum does not have.
   */
  pendingInStatus: z.boolean().default(false),
  /** Whether GET of a generation adds `data.result`; a fork of eliza waits there for `completed` or `failed`. */
  dataResult: z.boolean().default(false),
  /** Whether a create response repeats its media as `images`; a Flask app reads `data.images[0].id`. */
  dataImages: z.boolean().default(false),
  /** Status of the response to an upload request: 201 [doc]; the Flask app continues only after 200. */
  uploadStatus: z.union([z.literal(201), z.literal(200)]).default(201),
  /** Whether an error's body has `data: null` or no `data`; no page says which. */
  errData: z.enum(["null", "absent"]).default("null"),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("affogato", settings);
}
