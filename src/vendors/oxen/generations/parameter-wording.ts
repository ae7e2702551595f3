/** Words a model's message about a wrong parameter: the documented text, or a text in the same style [inferred]. */
import type { z } from "zod";
import { valueAt } from "../../../wording/value-at.ts";
import type { CatalogueModel } from "../catalogue.ts";
import { MODEL_MESSAGES } from "../model-messages.ts";
import type { Parameter } from "../model.ts";
import { declarationAt, type Parameters } from "./sent-parameters.ts";

type Issue = z.core.$ZodIssue;

/** Documented bounds of parameters whose pages list single values [doc: Topaz walkthrough]. */
const DOCUMENTED_BOUNDS: Readonly<
  Record<string, { readonly from: number; readonly to: number; readonly text: string }>
> = { target_fps: { from: 1, to: 60, text: MODEL_MESSAGES.invalid_target_fps } };

export function wordIssue(model: CatalogueModel, sent: Parameters, issue: Issue): string {
  const field = issue.path.filter((step) => typeof step === "string").at(-1) ?? "request";
  const value = valueAt(sent, issue.path);
  if (value === undefined) return MODEL_MESSAGES.field_required;
  const parameter = declarationAt(model, issue.path);
  if (parameter.format === "uri") return MODEL_MESSAGES.invalid_url;
  // [doc: Kling walkthrough]
  if (issue.code === "too_big" && issue.path[0] === "multi_prompt" && field === "duration")
    return MODEL_MESSAGES.shot_too_long;
  const refusal = model.refusals[field];
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  if (refusal !== undefined) return refusal.replaceAll("{value}", () => shown);
  return wordBounds(field, value, issue, parameter) ?? `Invalid ${field}`;
}

function wordBounds(field: string, value: unknown, issue: Issue, parameter: Parameter): string | undefined {
  const known = Object.hasOwn(DOCUMENTED_BOUNDS, field) ? DOCUMENTED_BOUNDS[field] : undefined;
  if (known !== undefined && typeof value === "number" && (value < known.from || value > known.to)) return known.text;
  if (issue.code !== "too_big" && issue.code !== "too_small") return undefined;
  if (issue.origin === "array") return issue.code === "too_big" ? MODEL_MESSAGES.too_many_input_files : undefined;
  if (issue.origin === "string") return `${field} must be at most ${String(parameter.maxLength)} characters`;
  const { minimum, maximum } = parameter;
  if (typeof minimum === "number" && typeof maximum === "number")
    return `${field} must be between ${minimum} and ${maximum}`;
  return issue.code === "too_big"
    ? `${field} must be at most ${issue.maximum}`
    : `${field} must be at least ${issue.minimum}`;
}
