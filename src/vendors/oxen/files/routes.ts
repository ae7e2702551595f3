/**
 * Serves and deletes result files under the paths of the repositories [client]. Downloads work with and without a key,
 * because clients differ; deletions need a key. Other features of repositories are not part of this API.
 */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { OwnerOf } from "../../../http/request/open-entry.ts";
import { noteGeneration } from "../../../http/request/reading.ts";
import { acceptForms } from "../../../http/uploads/forms.ts";
import { findOutput, type FinishedOutput } from "../../../media/serve/find-output.ts";
import { sendMedia } from "../../../media/serve/send.ts";
import { attributesOf } from "../generations/store.ts";
import { notFound } from "../errors.ts";
import { filePathOf } from "../generations/urls.ts";
import { findGeneration } from "../generations/find.ts";
import { deleted } from "./schemas.ts";
import { failures } from "../schemas.ts";

const WORKSPACE = "/api/repos/:namespace/:repo/workspaces/:workspace_id";
const BRANCH = "/api/repos/:namespace/:repo/file/:branch";
const tags = ["Files"] as const;

export const fileRoutes: FastifyPluginAsyncZod = async (app) => {
  for (const place of [WORKSPACE, BRANCH]) {
    app.route({
      method: ["GET", "HEAD"],
      url: `${place}/*`,
      config: { operation: "downloadOutput", access: "public" },
      schema: { summary: "Download a result file", tags },
      handler: async (request, reply) => {
        const found = requireFile(request, pathOf(request));
        noteGeneration(request, found.generation);
        const { content, facts } = request.server.media.fileOf(request.sandbox, found);
        return sendMedia(request, reply, content, facts);
      },
    });
  }

  app.delete(
    `${WORKSPACE}/files`,
    {
      config: { operation: "deleteMedia" },
      schema: {
        summary: "Delete files of a workspace",
        tags,
        body: z.array(z.string()).min(1),
        response: { 200: deleted, ...failures },
      },
    },
    async (request) => {
      const workspace = pathOf(request).slice(0, -1);
      // A client sends the path after the workspace's id, including `files`.
      const paths = request.body.map((path) => [...workspace, "files", ...path.replace(/^files\//, "").split("/")]);
      deleteFiles(request, paths);
      return { status: "success" as const, status_message: "resource_deleted" as const };
    },
  );

  await app.register(async (committed) => {
    // The form has the commit's message and author; this route does not read them.
    acceptForms(committed);
    committed.delete(
      `${BRANCH}/*`,
      {
        config: { operation: "deleteMedia" },
        schema: { summary: "Delete a committed file", tags, response: { 200: deleted, ...failures } },
      },
      async (request) => {
        request.raw.resume();
        deleteFiles(request, [pathOf(request)]);
        return { status: "success" as const, status_message: "resource_deleted" as const };
      },
    );
  });
};

/** Returns the sandbox that a result URL names. */
export const ownerOf: OwnerOf = ({ url, server }) => {
  if (!url.startsWith("/api/repos/")) return undefined;
  const name = new URL(url, "http://localhost").searchParams.get("sandbox");
  return name === null ? undefined : server.httpContext.sandboxes.find(name);
};

/** Returns the decoded segments of the request's path. */
function pathOf({ url }: FastifyRequest): string[] {
  return (url.split("?", 1)[0] ?? "").split("/").filter(Boolean).map(decodeURIComponent);
}

/** Returns the file at exactly this path. Throws the vendor's 404. */
function requireFile({ sandbox, now }: FastifyRequest, path: readonly string[]): FinishedOutput {
  const found = findOutput(sandbox, "oxen", path.at(-1) ?? "", now);
  if (typeof found === "string") throw notFound().explained("MEDIA_NOT_FOUND", found);
  const { generation } = found;
  if (attributesOf(generation).isFileDeleted === true)
    throw notFound().explained("MEDIA_NOT_FOUND", `The file of ${generation.id} was deleted.`);
  const place = filePathOf(generation).join("/");
  if (place !== path.join("/"))
    throw notFound().explained("MEDIA_NOT_FOUND", `The file of ${generation.id} is at /${place}.`);
  return found;
}

/** Deletes all the files, or none if a file is missing or outside the caller's namespaces. The rows stay. */
function deleteFiles(request: FastifyRequest, paths: readonly (readonly string[])[]): void {
  const { sandbox, now } = request;
  const found = paths.map((path) => findGeneration(request, requireFile(request, path).generation.id));
  request.entry.generations = found.map(({ id }) => id);
  sandbox.write(() => {
    for (const generation of found)
      sandbox.generations.setAttributes(generation, { ...attributesOf(generation), isFileDeleted: true }, now);
  });
}
