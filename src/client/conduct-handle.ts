/** Reads how the clients of a sandbox behaved, and fails a test for what they did wrong. */
import type { ControlClient } from "./control-client.ts";
import { FauxgenError } from "./control-client.ts";
import type { Finding } from "./documents.ts";

const SEVERITIES = ["note", "warning", "error"] as const;

export interface ConductOptions {
  /** The least severe findings that fail; `warning` by default. */
  readonly severity?: Finding["severity"];
  /** Ids of findings that do not fail. */
  readonly ignore?: readonly string[];
}

export class ConductHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/conduct`;
  }

  /** Returns the findings, the most severe first. */
  async list(): Promise<readonly Finding[]> {
    return (await this.#control.call<{ readonly findings: readonly Finding[] }>("GET", this.#path)).findings;
  }

  /** Returns the findings as text, with the fix of each. */
  async text(): Promise<string> {
    return this.#control.text(this.#path);
  }

  /** Throws if a finding of this severity or a worse one is not ignored. */
  async expect({ severity = "warning", ignore = [] }: ConductOptions = {}): Promise<void> {
    const least = SEVERITIES.indexOf(severity);
    const wrong = (await this.list()).filter(
      (finding) => SEVERITIES.indexOf(finding.severity) >= least && !ignore.includes(finding.id),
    );
    if (wrong.length === 0) return;
    const lines = wrong.map(
      ({ severity: how, vendor, id, what, fix }) => `${how} ${vendor} ${id}: ${what}\n  fix: ${fix}`,
    );
    throw new FauxgenError(`The client did not behave as the vendors ask.\n${lines.join("\n")}`);
  }
}
