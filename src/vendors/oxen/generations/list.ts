/** From the filters of a list to what the store is asked. */
import type { GenerationFilter, Generations } from "../../../engine/generation/generations.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { findNamespace } from "../namespaces.ts";
import { generationStatus, type Filters } from "./schemas.ts";

/** The columns whose values can be listed [doc]. */
export const filterColumns = ["repo", "folder", "model", "media_type", "status", "user_id"] as const;

type FilterColumn = (typeof filterColumns)[number];

export const isFilterColumn = (name: string): name is FilterColumn => filterColumns.some((column) => column === name);

/** The values that a column has among the generations. */
export function valuesOf(generations: Generations, filter: GenerationFilter, column: FilterColumn): string[] {
  if (column === "status")
    return generationStatus.options.filter((status) => generations.count({ ...filter, phases: [status] }) > 0);
  return generations.factValues(filter, column).filter((value) => value !== null);
}

/** Undefined where the caller may not see the namespace: nothing is to be listed. */
export function filterOf(
  submitter: Submitter,
  { namespace, status, ...facts }: Filters & { readonly user_id?: string | undefined },
  byDefault?: readonly Phase[],
): GenerationFilter | undefined {
  const owner = findNamespace(submitter, namespace);
  if (owner === undefined) return undefined;
  const phases = status === undefined ? byDefault : [status];
  const named = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value]] as const],
  );
  return {
    accountId: owner.id,
    vendor: "oxen",
    ...(phases !== undefined && { phases }),
    ...(named.length > 0 && { facts: Object.fromEntries(named) }),
  };
}
