/** Decodes what is stored of a sandbox itself. */
import { z } from "zod";
import type { StoredSandbox } from "../../store/sandboxes.ts";
import { readRow } from "../../store/unreadable-row.ts";
import { LAST_INSTANT, type ClockState, type Instant } from "../base/clock.ts";
import { clockState } from "../base/time-codecs.ts";
import { sandboxSettings, type SandboxSettings } from "./settings.ts";

/** Decodes the document of a stored sandbox. Throws `UnreadableRow`. */
export function documentFrom({ name, document }: StoredSandbox): SandboxSettings {
  return readRow("sandboxes", name, () => sandboxSettings.parse(JSON.parse(document)));
}

/** Decodes the clock of a stored sandbox. Throws `UnreadableRow`. */
export function clockFrom(name: string, text: string): ClockState {
  return readRow("sandboxes", name, () => clockState.parse(JSON.parse(text)));
}

/** Returns the latest instant of a stored sandbox. Throws `UnreadableRow` for one that its clock cannot show. */
export function latestFrom({ name, latest }: StoredSandbox): Instant {
  return readRow("sandboxes", name, () => z.int().min(0).max(LAST_INSTANT).parse(latest));
}
