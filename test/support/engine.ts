/** Builds the engine without HTTP: a manual wall clock, a store, and a vendor that can show every phase and result. */
import type { Instant, WallClock } from "../../src/engine/base/clock.ts";
import { TurnQueue } from "../../src/engine/base/turn-queue.ts";
import type { Generation } from "../../src/engine/model/generation.ts";
import type { Transition } from "../../src/engine/generation/generations.ts";
import { uuidFrom } from "../../src/engine/base/ids.ts";
import { phases } from "../../src/engine/model/phases.ts";
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";
import { Sandboxes } from "../../src/engine/sandbox/sandboxes.ts";
import { builtInScenarios } from "../../src/engine/scenario/built-in.ts";
import type { Capabilities, Scenario } from "../../src/engine/scenario/plan.ts";
import { MemoryBudget } from "../../src/platform/memory-budget.ts";
import { Store } from "../../src/store/store.ts";

export const BEGINNING: Instant = Date.UTC(2026, 10, 22, 10);

/** A wall clock that only a test moves; its timers fire when the time passes. */
export class ManualWallClock implements WallClock {
  #now = BEGINNING;
  #timers: { at: Instant; callback: () => void }[] = [];
  readonly #turns = new TurnQueue();
  readonly #jumpListeners = new Set<() => void>();
  readonly agreesWithHost = true;

  now(): Instant {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  nextTurn(): Promise<void> {
    return this.#turns.next();
  }

  onJump(listener: () => void): () => void {
    this.#jumpListeners.add(listener);
    return () => {
      this.#jumpListeners.delete(listener);
    };
  }

  /** Moves the time forward without firing timers, like a suspended machine. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
    for (const listener of [...this.#jumpListeners]) listener();
  }

  /** The number of armed timers. */
  get armed(): number {
    return this.#timers.length;
  }

  /** Drops every timer, as a killed process does. */
  dropTimers(): void {
    this.#timers = [];
  }

  pass(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }
}

export interface EngineWorld {
  readonly wall: ManualWallClock;
  readonly sandboxes: Sandboxes;
  readonly transitions: readonly (Transition & { readonly sandbox: string })[];
  /** Closes the store without any notification, like a killed process. */
  readonly kill: () => void;
}

export function createEngine(
  options: { file?: string; wall?: ManualWallClock; transitions?: (Transition & { sandbox: string })[] } = {},
): EngineWorld {
  const wall = options.wall ?? new ManualWallClock();
  const store = new Store(options.file);
  const transitions = options.transitions ?? [];
  const sandboxes = new Sandboxes(
    {
      wall,
      store,
      budget: new MemoryBudget(),
      defaults: {
        seed: "test",
        timing: "fast",
        progression: "time",
        scenario: "succeed",
        vintages: {},
        uploadLimits: { perFile: 1e6, total: 1e6 },
      },
      defaultState: () => ({ credits: 100 }),
      onTransition: (sandbox, transition) => {
        transitions.push({ ...transition, sandbox: sandbox.name });
        return undefined;
      },
      onError: (error) => {
        throw error;
      },
    },
    { unknownKeys: "refuse", maxSandboxes: 1000 },
  );
  return {
    wall,
    sandboxes,
    transitions,
    kill: () => {
      wall.dropTimers();
      store.close();
    },
  };
}

export const everything: Capabilities = {
  vendor: "anyone",
  phases,
  results: ["succeeded", "failed", "censored"],
  failure: (code) => ({ code: code ?? "BROKEN", message: "It broke." }),
  failureCodes: ["BROKEN"],
};

export function scenarioNamed(name: string): Scenario {
  const scenario = builtInScenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new Error(`No scenario ${name}.`);
  return scenario;
}

export interface GenerationWish {
  readonly scenario?: string;
  readonly account?: string;
  readonly outputs?: number;
  readonly timing?: { queued: number; processing: number };
  readonly progression?: Scenario["progression"];
}

/** Creates a generation at the sandbox's current instant. */
export function createGeneration(sandbox: Sandbox, wish: GenerationWish = {}): Generation {
  const account = sandbox.account(wish.account ?? "main");
  const now = sandbox.settle();
  return sandbox.write(() => {
    const id = uuidFrom(account.nextDigest("anyone", "generation"));
    const scenario = scenarioNamed(wish.scenario ?? "succeed");
    return sandbox.generations.create(
      {
        vendor: "anyone",
        account,
        kind: "generation",
        id,
        model: "model",
        medium: "image",
        facts: { model: "model" },
        request: {},
        attributes: {},
        outputs: Array.from({ length: wish.outputs ?? 1 }, (_, index) => ({
          id: `${id}-${index}`,
          medium: "image" as const,
          format: "png",
          width: 8,
          height: 8,
        })),
        outputsHavePublicIds: true,
        cost: 1,
        origin: "http://test",
      },
      {
        scenario,
        chosen: { name: scenario.name, source: "marker" },
        capabilities: everything,
        timing: wish.timing ?? { queued: 1000, processing: 4000 },
        progression: wish.progression ?? "time",
      },
      now,
    );
  });
}
