/** What a sandbox may change about affogato, under `vendors.affogato` of its document. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** The defaults follow the documentation; each setting is there for a client that was written against something else. */
export const settings = z.strictObject({
  /** The deprecating status routes show unfinished images as `pending`, a value that their enum does not have. */
  pendingInStatus: z.boolean().default(false),
  /** GET of a generation adds `data.result`: a fork of eliza waits for `completed` or `failed` there. */
  dataResult: z.boolean().default(false),
  /** A create also calls its media `images`, as it once did: a Flask app reads `data.images[0].id`. */
  dataImages: z.boolean().default(false),
  /** What asking for an upload slot answers: 201 [doc]; the Flask app goes on only after 200. */
  uploadStatus: z.union([z.literal(201), z.literal(200)]).default(201),
  /** Whether an error's body has `data: null` or no `data`; no page says. */
  errData: z.enum(["null", "absent"]).default("null"),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("affogato", settings);
}
