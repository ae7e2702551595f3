/** What a sandbox may change about oxen, under `vendors.oxen` of its document: nothing but what all vendors share. */
import { z } from "zod";

export const settings = z.strictObject({});
