/** Serves the route with requests that create something at each vendor and that work when they are sent unchanged. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { keyHeaders } from "../../http/request/key-header.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

const example = z.strictObject({
  vendor: z.string(),
  operation: z.string(),
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});

export const exampleRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  app.get(
    "/sandboxes/:s/examples",
    {
      schema: {
        operationId: "listExamples",
        summary: "List a request for each way to create something, with the key of account `main`, that works as it is",
        tags: ["control"],
        params: sandboxParams,
        response: { 200: z.strictObject({ items: z.array(example) }) },
      },
    },
    async (request) => {
      const { name } = sandboxOf(context, request.params);
      return { items: vendors.flatMap((vendor) => examplesOf(vendor, name)) };
    },
  );
};

/** Returns the first create of each operation among the vendor's outcomes that needs no other request before it. */
function examplesOf(vendor: Vendor, sandbox: string): z.output<typeof example>[] {
  const headers = keyHeaders(vendor, vendor.keyFrom(`fx_${sandbox}_main`));
  const known = new Set<string>();
  return vendor.outcomes.flatMap(({ operation, status, phase, provoke }) => {
    const { method, path, body, create, before, rawBody } = provoke;
    const isCreate = method === "POST" && status < 300 && phase !== undefined && body !== undefined;
    if (!isCreate || known.has(operation) || create !== undefined || before !== undefined || rawBody !== undefined)
      return [];
    known.add(operation);
    return [{ vendor: vendor.name, operation, method, path, headers, body }];
  });
}
