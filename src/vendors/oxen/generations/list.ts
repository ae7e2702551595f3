/** Turns the filters of a list into a query of the store. */
import type { GenerationFilter, Generations } from "../../../engine/generation/generations.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { findNamespace } from "../namespaces.ts";
import { generationStatus, type Filters } from "./schemas.ts";

/** The columns whose values a client can list [doc]. */
export const filterColumns = ["repo", "folder", "model", "media_type", "status", "user_id"] as const;

type FilterColumn = (typeof filterColumns)[number];

export const isFilterColumn = (name: string): name is FilterColumn => filterColumns.some((column) => column === name);

/** Returns the values of a column among the generations. */
export function valuesOf(generations: Generations, filter: GenerationFilter, column: FilterColumn): string[] {
  if (column === "status")
    return generationStatus.options.filter((status) => generations.count({ ...filter, phases: [status] }) > 0);
  return generations.factValues(filter, column).filter((value) => value !== null);
}

/** Returns the store's filter; undefined if the caller may not see the namespace, whose list is then empty. */
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
