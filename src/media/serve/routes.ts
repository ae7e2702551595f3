/** Serves the files behind output URLs, without a key, as the vendors' file hosts do. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { explain } from "../../http/request/explain.ts";
import { installPipeline } from "../../http/request/pipeline.ts";
import { noteGeneration } from "../../http/request/reading.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { findOutput } from "./find-output.ts";
import { noSuchKey, type FileHost } from "./file-host.ts";
import { sendMedia } from "./send.ts";
import { uploadRoutes } from "./uploads.ts";

export const mediaPrefix = "/_media";

interface FileParams {
  readonly sandbox: string;
  readonly vendor: string;
  /** Another file host of the vendor, with the same files. */
  readonly host?: string;
  readonly fileName: string;
}

export const mediaRoutes: FastifyPluginAsync<{ readonly hosts: readonly FileHost[] }> = async (app, { hosts }) => {
  const { sandboxes } = app.httpContext;
  const hostsByName = new Map(hosts.map((host) => [host.name, host]));
  const sandboxOf = ({ url }: FastifyRequest): Sandbox | undefined => sandboxes.find(segmentOf(url, 2));

  const answerNotFound = (request: FastifyRequest, reply: FastifyReply, why: string): void => {
    explain(request, reply, "MEDIA_NOT_FOUND", why);
    const path = request.url.split("?", 1)[0] ?? request.url;
    const { contentType, body } = (hostsByName.get(segmentOf(path, 3))?.mediaNotFound ?? noSuchKey)(path);
    void reply.code(404).header("x-content-type-options", "nosniff").type(contentType).send(body);
  };

  installPipeline(app, { vendor: undefined, ownerOf: sandboxOf });
  await app.register(uploadRoutes);

  const answerFile = async (request: FastifyRequest<{ Params: FileParams }>, reply: FastifyReply) => {
    const { sandbox: name, vendor, host, fileName } = request.params;
    const sandbox = sandboxes.find(name);
    const known = hostsByName.get(vendor);
    request.entry.vendor = known?.name;
    if (host !== undefined && known?.otherFileHosts?.includes(host) !== true) {
      answerNotFound(request, reply, `${host} is not a file host of ${vendor}.`);
      return reply;
    }
    if (sandbox === undefined) {
      answerNotFound(request, reply, `There is no sandbox ${name}.`);
      return reply;
    }
    const other = known?.otherFile?.(sandbox, fileName, request.server.fixtures.of(sandbox));
    if (other !== undefined) {
      const seed = sandbox.digest(vendor, fileName);
      const { content, facts } = request.server.media.fileOfSpec({ ...other.spec, seed }, other.createdAt);
      return sendMedia(request, reply, content, facts);
    }
    const found = findOutput(sandbox, vendor, fileName, request.now);
    if (typeof found === "string") {
      answerNotFound(request, reply, found);
      return reply;
    }
    noteGeneration(request, found.generation);
    const { content, facts } = request.server.media.fileOf(sandbox, found);
    return sendMedia(request, reply, content, facts);
  };

  for (const path of [":fileName", ":host/:fileName"])
    app.route<{ Params: FileParams }>({
      method: ["GET", "HEAD"],
      url: `${mediaPrefix}/:sandbox/:vendor/${path}`,
      config: { operation: "downloadOutput", access: "public" },
      schema: { hide: true },
      handler: answerFile,
    });

  await app.register(
    async (below) => {
      below.setNotFoundHandler((request, reply) => {
        answerNotFound(request, reply, `${request.method} ${request.url} is not the file of a generation.`);
      });
    },
    { prefix: mediaPrefix },
  );
};

/** Returns a segment of a URL's path, counted from 1; empty when it is missing. */
function segmentOf(url: string, position: number): string {
  return url.split("?", 1)[0]?.split("/")[position] ?? "";
}
