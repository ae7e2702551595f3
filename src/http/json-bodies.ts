import type { FastifyInstance } from "fastify";

/** Reads JSON bodies; an empty one is no body, which leaves it to the route's schema to say what is missing. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("remove", "remove");
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, typeof body === "string" ? body : body.toString("utf8"), done);
  });
}
