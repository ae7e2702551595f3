/** Prepares the sandbox of a case: its settings, its rules with their faults, and the client's webhook endpoint. */
import { FauxgenError } from "../client/control-client.ts";
import type { SandboxSettings } from "../client/documents.ts";
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import { vendorNames } from "../client/vendor-names.ts";
import { createWallClock } from "../engine/base/clock.ts";
import { digestOf } from "../engine/base/ids.ts";
import { parseDuration } from "../engine/base/durations.ts";
import { sandboxSettings } from "../engine/sandbox/settings.ts";
import { fieldErrors, inOneLine } from "../wording/field-errors.ts";
import { filled, type ConformanceCase } from "./case.ts";
import type { OperationGroups } from "./groups.ts";
import { FIRST_FAULT_PRIORITY } from "./observation.ts";

/** How long jobs take unless the case says otherwise: short, because clients poll every second or more. */
const SHORT = { queued: 100, processing: 200 } as const;

/** Returns the name of a case's sandbox, which is the same in each run, so that ids are the same too. */
export function sandboxNameOf(id: string, prefix = ""): string {
  const words = `${prefix}${id}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return words.length <= 40 ? words : `${words.slice(0, 31)}-${digestOf(words).slice(0, 8)}`;
}

/** Returns the settings of a case's sandbox, as control takes them. */
function settingsOf(
  { document }: ConformanceCase,
  groups: OperationGroups,
  { otherOrigin, now }: { readonly otherOrigin: string; readonly now: number },
): Readonly<Record<string, unknown>> {
  const { now: written, ...sandbox } = Object.fromEntries(
    Object.entries(document.sandbox).map(([name, value]) => [name, filled(value, { otherOrigin })]),
  );
  const faults = document.faults.map(({ of: group, do: fault, times, after, where }, index) => ({
    when: { ...groups.matchOf(group), ...where },
    fault: filled(fault, { otherOrigin }),
    priority: FIRST_FAULT_PRIORITY - index,
    ...(times !== undefined && { times }),
    ...(after !== undefined && { after }),
  }));
  const scenarios = document.scenarios.map(({ do: scenario, times, body }) => ({
    when: { ...groups.matchOf("create"), ...(body !== undefined && { body }) },
    scenario,
    ...(times !== undefined && { times }),
  }));
  return {
    timing: SHORT,
    ...sandbox,
    ...(typeof written === "string" && { now: instantOf(written, now) }),
    rules: [...faults, ...scenarios],
  };
}

/** Returns the instant of an offset from now such as `+1h` or `-1h`; any other text as it is. */
function instantOf(written: string, now: number): string | number {
  const [, sign, text = ""] = /^([+-])(.+)$/.exec(written) ?? [];
  const offset = parseDuration(text);
  return sign === undefined || offset === undefined ? written : now + (sign === "+" ? offset : -offset);
}

/** Gives a sandbox the settings of a case, empties it, and enters where the client receives webhooks. */
export async function prepareSandbox(
  sandbox: SandboxHandle,
  conformanceCase: ConformanceCase,
  { groups, webhookUrl }: { readonly groups: OperationGroups; readonly webhookUrl: string | undefined },
): Promise<void> {
  const vendor = vendorNames.find((name) => name === conformanceCase.vendor);
  if (vendor === undefined) throw new CaseUnusable(`${conformanceCase.id}: there is no such vendor`);
  const url = new URL(sandbox[vendor].baseUrl);
  url.hostname = url.hostname === "localhost" ? "127.0.0.1" : "localhost";
  const settings = settingsOf(conformanceCase, groups, { otherOrigin: url.origin, now: createWallClock().now() });
  requireSettings(conformanceCase, settings);
  await sandbox.configure(settings);
  await sandbox.reset();
  if (webhookUrl !== undefined)
    // A vendor without endpoints refuses this; it takes the receiver from each request.
    await sandbox.webhooks.endpoints.add({ vendor, url: webhookUrl }).catch(ignoreRefusal);
}

/** The error of a case that cannot be set up. */
class CaseUnusable extends Error {}

function requireSettings({ id }: ConformanceCase, settings: unknown): asserts settings is SandboxSettings {
  const { error } = sandboxSettings.safeParse(settings);
  if (error === undefined) return;
  throw new CaseUnusable(`${id}: ${inOneLine(fieldErrors(sandboxSettings, settings, error, ["sandbox"]))}`);
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof FauxgenError && error.status !== undefined && error.status < 500)) throw error;
}
