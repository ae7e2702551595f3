/**
 * `/_media/{sandbox}/uploads/{token}`: where clients PUT files to slots and where those files are read. It answers as
 * a presigned storage URL does [client: status 200 and no body; what the vendors' storages say otherwise is not
 * documented, so refusals are problems that explain themselves].
 */
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { Problem, sendProblem } from "../../http/errors/problem.ts";
import { problem } from "../../http/errors/problems.ts";
import { mediaTypeOf, slotSignature } from "../../http/uploads/slots.ts";
import {
  findUpload,
  readUpload,
  receiveUpload,
  UploadInterrupted,
  UploadTooLarge,
} from "../../http/uploads/receive.ts";
import { drain } from "../../http/request/pipeline.ts";
import type { CompleteUploadRow, UploadSlotRow } from "../../store/uploads.ts";
import { sendMedia } from "./send.ts";

interface UploadRoute {
  readonly Params: { readonly sandbox: string; readonly file: string };
  readonly Querystring: { readonly signature?: string };
}

/** Register it in a scope whose requests arrive with the sandbox of their path (`arrive` of http/request/open-entry.ts). */
export const uploadRoutes: FastifyPluginAsync = async (app) => {
  app.removeAllContentTypeParsers();
  // The body stays on the socket, where the handler reads it.
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
    handler: (request, reply) => {
      const sandbox = sandboxOf(request);
      const upload = findUpload(sandbox, tokenOf(request));
      if (upload === undefined) throw notFound();
      // What strangers upload must not run as a page of the origin that the control API has.
      reply.header("content-security-policy", "sandbox");
      sendMedia(
        request,
        reply,
        { sizeBytes: upload.size, open: (start, end) => readUpload(sandbox, upload, { start, end }) },
        { contentType: upload.content_type, etag: `"${upload.sha256}"`, lastModified: upload.completed_at },
      );
    },
  });
};

/** Whose slot or file it is: by these, rules and verification know the request, which has no key. */
function noteOwner(request: FastifyRequest<UploadRoute>, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { sandbox, params, entry } = request;
  const token = tokenOf(request);
  const isThere = sandbox.name === params.sandbox;
  const owner = isThere
    ? (sandbox.store.uploads.findSlot(sandbox.rowId, token) ?? findUpload(sandbox, token))
    : undefined;
  if (owner !== undefined) {
    entry.vendor = owner.vendor;
    entry.account = sandbox.accountById(owner.account_id)?.name;
  }
  done();
}

/** Answers undefined when there is nobody to answer any more. */
async function receive(request: FastifyRequest, slot: UploadSlotRow): Promise<CompleteUploadRow | undefined> {
  const { sandbox, entry } = request;
  try {
    const received = await receiveUpload(sandbox, request.raw, {
      accountId: slot.account_id,
      vendor: slot.vendor,
      contentType: request.headers["content-type"] ?? "application/octet-stream",
      expectedBytes: Number(request.headers["content-length"] ?? 0),
      maxBytes: slot.max_bytes ?? undefined,
    });
    entry.requestBytes = received.size;
    return sandbox.write(() => received.keep(slot.token));
  } catch (error) {
    if (error instanceof UploadInterrupted && request.socket.destroyed) return undefined;
    if (error instanceof UploadInterrupted) throw notFound();
    if (error instanceof UploadTooLarge) throw problem("upload-too-large", error.message);
    throw error;
  }
}

/** The slot that the URL names, after everything that a presigned URL is bound to was checked. */
function openSlotOf(request: FastifyRequest<UploadRoute>): UploadSlotRow {
  const sandbox = sandboxOf(request);
  const token = tokenOf(request);
  const slot = sandbox.store.uploads.findSlot(sandbox.rowId, token);
  if (slot === undefined) throw notFound();
  if (request.query.signature !== slotSignature(sandbox, token))
    throw problem("upload-signature", "PUT to the upload URL exactly as it was answered, its query included.");
  if (request.now >= slot.expires_at)
    throw problem("upload-expired", `The URL expired at ${new Date(slot.expires_at).toISOString()}.`);
  const contentType = request.headers["content-type"];
  if (slot.content_type !== null && mediaTypeOf(contentType ?? "") !== mediaTypeOf(slot.content_type)) {
    throw problem(
      "upload-content-type",
      `The URL was made for content-type ${slot.content_type}, and ${contentType ?? "none"} was sent.`,
    );
  }
  return slot;
}

/** The sandbox of the path; a request for one that does not exist has arrived in another. */
function sandboxOf(request: FastifyRequest<UploadRoute>): Sandbox {
  if (request.sandbox.name !== request.params.sandbox) throw notFound();
  return request.sandbox;
}

/** The extension is for readers; the token alone names the file. */
function tokenOf(request: FastifyRequest<UploadRoute>): string {
  return request.params.file.split(".", 1)[0] ?? "";
}

function notFound(): Problem {
  return problem("no-such-upload", "Nothing was uploaded under this URL.");
}
