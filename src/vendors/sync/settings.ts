import { z } from "zod";

/** What a sandbox may change about sync, under `vendors.sync` of its document: nothing so far. */
export const settings = z.strictObject({});
