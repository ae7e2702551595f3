/** Checks the setting that chooses a documented version of each vendor's API. */
import { ConfigError, nameAsWritten, type Config } from "../config.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { adviceOn } from "../wording/field-errors.ts";
import { nearestNames } from "../wording/nearest.ts";

/** Throws `ConfigError` for a vendor or a version that does not exist, because it would silently change nothing. */
export function checkVintages(config: Config, vendors: readonly Vendor[]): void {
  const at = nameAsWritten(config, "vintages");
  for (const [name, vintage] of Object.entries(config.vintages)) {
    const vendor = vendors.find((each) => each.name === name);
    const names = vendors.map((each) => each.name);
    if (vendor === undefined)
      throw new ConfigError(`${at}: no vendor "${name}". ${adviceOn(nearestNames(name, names), names)}`);
    const { vintages } = vendor;
    if (!vintages.includes(vintage))
      throw new ConfigError(
        `${at}: ${name} has no version "${vintage}". ${adviceOn(nearestNames(vintage, vintages), vintages)}`,
      );
  }
}
