/** Reads how the clients of a sandbox behaved, and fails a test for what they did wrong. */
import type { ControlClient } from "./control-client.ts";
import { FauxgenError } from "./control-client.ts";
import type { Conduct, Finding, FindingId } from "./documents.ts";

const SEVERITIES = ["note", "warning", "error"] as const;

/** The most requests of a finding that the message of an error names. */
const MOST_NAMED = 5;

export interface ConductOptions {
  /** The least severe findings that fail; `warning` by default. */
  readonly severity?: Finding["severity"];
  /** Ids of findings that do not fail. */
  readonly ignore?: readonly FindingId[];
  /** The exit code of the client's command, once it has ended: then unread failures and results are judged at once. */
  readonly exitCode?: number;
  /** Whether requests that have left the journal may pass. By default they fail, because nothing can be told of them. */
  readonly allowEvicted?: boolean;
}

export class ConductHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/conduct`;
  }

  /** Returns the findings, the most severe first, and how many requests had left the journal. */
  async read({ exitCode }: Pick<ConductOptions, "exitCode"> = {}): Promise<Conduct> {
    return this.#control.call("GET", this.#path, { query: { exit: exitCode } });
  }

  /** Returns the findings, the most severe first. */
  async list(options: Pick<ConductOptions, "exitCode"> = {}): Promise<readonly Finding[]> {
    return (await this.read(options)).findings;
  }

  /** Returns the findings as text, with the fix of each. */
  async text(): Promise<string> {
    return this.#control.text(this.#path);
  }

  /**
   * Throws if a finding of this severity or a worse one is not ignored, or if requests have left the journal, so that
   * their conduct cannot be told.
   */
  async expect(options: ConductOptions = {}): Promise<void> {
    const { severity = "warning", ignore = [], allowEvicted = false } = options;
    const { sandbox, findings, evicted } = await this.read(options);
    const ids = new Set(findings.map(({ id }) => id));
    // A mistyped id would ignore nothing: the server names the nearest.
    for (const id of ignore) if (!ids.has(id)) await this.#control.call("GET", `/conduct/${encodeURIComponent(id)}`);
    const ignored = new Set<string>(ignore);
    const least = SEVERITIES.indexOf(severity);
    const wrong = findings.filter((each) => SEVERITIES.indexOf(each.severity) >= least && !ignored.has(each.id));
    if (wrong.length > 0) {
      const message = `The clients of sandbox "${sandbox}" did not behave as the vendors ask.`;
      throw new FauxgenError([message, ...wrong.map(inWords)].join("\n"), {
        problem: { code: "unsound-conduct", findings: wrong },
      });
    }
    if (evicted === 0 || allowEvicted) return;
    throw new FauxgenError(
      `The conduct of the clients of sandbox "${sandbox}" cannot be told: ${evicted} requests have left the journal. Start the server with a larger --journal-entries, judge earlier, or allow it with allowEvicted.`,
      { problem: { code: "cannot-tell", evicted } },
    );
  }
}

function inWords({ severity, vendor, id, what, fix, page, requests }: Finding): string {
  const named = requests.slice(0, MOST_NAMED).map((request) => request.id);
  const evidence = named.length === 0 ? "" : `requests ${named.join(", ")}; `;
  return `${severity} ${vendor} ${id}: ${what}\n  fix: ${fix}\n  see: ${evidence}${page}`;
}
