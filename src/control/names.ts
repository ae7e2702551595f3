/** Refuses mistyped names, and suggests the nearest known names. */
import { nearestNames } from "../wording/nearest.ts";
import type { Problem } from "../http/errors/problem.ts";
import { problem } from "../http/errors/problems.ts";
import { adviceOn } from "../wording/field-errors.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** Returns the problem for an unknown name, such as `body.vendor: no vendor "vivx". Did you mean vivix?`. */
export function unknownName(kind: string, name: string, names: readonly string[], field: string): Problem {
  const near = nearestNames(name, names);
  return problem(
    "unknown-name",
    `${field}: no ${kind} "${name}". ${adviceOn(
      near,
      names.filter((each) => !each.includes(" ")),
    )}`,
    { field, nearest: near },
  );
}

/** Returns the vendor with a name. Throws `unknown-name`. */
export function vendorNamed(vendors: readonly Vendor[], name: string, field: string): Vendor {
  const found = vendors.find((vendor) => vendor.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    "vendor",
    name,
    vendors.map((vendor) => vendor.name),
    field,
  );
}

/** Stands for the newest item of a list in the path of that item, so that a person need not copy an id. */
export const LATEST = "latest";
