/** Names that a person may mistype: refused with the nearest ones there are. */
import { nearestNames } from "../wording/nearest.ts";
import type { Problem } from "../http/errors/problem.ts";
import { problem } from "../http/errors/problems.ts";
import { adviceOn } from "../wording/field-errors.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** `No vendor "vivx". Did you mean vivix?`, as a problem that names the field. */
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

/** The vendor of this name. Throws `unknown-name`. */
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
