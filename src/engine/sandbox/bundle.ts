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

const value = z.union([z.string(), z.number(), z.null(), z.strictObject({ base64: z.base64() })]);

/** Everything stored of a sandbox, in the store's own format. */
export const bundledTables = z.record(
  z.enum(bundledTableNames),
  z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(value)) }),
);

export interface SandboxBundle {
  readonly settings: SandboxSettings;
  readonly clock: ClockState;
  readonly tables: BundledTables;
  readonly rates: RateWindowsState;
  /** The highest number that a rule had. */
  readonly lastRule: number;
}
