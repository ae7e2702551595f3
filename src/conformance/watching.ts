/** Follows the events of a case's sandbox while its client runs, so that steps happen when they are due. */
import type { SandboxEvent } from "../client/documents.ts";
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import type { OperationGroup } from "./expectation-document.ts";
import type { OperationGroups } from "./groups.ts";

type Listener = (event: SandboxEvent) => void;

export class SandboxWatch {
  readonly #stop = new AbortController();
  readonly #listeners = new Set<Listener>();
  readonly #seen: SandboxEvent[] = [];
  readonly #groups: OperationGroups;

  private constructor(groups: OperationGroups) {
    this.#groups = groups;
  }

  /** Starts to follow; resolves once no event can be missed. */
  static async of(sandbox: SandboxHandle, groups: OperationGroups): Promise<SandboxWatch> {
    const watch = new SandboxWatch(groups);
    await new Promise<void>((resolve, reject) => {
      const events = sandbox.events({
        kinds: ["request.finished", "rule.hit", "delivery.changed"],
        signal: watch.#stop.signal,
        onConnection: (isOpen) => {
          if (isOpen) resolve();
        },
      });
      watch.#read(events).catch(reject);
    });
    return watch;
  }

  /** Resolves when an event like `poll.2`, `delivery.1` or `fault.1` has happened; never if it does not. */
  async happened(name: string, ruleOfFault: (number: number) => string | undefined): Promise<void> {
    const [kind = "", text = "1"] = name.split(".");
    let left = Number(text);
    const isIt = (event: SandboxEvent): boolean => {
      switch (kind) {
        case "fault":
          return event.kind === "rule.hit" && event["rule"] === ruleOfFault(Number(text));
        case "delivery":
          return event.kind === "delivery.changed" && typeof event["response"] === "number";
        default:
          return event.kind === "request.finished" && this.#isOf(kind, event);
      }
    };
    if (kind === "fault") left = 1;
    await new Promise<void>((resolve) => {
      const listener = (event: SandboxEvent): void => {
        if (!isIt(event)) return;
        left -= 1;
        if (left > 0) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
      for (const event of this.#seen) if (left > 0) listener(event);
    });
  }

  close(): void {
    this.#stop.abort();
  }

  #isOf(kind: string, event: SandboxEvent): boolean {
    const group: OperationGroup | undefined = (["create", "poll", "list", "events", "download"] as const).find(
      (each) => each === kind,
    );
    const { vendor, method, operation, url, status } = event;
    if (group === undefined || typeof url !== "string") return false;
    if (group === "create" && (typeof status !== "number" || status >= 300)) return false;
    return this.#groups.contains(group, {
      vendor: String(vendor),
      method: String(method),
      operation: typeof operation === "string" ? operation : null,
      path: url.split("?", 1)[0] ?? url,
      url,
    });
  }

  async #read(events: AsyncGenerator<SandboxEvent, void>): Promise<void> {
    for await (const event of events) {
      this.#seen.push(event);
      for (const listener of [...this.#listeners]) listener(event);
    }
  }
}
