/** Computes the settings in effect in a sandbox: those of its document, and the server's defaults for the rest. */
import type { z } from "zod";
import { SandboxClock, type ClockState, type WallClock } from "../base/clock.ts";
import type { Account } from "../generation/accounts.ts";
import type { Progression } from "../model/timeline.ts";
import type { Timing } from "../model/timing.ts";
import type { SandboxSettings } from "./settings.ts";

/** Server-wide defaults for settings that a sandbox's document leaves out. */
export interface SandboxDefaults {
  readonly seed: string;
  readonly timing: Timing;
  readonly progression: Progression;
  readonly scenario: string;
  readonly mediaUrl?: string | undefined;
  readonly vintages: Readonly<Record<string, string>>;
  readonly catalogue?: "open" | "strict" | undefined;
  readonly uploadLimits: UploadLimits;
  readonly unknownAccounts?: "make" | "refuse" | undefined;
  /** The limit of generations per sandbox; unlimited when absent. */
  readonly maxGenerations?: number | undefined;
  /** Whether videos have a sound track; they have one when absent. */
  readonly hasSound?: boolean | undefined;
}

/** Bytes that clients may upload into one sandbox. */
export interface UploadLimits {
  readonly perFile: number;
  readonly total: number;
}

/** The settings of one document; a sandbox whose document is replaced gets new ones. */
export class EffectiveSettings {
  /** The sandbox's document, without the defaults. */
  readonly document: SandboxSettings;
  readonly seed: string;
  readonly timing: Timing;
  readonly progression: Progression;
  /** The origin of media URLs, if the sandbox or the server sets one. */
  readonly mediaUrl: string | undefined;
  readonly uploadLimits: UploadLimits;
  /** Whether videos have a sound track. */
  readonly hasSound: boolean;
  readonly unknownAccounts: "make" | "refuse";
  /** Whether ids of generations are longer than the vendor's, and of another form. */
  readonly hasLongIds: boolean;
  /** The sandbox's own default scenario and the server's, as text. */
  readonly scenarioDefaults: { readonly sandbox: string | undefined; readonly configured: string };
  readonly #defaults: SandboxDefaults;
  readonly #parsed = new Map<string, unknown>();

  constructor(document: SandboxSettings, defaults: SandboxDefaults) {
    this.document = document;
    this.#defaults = defaults;
    this.seed = document.seed ?? defaults.seed;
    this.timing = document.timing ?? defaults.timing;
    this.progression = document.progression ?? defaults.progression;
    this.mediaUrl = document.mediaUrl ?? defaults.mediaUrl;
    this.uploadLimits = {
      perFile: document.uploadLimits?.perFile ?? defaults.uploadLimits.perFile,
      total: document.uploadLimits?.total ?? defaults.uploadLimits.total,
    };
    this.hasSound = document.sound ?? defaults.hasSound ?? true;
    this.unknownAccounts = document.unknownAccounts ?? defaults.unknownAccounts ?? "make";
    this.hasLongIds = document.ids === "long";
    this.scenarioDefaults = { sandbox: document.scenario, configured: defaults.scenario };
  }

  vintage(vendor: string, fallback: string): string {
    return this.document.vintages?.[vendor] ?? this.#defaults.vintages[vendor] ?? fallback;
  }

  /** Whether only catalogued models of this vendor are accepted. */
  isCatalogueStrict(vendor: string): boolean {
    const { catalogue } = this.document;
    const chosen = typeof catalogue === "object" ? catalogue[vendor] : catalogue;
    return (chosen ?? this.#defaults.catalogue) === "strict";
  }

  /** Whether limits of this account are enforced, or only counted. */
  enforcesLimits(account: Account): boolean {
    const mode = this.document.limits ?? "default";
    return mode === "default" ? account.name === "limited" : mode === "enforced";
  }

  /** Returns the settings of one vendor, parsed once by that vendor's only settings schema. */
  ofVendor<Settings>(vendor: string, schema: z.ZodType<Settings>): Settings {
    if (this.#parsed.has(vendor)) return this.#parsed.get(vendor) as Settings;
    const settings = schema.parse(this.document.vendors?.[vendor] ?? {});
    this.#parsed.set(vendor, settings);
    return settings;
  }
}

/** Returns the starting clock of a sandbox with this document. */
export function startingClock({ now, clock }: SandboxSettings, wall: WallClock): ClockState {
  return SandboxClock.starting(wall, {
    ...(now !== undefined && { now }),
    ...(clock?.mode !== undefined && { mode: clock.mode }),
    ...(clock?.rate !== undefined && { rate: clock.rate }),
  });
}
