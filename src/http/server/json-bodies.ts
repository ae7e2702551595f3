/** Parses JSON bodies, and refuses bodies that are nested too deeply. */
import type { FastifyInstance } from "fastify";

/** The deepest nesting of arrays and objects in a body; limited because schemas and markers are checked recursively. */
export const MOST_JSON_LEVELS = 256;

/** The error for well-formed JSON that is nested too deeply; it is answered like malformed JSON. */
class NestedTooDeeply extends Error {
  readonly statusCode = 400;
}

/** Adds the JSON parser. An empty body counts as no body, so that the route's schema reports missing fields. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("remove", "remove");
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    request.bodyBytes = Number(request.headers["content-length"] ?? Buffer.byteLength(body));
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    void parse(request, typeof body === "string" ? body : body.toString("utf8"), (error, value: unknown) => {
      // Every level takes at least two characters.
      if (error === null && body.length > 2 * MOST_JSON_LEVELS && isDeeperThan(MOST_JSON_LEVELS, value))
        done(new NestedTooDeeply(`The body is nested more than ${MOST_JSON_LEVELS} levels deep.`));
      else done(error, value);
    });
  });
}

/** Returns whether a value is nested deeper than `levels`. Checks level by level, because recursion could overflow. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
