/** Defines what a bundle saves of a sandbox, and checks a bundle that comes from elsewhere. */
import { z } from "zod";
import { bundledTableNames, BundleUnfit, type BundledTables } from "../../store/bundles.ts";
import { SCHEMA_VERSION } from "../../store/migrations.ts";
import type { ClockState } from "../base/clock.ts";
import type { RateWindowsState } from "../base/rate-windows.ts";
import type { SandboxSettings } from "./settings.ts";

export { BundleUnfit };

/** The version of the stored data: a bundle of another version does not fit. */
export const storedVersion = SCHEMA_VERSION;

/** Everything stored of a sandbox, in the store's own format. The store checks the values of the rows, with pauses. */
export const bundledTables = z.record(
  z.enum(bundledTableNames),
  z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) }),
);

export interface SandboxBundle {
  readonly settings: SandboxSettings;
  readonly clock: ClockState;
  readonly tables: BundledTables;
  readonly rates: RateWindowsState;
  /** The highest number that a rule had. */
  readonly lastRule: number;
}
