/** Formats characters for affogato's responses. */
import type { z } from "zod";
import { assetUrl } from "../assets/views.ts";
import type { Place } from "../place.ts";
import type { character, listedCharacter } from "./schemas.ts";
import type { Character } from "./store.ts";

/** Formats a character. Its input image is the asset's file, whose URL stays the same when the asset is archived. */
export function formatCharacter(
  { character_type, name, prompt, id, token }: Character,
  place: Place,
): z.output<typeof character> {
  return { character_type, input_image: assetUrl(place, { token, type: "image" }), name, prompt, id };
}

/**
 * Formats a character of a list. Clients read `system_character` [client]; it is always false, because the vendor's own
 * characters are unknown.
 */
export function formatListed(listed: Character, place: Place): z.output<typeof listedCharacter> {
  return { ...formatCharacter(listed, place), system_character: false };
}
