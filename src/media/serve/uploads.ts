/**
 * Serves `/_media/{sandbox}/uploads/{token}`, where clients PUT files to slots and where those files are read. It
 * answers as a presigned storage URL does [client: status 200 and no body; what the vendors' storages say otherwise is
 * not documented, so refusals are problems that explain themselves].
 */
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { Problem, sendProblem } from "../../http/errors/problem.ts";
import { problem } from "../../http/errors/problems.ts";
import { findUploadSlot, mediaTypeOf, slotSignature, type UploadSlot } from "../../http/uploads/slots.ts";
import {
  findUpload,
  readUpload,
  receiveUpload,
  UploadInterrupted,
  UploadTooLarge,
  type Upload,
} from "../../http/uploads/receive.ts";
import { drain } from "../../http/request/answer-error.ts";
import { sendMedia } from "./send.ts";

interface UploadRoute {
  readonly Params: { readonly sandbox: string; readonly file: string };
  readonly Querystring: { readonly signature?: string };
}

/** Serves uploads. Register it in a scope whose pipeline finds the sandbox of the request's path. */
export const uploadRoutes: FastifyPluginAsync = async (app) => {
  app.removeAllContentTypeParsers();
  // The parser leaves the body on the socket, where the handler reads it.
  app.addContentTypeParser("*", (_request, _payload, done) => {
    done(null);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    drain(request, reply);
    if (!(error instanceof Problem)) request.log.error(error);
    sendProblem(reply, error instanceof Problem ? error : problem("internal", error.message));
  });

  app.put<UploadRoute>(
    "/_media/:sandbox/uploads/:file",
    { config: { operation: "uploadBytes", access: "public" }, onRequest: noteOwner },
    async (request, reply) => {
      const slot = openSlotOf(request);
      const upload = await receive(request, slot);
      if (upload === undefined) return reply.hijack();
      return reply.header("etag", `"${upload.sha256}"`).send();
    },
  );

  app.route<UploadRoute>({
    method: ["GET", "HEAD"],
    url: "/_media/:sandbox/uploads/:file",
    config: { operation: "downloadUpload", access: "public" },
    onRequest: noteOwner,
    handler: async (request, reply) => {
      const sandbox = sandboxOf(request);
      const upload = findUpload(sandbox, tokenOf(request));
      if (upload === undefined) throw notFound();
      // An uploaded file must not run as a page of the origin that also serves the control API.
      reply.header("content-security-policy", "sandbox");
      return sendMedia(
        request,
        reply,
        { sizeBytes: upload.size, open: (start, end) => readUpload(sandbox, upload, { start, end }) },
        { contentType: upload.contentType, etag: `"${upload.sha256}"`, lastModified: upload.completedAt },
      );
    },
  });
};

/** Records the owner of the slot or file, by which rules and verification recognise a request without a key. */
function noteOwner(request: FastifyRequest<UploadRoute>, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { sandbox, params, entry } = request;
  const token = tokenOf(request);
  const isThere = sandbox.name === params.sandbox;
  const owner = isThere ? (findUploadSlot(sandbox, token) ?? findUpload(sandbox, token)) : undefined;
  if (owner !== undefined) {
    entry.vendor = owner.vendor;
    entry.account = sandbox.accounts.byId(owner.accountId)?.name;
  }
  done();
}

/** Receives the file; returns undefined when the client has disconnected. */
async function receive(request: FastifyRequest, slot: UploadSlot): Promise<Upload | undefined> {
  const { sandbox } = request;
  try {
    const received = await receiveUpload(sandbox, request.raw, {
      accountId: slot.accountId,
      vendor: slot.vendor,
      contentType: request.headers["content-type"] ?? "application/octet-stream",
      expectedBytes: Number(request.headers["content-length"] ?? 0),
      maxBytes: slot.maxBytes ?? undefined,
    });
    request.bodyBytes = received.size;
    return sandbox.write(() => received.keep(slot.token));
  } catch (error) {
    if (error instanceof UploadInterrupted && request.socket.destroyed) return undefined;
    if (error instanceof UploadInterrupted) throw notFound();
    if (error instanceof UploadTooLarge) throw problem("upload-too-large", error.message);
    throw error;
  }
}

/** Finds the slot of the URL. Throws a problem for a request that differs from the one that the URL was made for. */
function openSlotOf(request: FastifyRequest<UploadRoute>): UploadSlot {
  const sandbox = sandboxOf(request);
  const token = tokenOf(request);
  const slot = findUploadSlot(sandbox, token);
  if (slot === undefined) throw notFound();
  if (request.query.signature !== slotSignature(sandbox, token))
    throw problem("upload-signature", "PUT to the upload URL exactly as it was returned, including its query.");
  if (request.now >= slot.expiresAt)
    throw problem("upload-expired", `The URL expired at ${new Date(slot.expiresAt).toISOString()}.`);
  const contentType = request.headers["content-type"];
  if (slot.contentType !== null && mediaTypeOf(contentType ?? "") !== mediaTypeOf(slot.contentType)) {
    throw problem(
      "upload-content-type",
      `The URL was made for content-type ${slot.contentType}, and ${contentType ?? "none"} was sent.`,
    );
  }
  return slot;
}

/** Returns the sandbox of the path; a request for an unknown one was received in another sandbox. */
function sandboxOf(request: FastifyRequest<UploadRoute>): Sandbox {
  if (request.sandbox.name !== request.params.sandbox) throw notFound();
  return request.sandbox;
}

/** Returns the token of a file name; its extension has no effect. */
function tokenOf(request: FastifyRequest<UploadRoute>): string {
  return request.params.file.split(".", 1)[0] ?? "";
}

function notFound(): Problem {
  return problem("no-such-upload", "Nothing was uploaded under this URL.");
}
