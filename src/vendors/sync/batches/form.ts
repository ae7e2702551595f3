/**
 * Reads a batch from a form: a JSONL file with one record per line, and two text fields [sdk] [doc: batch-api/create].
 */
import { text } from "node:stream/consumers";
import type { FastifyRequest } from "fastify";
import { readForm, type Form } from "../../../http/uploads/forms.ts";
import { badRequest } from "../errors.ts";

/** Maximum bytes of the file, and of a JSON body [doc]. */
export const BATCH_BYTES = 5 * 1024 * 1024;

const LIMITS = { fieldBytes: BATCH_BYTES, fileBytes: BATCH_BYTES, fields: 10, files: 1, parts: 11 } as const;

/** Converts a form to the JSON body of a batch. Throws 400 for a file that is not JSONL. */
export async function readBatchForm(request: FastifyRequest): Promise<void> {
  const form = await readForm(request, LIMITS);
  // Reading a form takes time; the batch is created when the form is complete.
  request.now = request.sandbox.settle();
  try {
    request.body = await bodyOf(form);
  } finally {
    for (const { upload } of form.files) upload.discard();
  }
}

async function bodyOf(form: Form): Promise<Record<string, unknown>> {
  // An empty part is a field that is not set, as the Python SDK sends it [sdk].
  const fieldOf = (name: string): string | undefined =>
    form.fields.find((field) => field.name === name && field.value !== "")?.value;
  const file = form.files.find(({ name }) => name === "input" || name === "file");
  // A client that sends no file name sends the lines as a text field.
  const lines = file === undefined ? (fieldOf("input") ?? fieldOf("file")) : await text(file.upload.open());
  if (lines === undefined) throw badRequest("input should not be empty");
  const [webhookUrl, dryRun] = [fieldOf("webhook_url"), fieldOf("dry_run")];
  return {
    rows: recordsOf(lines),
    ...(webhookUrl !== undefined && { webhook_url: webhookUrl }),
    ...(dryRun !== undefined && { dry_run: dryRun === "true" || (dryRun === "false" ? false : dryRun) }),
  };
}

function recordsOf(lines: string): unknown[] {
  return lines
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }): unknown => {
      try {
        return JSON.parse(line);
      } catch {
        throw badRequest(`Line ${number} is not valid JSON`);
      }
    });
}
