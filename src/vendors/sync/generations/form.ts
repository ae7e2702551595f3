/**
 * Reads POST /v2/generate as a form [sdk] [doc: create-with-files]. The parts are the body's fields, nested ones as
 * JSON, and up to three files. The files become assets of the organisation and replace the inputs of their kind.
 */
import type { FastifyRequest } from "fastify";
import { nextUploadToken } from "../../../http/uploads/slots.ts";
import { readForm, type Form, type FormFile } from "../../../http/uploads/forms.ts";
import { inspectMedia, type InspectedMedia } from "../../../media/serve/inspect.ts";
import { refuseAbovePlan, uploadFacts } from "../assets/uploads.ts";
import { factsOf, insertAsset, type Asset } from "../assets/store.ts";
import { adviceOn } from "../../../wording/field-errors.ts";
import { nearestNames } from "../../../wording/nearest.ts";
import { plainError } from "../errors.ts";

/** Limits of a form [doc: create-with-files]. A sandbox's own limit on files is lower by default. */
const LIMITS = { fieldBytes: 1024 ** 2, fileBytes: 5 * 1024 ** 3, fields: 32, files: 3, parts: 35 } as const;

const FILE_KINDS = ["video", "image", "audio"] as const;
const JSON_FIELDS: readonly string[] = ["options", "segments", "dubParams", "dialogueEdit"];

type FileKind = (typeof FILE_KINDS)[number];
type InputItem = Readonly<Record<string, unknown>>;

/** A file of the form that is not an asset yet. */
export interface AttachedFile {
  readonly file: FormFile;
  readonly kind: FileKind;
  readonly media: InspectedMedia;
  /** Index of the file's item in the input. */
  readonly index: number;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Files of a form that are not assets yet. */
    attachedFiles: readonly AttachedFile[] | undefined;
  }
}

/** Sets the request's body from the form and attaches the files to the request. Throws sync's 400 and 413. */
export async function readGenerateForm(request: FastifyRequest): Promise<void> {
  const form = await readForm(request, LIMITS);
  // An upload can take minutes; the generation is created when the form is complete.
  request.now = request.sandbox.settle();
  try {
    const files = filesOf(form);
    const fields = filledFieldsOf(form);
    const { input, indexes } = placeFiles(inputOf(fields), [...files.keys()]);
    const attached: AttachedFile[] = [];
    for (const [kind, file] of files) {
      attached.push({ file, kind, media: await inspectMedia(file.upload), index: indexes.get(kind) ?? 0 });
    }
    request.attachedFiles = attached;
    request.body = { ...bodyOf(fields), input };
  } catch (error) {
    for (const { upload } of form.files) upload.discard();
    throw error;
  }
}

/**
 * Stores the files as assets and returns the assets by the index of their input item. Call it inside a transaction.
 * Throws 422 [doc] for a file over the plan's limit.
 */
export function keepFiles(request: FastifyRequest, files: readonly AttachedFile[]): ReadonlyMap<number, Asset> {
  const { account, now } = request;
  return new Map(
    files.map(({ file, kind, media, index }) => {
      refuseAbovePlan(account, now, file.upload.size);
      const kept = file.upload.keep(nextUploadToken(account, "sync"));
      const asset = insertAsset(request, {
        ...uploadFacts(kept, file.fileName === "" ? undefined : file.fileName, factsOf(media)),
        type: ASSET_TYPES[kind],
        // The organisation shares it [doc: "each file becomes an org asset"].
        visibility: "ORGANIZATION",
        projectId: null,
      });
      return [index, asset];
    }),
  );
}

/** Removes the files of a request that have not become assets. */
export function discardFiles(request: FastifyRequest): void {
  for (const { file } of request.attachedFiles ?? []) file.upload.discard();
  request.attachedFiles = undefined;
}

const ASSET_TYPES = { video: "VIDEO", image: "IMAGE", audio: "AUDIO" } as const;

/**
 * Returns the files by kind. Throws 400 [inferred: the framework's "Unexpected field"] for an unknown or a repeated
 * name.
 */
function filesOf({ files }: Form): Map<FileKind, FormFile> {
  const byKind = new Map<FileKind, FormFile>();
  for (const file of files) {
    // A browser sends this for an empty file field.
    if (file.fileName === "" && file.upload.size === 0) {
      file.upload.discard();
      continue;
    }
    const kind = FILE_KINDS.find((each) => each === file.name);
    if (kind === undefined || byKind.has(kind)) {
      const advice = adviceOn(nearestNames(file.name, FILE_KINDS), FILE_KINDS);
      throw plainError(400, `Unexpected field - ${file.name}`).explained(
        "PARAMETER_UNKNOWN",
        kind === undefined
          ? `body.${file.name} is a file that this route does not read. ${advice}`
          : `body.${file.name} was sent twice; a form has one file of each kind.`,
      );
    }
    byKind.set(kind, file);
  }
  return byKind;
}

/**
 * Reads the input items: one part per item, as the SDKs send it [sdk], or one part with all items, as ComfyUI does
 * [client].
 */
function inputOf(fields: Form["fields"]): InputItem[] {
  return fields
    .filter(({ name }) => name === "input" || name === "input[]")
    .flatMap(({ name, value }) => parseJson(name, value))
    .map((item) => {
      if (isObject(item)) return item;
      throw plainError(400, ["each value in input must be an object"]);
    });
}

/** Returns the fields with a value: the Python SDK sends an empty part for a field that is not set [sdk]. */
function filledFieldsOf({ fields }: Form): Form["fields"] {
  return fields.filter(({ value }) => value !== "");
}

/**
 * Assigns each file to the first input item of its kind, preferably one without url and assetId, or else to a new item.
 */
function placeFiles(
  given: readonly InputItem[],
  kinds: readonly FileKind[],
): { input: InputItem[]; indexes: Map<FileKind, number> } {
  const input = [...given];
  const indexes = new Map<FileKind, number>();
  for (const kind of kinds) {
    const isOfKind = ({ type }: InputItem): boolean => type === kind;
    const bare = input.findIndex((item) => isOfKind(item) && item.url === undefined && item.assetId === undefined);
    const found = bare === -1 ? input.findIndex(isOfKind) : bare;
    const index = found === -1 ? input.length : found;
    const { url: _url, assetId: _assetId, ...item } = input[index] ?? { type: kind };
    input[index] = item;
    indexes.set(kind, index);
  }
  return { input, indexes };
}

function bodyOf(fields: Form["fields"]): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .filter(({ name }) => name !== "input" && name !== "input[]")
      .map(({ name, value }) => [name, JSON_FIELDS.includes(name) ? parseJson(name, value) : value]),
  );
}

function parseJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw plainError(400, [`${name} must be a JSON string`]);
  }
}

function isObject(value: unknown): value is InputItem {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
