/**
 * Reads `multipart/form-data` bodies. Each file is stored as it arrives, before the next part is read; the files of a
 * broken or refused form are discarded.
 */
import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { BodyNotRead } from "../parsing/body-encoding.ts";
import { receiveUpload, UploadInterrupted, UploadTooLarge, type ReceivedUpload } from "./receive.ts";

export interface FormLimits {
  readonly fieldBytes: number;
  /** The largest file, in bytes; the sandbox's own limit also applies. */
  readonly fileBytes?: number | undefined;
  readonly fields: number;
  readonly files: number;
  readonly parts: number;
}

export interface FormFile {
  /** The name of the form's field. */
  readonly name: string;
  /** The file name that the client sent, never used as a path; empty if the client sent none. */
  readonly fileName: string;
  readonly upload: ReceivedUpload;
}

export interface Form {
  /** Text fields in order of arrival; a name may be repeated. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly files: readonly FormFile[];
}

/** The error for a form that cannot be read; a vendor answers it like any malformed body. */
export class FormUnreadable extends Error {
  readonly statusCode = 400;
}

/** Leaves the bodies of forms unread in this scope, for {@link readForm}. */
export function acceptForms(scope: FastifyInstance): void {
  scope.addContentTypeParser("multipart/form-data", (request, payload, done) => {
    request.formSource = payload;
    done(null);
  });
}

export function isForm(request: FastifyRequest): boolean {
  return /^multipart\/form-data\b/i.test(request.headers["content-type"] ?? "");
}

/**
 * Reads a form to its end. The caller must keep or discard the files. Throws {@link FormUnreadable},
 * `UploadTooLarge` and `UploadInterrupted`.
 */
export async function readForm(request: FastifyRequest, limits: FormLimits): Promise<Form> {
  const { sandbox, formSource: raw = request.raw } = request;
  const fields: { name: string; value: string }[] = [];
  const streams: Readable[] = [];
  const receiving: Promise<FormFile>[] = [];
  const parser = openParser(request, limits);
  const { ending } = sandbox;
  let stopListening = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const interrupt = (): void => {
        reject(new UploadInterrupted("The form ended before it was complete."));
      };
      const onClose = (): void => {
        if (!raw.readableEnded) interrupt();
      };
      const count = ({ length }: Buffer): void => {
        if (raw === request.raw) request.bodyBytes += length;
        request.unpackedBytes += length;
      };
      parser.on("field", (name, value, _isNameCut, isValueCut) => {
        if (isValueCut)
          reject(new UploadTooLarge(`A field may have at most ${limits.fieldBytes} bytes; ${name} has more.`));
        else fields.push({ name, value });
      });
      parser.on("file", (name, stream, fileName, ...[, contentType]) => {
        streams.push(stream);
        const file = receiveFile(request, stream, { name, fileName, contentType, maxBytes: limits.fileBytes });
        file.catch(reject);
        receiving.push(file);
      });
      for (const exceeded of ["partsLimit", "filesLimit", "fieldsLimit"] as const) {
        parser.on(exceeded, () => {
          reject(new UploadTooLarge(`The form has too many parts (${exceeded}).`));
        });
      }
      parser.on("error", (error) => {
        reject(new FormUnreadable(messageOf(error)));
      });
      raw.on("error", reject);
      parser.on("finish", resolve);
      raw.on("close", onClose);
      raw.on("data", count);
      ending.addEventListener("abort", interrupt);
      stopListening = () => {
        raw.off("close", onClose);
        raw.off("data", count);
        raw.off("error", reject);
        ending.removeEventListener("abort", interrupt);
      };
      raw.pipe(parser);
    });
    const form = { fields, files: await Promise.all(receiving) };
    request.sentForm = { fields, files: form.files.map(describeFile) };
    return form;
  } catch (error) {
    raw.unpipe(parser);
    for (const stream of streams) stream.destroy();
    parser.destroy();
    if (error instanceof UploadInterrupted) request.raw.destroy();
    for (const file of await Promise.allSettled(receiving))
      if (file.status === "fulfilled") file.value.upload.discard();
    throw error;
  } finally {
    stopListening();
  }
}

function describeFile({ name: field, fileName, upload: { size, contentType, sha256 } }: FormFile) {
  return { field, file: { name: fileName, bytes: size, contentType, sha256 } };
}

function openParser(request: FastifyRequest, { fieldBytes, fields, files, parts }: FormLimits) {
  const contentType = request.headers["content-type"] ?? "";
  if (!/;\s*boundary=/i.test(contentType))
    throw new BodyNotRead(
      `content-type is "${contentType}", without the boundary of the form; let the HTTP client set this header.`,
    );
  try {
    return new Busboy({
      headers: { ...request.headers, "content-type": contentType },
      limits: { fieldSize: fieldBytes, fields, files, parts },
    });
  } catch (error) {
    throw new FormUnreadable(messageOf(error));
  }
}

async function receiveFile(
  { sandbox, account, vendorHttp }: FastifyRequest,
  stream: Readable,
  part: {
    readonly name: string;
    readonly fileName: string | undefined;
    readonly contentType: string;
    readonly maxBytes: number | undefined;
  },
): Promise<FormFile> {
  // The parser emits an error on the part's stream if the form ends early, even if the stream is no longer read.
  stream.on("error", () => undefined);
  const upload = await receiveUpload(sandbox, stream, {
    accountId: account.id,
    vendor: vendorHttp?.name ?? "",
    contentType: part.contentType,
    maxBytes: part.maxBytes,
  });
  return { name: part.name, fileName: part.fileName ?? "", upload };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

declare module "fastify" {
  interface FastifyRequest {
    /** The bytes of a form, unpacked. */
    formSource: Readable | undefined;
  }
}
