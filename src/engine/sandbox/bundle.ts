/** Defines what a bundle has of a sandbox besides its rows. */
import { bundledTableNames, BundleUnfit } from "../../store/bundles.ts";
import { SCHEMA_VERSION } from "../../store/migrations.ts";
import type { SavedSandbox } from "../../store/rules.ts";
import type { ClockState } from "../base/clock.ts";
import type { RateWindowsState } from "../base/rate-windows.ts";
import type { SandboxSettings } from "./settings.ts";

export { bundledTableNames, BundleUnfit, type SavedSandbox };

/** The version of the stored data: a bundle of another version does not fit. */
export const storedVersion = SCHEMA_VERSION;

export interface BundleHead {
  readonly settings: SandboxSettings;
  readonly clock: ClockState;
  readonly rates: RateWindowsState;
  /** The highest number that a rule had. */
  readonly lastRule: number;
}
