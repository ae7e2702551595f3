/** Defines what the engine gets from outside, for all its sandboxes. */
import type { MemoryBudget } from "../../platform/memory-budget.ts";
import type { Store } from "../../store/store.ts";
import type { WallClock } from "../base/clock.ts";
import type { Steps } from "../base/turns.ts";
import type { DefaultState } from "../generation/accounts.ts";
import type { GenerationCache } from "../generation/generation-cache.ts";
import type { Transition } from "../generation/generations.ts";
import type { RuleLists } from "../rule/rule-list.ts";
import type { SandboxTemplate } from "./declarations.ts";
import type { SandboxDefaults } from "./effective-settings.ts";
import type { AccountSettings } from "./settings.ts";

/** What all sandboxes share. */
export interface SharedContent {
  readonly cache: GenerationCache;
  readonly ruleLists: RuleLists;
}

/** The wall clock, the store, and what other layers do for a sandbox. `Of` is the sandbox's own class. */
export interface WorldOf<Of> {
  readonly wall: WallClock;
  readonly store: Store;
  readonly budget: MemoryBudget;
  readonly defaults: SandboxDefaults;
  readonly defaultState: DefaultState;
  readonly onTransition: (sandbox: Of, transition: Transition) => (() => void) | undefined;
  /** Resumes the deliveries that a stored sandbox still had to send when the process ended. */
  readonly onResume?: (sandbox: Of) => void;
  /** Drops the data of a sandbox that lives outside the engine (its journal, its own scenarios), as part of its reset. */
  readonly onReset?: (sandbox: Of) => void;
  /** Drops the same for a sandbox that was deleted. */
  readonly onDropped?: (sandbox: Of) => void;
  /** Applies account settings that live outside the engine: webhook endpoints. */
  readonly onAccountsListed?: (sandbox: Of, accounts: Readonly<Record<string, AccountSettings>>) => void;
  /** Returns the template that the user's folder adds to every sandbox; absent without a folder. */
  readonly template?: () => SandboxTemplate;
  /** Decodes all rows, also those that other layers wrote, with pauses. Throws `UnreadableRow`. */
  readonly checkStored?: (sandbox: Of) => Steps<void>;
  readonly onError: (error: unknown) => void;
}
