/** What affogato shows of a character. */
import type { z } from "zod";
import { assetUrl } from "../assets/views.ts";
import type { Place } from "../place.ts";
import type { character, listedCharacter } from "./schemas.ts";
import type { Character } from "./store.ts";

/** The input image is the asset's file, which stays where it is when the asset goes to the archive. */
export function formatCharacter(
  { character_type, name, prompt, id, token }: Character,
  place: Place,
): z.output<typeof character> {
  return { character_type, input_image: assetUrl(place, { token, type: "image" }), name, prompt, id };
}

/** Clients read `system_character` [client]; the vendor's own characters are not known, so there are none here. */
export function formatListed(listed: Character, place: Place): z.output<typeof listedCharacter> {
  return { ...formatCharacter(listed, place), system_character: false };
}
