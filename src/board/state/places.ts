/** Maps the board's addresses to screens and back, so that every screen has a link. */

const screens = ["timeline", "held", "journal", "rules", "webhooks", "media", "conduct", "coverage", "try"] as const;

export type Screen = (typeof screens)[number];

/** A screen of a sandbox, or the list of sandboxes; `item` is what its pane shows. */
export type Place =
  | { readonly screen: Screen; readonly sandbox: string; readonly item: string | undefined }
  | { readonly screen: "sandboxes" };

const BASE = "/_fauxgen/board";

/** Returns the place of an address. An address that names no screen is the timeline of its sandbox. */
export function placeAt(path: string): Place {
  const [sandbox = "", name = "", item = ""] = path.startsWith(BASE)
    ? path
        .slice(BASE.length + 1)
        .split("/")
        .map(decoded)
    : ["default"];
  if (sandbox === "") return { screen: "sandboxes" };
  const screen = screens.find((each) => each === name) ?? "timeline";
  return { screen, sandbox, item: item === "" ? undefined : item };
}

/** Returns the address of a place. */
export function pathTo(place: Place): string {
  if (place.screen === "sandboxes") return `${BASE}/`;
  const { sandbox, screen, item } = place;
  const parts = [sandbox, screen, ...(item === undefined ? [] : [item])];
  return `${BASE}/${parts.map(encodeURIComponent).join("/")}`;
}

/** Decodes a part of an address; a part that is not encoded well stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
