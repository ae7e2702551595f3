/** Decodes what is stored of a sandbox itself. */
import type { StoredSandbox } from "../../store/sandboxes.ts";
import { readRow } from "../../store/unreadable-row.ts";
import type { ClockState } from "../base/clock.ts";
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
