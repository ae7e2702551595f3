/** Parses the URL that stands before the paths of a server's own URLs. */
import { z } from "zod";

/** An http or https URL of a host and perhaps a path, without anything that its own paths would have to follow. */
export const baseUrl = z.string().superRefine((text, context) => {
  const flaw = flawOf(text);
  if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw });
});

function flawOf(text: string): string | undefined {
  const example = "write an http or https URL, such as https://fauxgen.example.com";
  // `localhost:4600` is a URL too, of the scheme `localhost:`.
  if (!/^https?:\/\//i.test(text)) {
    const withScheme = `http://${text}`;
    const isHost = !text.includes("://") && /^[\w.[\]:-]+(?:\/|$)/.test(text) && URL.canParse(withScheme);
    return isHost ? `the scheme is missing; write ${withScheme}` : example;
  }
  if (!URL.canParse(text)) return example;
  const { search, hash, username, password, origin, pathname, port } = new URL(text);
  if (port === "0") return "nothing can be opened on port 0; write the port under which the server is reached";
  if (search !== "" || hash !== "" || text.endsWith("?") || text.endsWith("#"))
    return `a URL with a query or a fragment cannot have paths below it; write ${origin}${pathname === "/" ? "" : pathname}`;
  return username !== "" || password !== "" ? "write the URL without a user and a password" : undefined;
}
