/** Makes the ids of generations: in the vendor's form, or longer and of another form in sandboxes that ask for it. */
import { z } from "zod";
import { LONG_ID, longIdFrom, uuidFrom, type Digest } from "../engine/base/ids.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";

const uuid = z.uuid();
const { format, pattern } = z.toJSONSchema(uuid);

/** The id of a generation whose vendor makes UUIDs. The other form is not the vendor's, so the references do not show it. */
export const uuidJobId = z
  .string()
  .refine((id) => uuid.safeParse(id).success || LONG_ID.test(id), "must be a UUID")
  .meta({ format, pattern });

/** Returns the id of a generation whose vendor makes UUIDs. */
export function uuidJobIdFrom(sandbox: Pick<Sandbox, "settings">, digest: Digest): string {
  return sandbox.settings.hasLongIds ? longIdFrom(digest) : uuidFrom(digest);
}
