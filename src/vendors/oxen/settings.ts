/** Defines the settings of oxen, `vendors.oxen` of a sandbox's document: oxen has only the settings of every vendor. */
import { z } from "zod";

export const settings = z.strictObject({});
