/** Serves the route that lists the files that clients uploaded to a sandbox. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { mediaUrl } from "../../http/parsing/media-url.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { showInstant, shownInstant } from "../instants.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

const shownUpload = z.strictObject({
  url: z.string(),
  vendor: z.string(),
  account: z.string(),
  contentType: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  completedAt: shownInstant,
});

export const uploadListRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context }) => {
  app.get(
    "/sandboxes/:s/uploads",
    {
      schema: {
        operationId: "listUploads",
        summary: "List the files that clients uploaded, oldest first",
        tags: ["control"],
        params: sandboxParams,
        response: { 200: z.strictObject({ items: z.array(shownUpload) }) },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const origin = originOf(request);
      return {
        items: sandbox.store.uploads
          .inSandbox(sandbox.rowId)
          .map(({ vendor, accountId, token, contentType, size, sha256, completedAt }) => ({
            url: mediaUrl(sandbox, origin, { vendor: "uploads", name: token }),
            vendor,
            account: sandbox.accounts.byId(accountId)?.name ?? "",
            contentType,
            bytes: size,
            sha256,
            completedAt: showInstant(completedAt),
          })),
      };
    },
  );
};
