/** Presents a multipart form to rules, verifications and the journal: its fields, and its files without their bytes. */

/** A file of a form, without its bytes. */
interface SentFile {
  readonly name: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly sha256: string;
}

/** The parts of a form by their field's name, in order of arrival. */
export interface SentForm {
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly files: readonly { readonly field: string; readonly file: SentFile }[];
}

/** Returns the text fields by name; a repeated name has a list. */
export function fieldsOf({ fields }: SentForm): Record<string, unknown> {
  return grouped(fields.map(({ name, value }) => [name, value]));
}

/** Returns the files by their field's name; a repeated name has a list. */
export function filesOf({ files }: SentForm): Record<string, unknown> {
  return grouped(files.map(({ field, file }) => [field, file]));
}

function grouped(parts: readonly (readonly [name: string, part: unknown])[]): Record<string, unknown> {
  const byName = new Map<string, unknown[]>();
  for (const [name, part] of parts) byName.set(name, [...(byName.get(name) ?? []), part]);
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

declare module "fastify" {
  interface FastifyRequest {
    /** The form that the request sent, once it was read to its end. */
    sentForm: SentForm | undefined;
  }
}
