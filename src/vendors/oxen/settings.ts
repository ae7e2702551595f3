import { z } from "zod";

/** What a sandbox may change about oxen, under `vendors.oxen` of its document: nothing but what all vendors share. */
export const settings = z.strictObject({});
