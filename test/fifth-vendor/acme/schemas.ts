/** Schemas of request and response bodies, in the order of the documentation. */
import { z } from "zod";

/** The largest body, in bytes. */
export const BODY_LIMIT = 4096;

export const pictureBody = z.looseObject({ prompt: z.string().min(1) });

export type PictureBody = z.output<typeof pictureBody>;

export const picture = z.strictObject({
  id: z.uuid(),
  state: z.enum(["waiting", "drawing", "done", "broken"]),
  image: z.strictObject({ url: z.url() }).optional(),
  reason: z.string().optional(),
});

export type Picture = z.output<typeof picture>;

export const inkLevel = z.strictObject({ ink: z.int() });

const errorBody = z.strictObject({ code: z.string() });

export const failures = { "4xx": errorBody, "5xx": errorBody } as const;
