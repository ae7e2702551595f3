/** Reads JSON bodies, as far as they are requests at all. */
import type { FastifyInstance } from "fastify";

/** How deep arrays and objects of a body may lie in each other; schemas and markers are followed by recursion. */
export const MOST_JSON_LEVELS = 256;

/** JSON that is well-formed and nested too deeply; it is answered as any body that cannot be read. */
class NestedTooDeeply extends Error {
  readonly statusCode = 400;
}

/** Reads JSON bodies; an empty one is no body, which leaves it to the route's schema to say what is missing. */
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
      // Every level takes two characters at least.
      if (error === null && body.length > 2 * MOST_JSON_LEVELS && isDeeperThan(MOST_JSON_LEVELS, value))
        done(new NestedTooDeeply(`The body is nested more than ${MOST_JSON_LEVELS} levels deep.`));
      else done(error, value);
    });
  });
}

/** Looked at level by level, and not by recursion. */
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
