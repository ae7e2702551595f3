/** Says which receiver a webhook URL names, and which texts are such URLs. */
import { z } from "zod";

/** Parses the URL of a receiver: any that can be parsed, because the attempt says what is wrong with the others. */
export const receiverUrl = z.string().refine((url) => URL.canParse(url), "is not a URL");

/** Returns the receiver of a URL: its origin and path, without the query. */
export function receiverOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
