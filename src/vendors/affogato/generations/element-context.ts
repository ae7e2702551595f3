/** Defines the context in which an element is planned, and the checks that elements share. */
import type { Failure } from "../../../engine/model/generation.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { requireActive } from "../assets/find.ts";
import type { Asset, AssetType } from "../assets/store.ts";
import type { Catalogue } from "../catalogue.ts";
import { invalidField } from "../errors.ts";

export interface ElementContext {
  readonly submitter: Submitter;
  readonly catalogue: Catalogue;
  /** The account's assets that the body names. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly maxBatchSize: number;
  /** Position of the element in the body, such as `0`; error messages show it. */
  readonly path: string;
}

/** Returns a text that the element requires [inferred: the lists of required fields could not be read]. Throws 400. */
export function requireText(context: ElementContext, path: string, value: string | null | undefined): string {
  if (value == null || value === "") throw invalidField(`${context.path}.${path}`, "is required");
  return value;
}

/** Returns the active asset with this id, if it has the required type. Otherwise throws `Invalid asset` [inferred]. */
export function requireAsset(
  context: ElementContext,
  path: string,
  id: string | null | undefined,
  type: AssetType,
): Asset {
  return requireActive(context.assets, requireText(context, path, id), type);
}

/** Returns the failure of an output that will fail at run time, and adds a diagnostic to the response now. */
export function flawOf({ submitter }: ElementContext, message: string): Failure {
  submitter.explain?.("JOB_WILL_FAIL", message);
  return { code: null, message };
}
