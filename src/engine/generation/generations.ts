/**
 * Creates, finds, announces and steers the generations of one sandbox.
 *
 * Callers settle the sandbox first, so the stored state agrees with the clock. Every change of the future stores a new
 * timeline and lets the scheduler announce it, so the same code does the effects of a forced and of a planned
 * transition. The file is long because everything that writes a generation is here, where it keeps the one cache true.
 */
import type {
  GenerationFilter as StoredGenerationFilter,
  GenerationPage,
  PlannedGeneration,
  StoredGeneration,
} from "../../store/generations.ts";
import type { Store } from "../../store/store.ts";
import type { Account } from "./accounts.ts";
import type { GenerationCache } from "./generation-cache.ts";
import { GenerationList } from "./generation-list.ts";
import type { Instant } from "../base/clock.ts";
import type { SandboxEvents } from "../base/events.ts";
import type { Steps } from "../base/turns.ts";
import {
  documentText,
  generationFrom,
  type ChosenScenario,
  type Failure,
  type Generation,
  type GenerationDocument,
  type Medium,
  type Output,
} from "../model/generation.ts";
import { recordEndedOutputs } from "../model/observation.ts";
import { isTerminal, type Phase } from "../model/phases.ts";
import {
  planGeneration,
  type Capabilities,
  type GenerationPlan,
  type OutputDraft,
  type Scenario,
} from "../scenario/plan.ts";
import type { ScenarioFault } from "../scenario/document.ts";
import type { Done, DueWork, Scheduler } from "../base/scheduler.ts";
import {
  endWith,
  hold,
  lastStep,
  phaseAt,
  placeNext,
  release,
  TimelineConflict,
  type Progression,
  type Timeline,
} from "../model/timeline.ts";
import type { Timing } from "../model/timing.ts";
import type { HeldRequests } from "./held-requests.ts";

/** A vendor's description of a generation that a client asked for. */
export interface GenerationDraft {
  readonly vendor: string;
  readonly account: Account;
  /** `generation`, or another kind of job that the vendor runs through the same engine. */
  readonly kind: string;
  readonly id: string;
  readonly model: string;
  readonly medium: Medium;
  readonly facts: Readonly<Record<string, string>>;
  readonly request: unknown;
  readonly attributes: unknown;
  readonly outputs: readonly OutputDraft[];
  /** Whether the outputs' ids are public, so that clients can look them up. */
  readonly outputsHavePublicIds: boolean;
  readonly cost: number;
  readonly origin: string;
  readonly label?: string | undefined;
}

/** The scenario chosen for a generation, and the settings that its plan depends on. */
export interface ScenarioChoice {
  readonly scenario: Scenario;
  readonly chosen: ChosenScenario;
  readonly capabilities: Capabilities;
  readonly timing: Timing;
  readonly progression: Progression;
}

/** A phase that has just begun. */
export interface Transition {
  readonly generation: Generation;
  readonly from: Phase;
  readonly to: Phase;
  readonly at: Instant;
}

/** Selects generations of a sandbox. Every field narrows. */
export type GenerationFilter = Omit<StoredGenerationFilter, "sandboxId">;

export type { GenerationPage };

/** The longest page of a list whose generations are cached; longer lists are read without the cache. */
const LONGEST_KEPT_PAGE = 256;

const CHECKED_AT_ONCE = 64;
const LISTED_AT_ONCE = 1024;

/** Thrown when a sandbox is at its limit of generations. */
export class TooManyGenerations extends Error {}

/**
 * Runs inside the transaction that marks the transition announced; the function it returns runs once that is stored.
 */
export type TransitionHook = (transition: Transition) => (() => void) | undefined;

export class Generations {
  readonly #rowOf: () => number;
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  readonly #heldRequests: HeldRequests;
  readonly #events: SandboxEvents;
  readonly #onTransition: TransitionHook;
  readonly #accountName: (accountId: number) => string;
  readonly #addFault: (generation: Generation, fault: ScenarioFault) => void;
  readonly #cache: GenerationCache;
  readonly #most: number;
  readonly #write: <Result>(work: () => Result) => Result;
  /** The number of stored generations; undefined until counted. */
  #stored: number | undefined;

  constructor(
    rowOf: () => number,
    parts: {
      store: Store;
      cache: GenerationCache;
      scheduler: Scheduler;
      heldRequests: HeldRequests;
      events: SandboxEvents;
      onTransition: TransitionHook;
      accountName: (accountId: number) => string;
      /** Adds a fault to the requests about a generation. */
      addFault: (generation: Generation, fault: ScenarioFault) => void;
      /** The limit of stored generations. */
      most: number;
      /** Runs a transaction of the sandbox. */
      write: <Result>(work: () => Result) => Result;
    },
  ) {
    this.#write = parts.write;
    this.#most = parts.most;
    this.#rowOf = rowOf;
    this.#store = parts.store;
    this.#scheduler = parts.scheduler;
    this.#heldRequests = parts.heldRequests;
    this.#events = parts.events;
    this.#onTransition = parts.onTransition;
    this.#accountName = parts.accountName;
    this.#addFault = parts.addFault;
    this.#cache = parts.cache;
  }

  /** The row of the sandbox, which a reset replaces. */
  get #sandboxId(): number {
    return this.#rowOf();
  }

  /**
   * Creates a generation at `now`. Call it inside the transaction that charges for it. Throws `ScenarioRefused` and
   * {@link TooManyGenerations}. The first phase is never announced (the create answer shows it), so no transition hook
   * runs for it.
   */
  create(draft: GenerationDraft, choice: ScenarioChoice, now: Instant): Generation {
    const { account, vendor, kind, id, outputsHavePublicIds } = draft;
    const label = draft.label ?? null;
    const stored = (this.#stored ??= this.count({}));
    if (stored >= this.#most)
      throw new TooManyGenerations(
        `The sandbox has ${stored} generations already. Reset it, or raise --max-generations.`,
      );
    const { scenario, chosen, capabilities, timing, progression } = choice;
    const { medium, outputs: drafts } = draft;
    const plan = planGeneration(scenario, chosen.code, capabilities, { medium, outputs: drafts, timing, progression });
    const { timeline, outputs } = plan;
    const announced = timeline.steps[0].phase;
    const nextAt = nextInstant(timeline, announced, now);
    const document = documentOf(draft, choice, plan);
    const text = JSON.stringify(document);
    this.#store.sandboxes.noteLatest(this.#sandboxId, now);
    const rowId = this.#store.generations.insert(
      {
        sandboxId: this.#sandboxId,
        accountId: account.id,
        vendor,
        kind,
        publicId: id,
        createdAt: now,
        phase: announced,
        nextAt,
        label,
        timeline: JSON.stringify(timeline),
        document: text,
      },
      // An output that shares its generation's id is found by the generation.
      outputsHavePublicIds ? outputs.map((output) => output.id).filter((each) => each !== id) : [],
    );
    this.#stored = stored + 1;
    const generation: Generation = {
      ...document,
      rowId,
      accountId: account.id,
      account: account.name,
      vendor,
      kind,
      id,
      createdAt: now,
      announced,
      nextAt,
      reads: 0,
      label,
      timeline,
    };
    this.#cache.keep(this.#sandboxId, generation, text.length);
    this.#schedule(generation.rowId, id, nextAt);
    // The newest of equal rules is tried first, so the faults are added in reverse: the first listed is tried first.
    for (const fault of scenario.faults?.toReversed() ?? []) this.#addFault(generation, fault);
    this.#publish("generation.created", generation, now, { phase: announced });
    return generation;
  }

  find(vendor: string, id: string): Generation | undefined {
    return (
      this.#cache.find(this.#sandboxId, vendor, id) ??
      this.#keep(this.#store.generations.findByPublicId(this.#sandboxId, vendor, id))
    );
  }

  findByRow(rowId: number): Generation | undefined {
    return this.#cache.findRow(rowId) ?? this.#keep(this.#store.generations.findById(rowId));
  }

  findByOutput(vendor: string, outputId: string): Generation | undefined {
    const namesake = this.find(vendor, outputId);
    if (namesake?.outputs.some(({ id }) => id === outputId) === true) return namesake;
    return this.#keep(this.#store.generations.findByOutput(this.#sandboxId, vendor, outputId));
  }

  list(filter: GenerationFilter, page: GenerationPage): Generation[] {
    const { generations } = this.#store;
    const wanted = { ...filter, sandboxId: this.#sandboxId };
    if (page.limit === undefined || page.limit > LONGEST_KEPT_PAGE)
      return generations.list(wanted, page).map((stored) => this.#read(stored));
    return generations
      .listIds(wanted, page)
      .map(({ id }) => this.findByRow(id))
      .filter((found) => found !== undefined);
  }

  /** Lists generations that are read one by one; the list may have hundreds of thousands. */
  listLazily(filter: GenerationFilter, page: GenerationPage): GenerationList {
    const { generations } = this.#store;
    const wanted = { ...filter, sandboxId: this.#sandboxId };
    const { limit = Number.POSITIVE_INFINITY, offset = 0, ...from } = page;
    const isCounted = page.after === undefined && limit > LONGEST_KEPT_PAGE;
    const length = isCounted
      ? Math.max(0, Math.min(limit, generations.count(wanted) - offset))
      : generations.listIds(wanted, page).length;
    return new GenerationList({
      length,
      idsAfter: (place, most) => {
        const part = "after" in place ? place : { offset: offset + place.offset };
        return generations.listIds(wanted, { ...from, ...part, limit: most }).map(({ id }) => id);
      },
      read: (rowId) => {
        if (length <= LONGEST_KEPT_PAGE) return this.findByRow(rowId);
        const stored = generations.findById(rowId);
        return stored?.sandboxId === wanted.sandboxId ? this.#read(stored) : undefined;
      },
    });
  }

  /** Decodes all generations, some in each step, and passes them to `check`. Throws `UnreadableRow`. */
  *checkAll(check: (generation: Generation) => void): Steps<void> {
    const { generations } = this.#store;
    for (let first = 1; first <= generations.lastId; first += CHECKED_AT_ONCE) {
      const found = generations.between(this.#sandboxId, first, first + CHECKED_AT_ONCE - 1);
      for (const stored of found) check(this.#read(stored));
      yield;
    }
  }

  count(filter: GenerationFilter): number {
    return this.#store.generations.count({ ...filter, sandboxId: this.#sandboxId });
  }

  /** Returns their total cost in the vendor's unit; null when none match. */
  sumCost(filter: GenerationFilter, finalUnit = 1): number | null {
    return this.#store.generations.sumCost({ ...filter, sandboxId: this.#sandboxId }, finalUnit);
  }

  /** Returns the distinct values of a fact among the matching generations; null stands for a missing fact. */
  factValues(filter: GenerationFilter, fact: string): (string | null)[] {
    return this.#store.generations.factValues({ ...filter, sandboxId: this.#sandboxId }, fact);
  }

  /** Returns how many of the account's generations at a vendor have not ended, which concurrency limits count. */
  countActive(account: Account, vendor: string): number {
    return this.#store.generations.countActive(account.id, vendor);
  }

  /**
   * Counts a status read of a `polls` timeline: each unfinished phase is shown N times, and read N+1 first begins the
   * next phase at `now`. Returns any other generation unchanged.
   */
  countRead(generation: Generation, now: Instant): Generation {
    const { timeline } = generation;
    if (timeline.polls === undefined || timeline.open.length === 0) return generation;
    const counted = { ...generation, reads: generation.reads + 1 };
    const isDue = counted.reads > timeline.polls * timeline.steps.length;
    return this.#replan(counted, isDue ? { timeline: placeNext(timeline, now - generation.createdAt) } : {}, now);
  }

  /** Cancels a generation. Returns it unchanged when it has already ended. */
  cancel(generation: Generation, now: Instant): Generation {
    return this.#end(generation, "cancelled", {}, now);
  }

  /**
   * Ends a generation as failed or rejected, with the vendor's failure. Throws {@link TimelineConflict} when it has
   * ended.
   */
  fail(generation: Generation, phase: "failed" | "rejected", failure: Failure, now: Instant): Generation {
    refuseEnded(generation, now);
    const outputs = this.#decidedOutputs(generation, now).map((output): Output =>
      output.endedOffset === undefined ? { ...output, result: "failed", failure } : output,
    );
    return this.#end(generation, phase, { outputs, failure }, now);
  }

  /**
   * Ends a generation as succeeded, with every unfinished output made. Throws {@link TimelineConflict} when it has
   * ended.
   */
  finish(generation: Generation, now: Instant): Generation {
    refuseEnded(generation, now);
    const outputs = this.#decidedOutputs(generation, now).map((output): Output => {
      const { failure: _failure, ...made } = output;
      return output.endedOffset === undefined ? { ...made, result: "succeeded" } : output;
    });
    return this.#end(generation, "succeeded", { outputs }, now);
  }

  /** Holds a generation in a phase until it is released. Throws {@link TimelineConflict} when that phase has passed. */
  hold(generation: Generation, phase: Phase | undefined, now: Instant): Generation {
    const timeline = hold(generation.timeline, now - generation.createdAt, phase);
    return this.#replan(generation, { timeline, outputs: this.#decidedOutputs(generation, now) }, now);
  }

  /** Releases a held generation: it continues from `now` with its planned durations. */
  release(generation: Generation, now: Instant): Generation {
    refuseEnded(generation, now);
    return this.#replan(generation, { timeline: release(generation.timeline, now - generation.createdAt) }, now);
  }

  /** Sets the progress that readers see, in percent. */
  setProgress(generation: Generation, progress: number, now: Instant): Generation {
    return this.#replan(generation, { progress }, now);
  }

  /** Replaces the vendor's own attributes. */
  setAttributes(generation: Generation, attributes: unknown, now: Instant): Generation {
    return this.#replan(generation, { attributes }, now);
  }

  /** Deletes a generation; held requests get its last state. */
  delete(generation: Generation, now: Instant): void {
    this.#store.generations.delete(generation.rowId);
    this.#cache.drop(generation);
    if (this.#stored !== undefined) this.#stored -= 1;
    this.#store.whenEnded(() => {
      this.#heldRequests.releaseOf(generation.rowId, "reset");
    });
    this.#publish("generation.deleted", generation, now, {});
  }

  /** Deletes one output that has a public id; the other outputs stay. */
  deleteOutput(generation: Generation, outputId: string, now: Instant): Generation {
    this.#store.generations.deleteOutput(this.#sandboxId, generation.vendor, outputId);
    return this.#replan(generation, { outputs: generation.outputs.filter((output) => output.id !== outputId) }, now);
  }

  /** Drops everything cached, after the stored rows were replaced. */
  forgetAll(): void {
    this.#cache.clear();
    this.forgetCount();
  }

  /** Drops the count, after a transaction was undone. */
  forgetCount(): void {
    this.#stored = undefined;
  }

  /** Fills the scheduler from the store, after a restart, or with what a bundle has planned. */
  resume(planned: readonly PlannedGeneration[] = this.#store.generations.pending(this.#sandboxId)): void {
    for (const { id, publicId, nextAt } of planned) this.#schedule(id, publicId, nextAt);
  }

  /** Lists the planned transitions, earliest first, with pauses. */
  *planned(): Steps<PlannedGeneration[]> {
    const { generations } = this.#store;
    const planned: PlannedGeneration[] = [];
    for (let first = 1; first <= generations.lastId; first += LISTED_AT_ONCE) {
      planned.push(...generations.pendingBetween(this.#sandboxId, first, first + LISTED_AT_ONCE - 1));
      yield;
    }
    return planned.sort((one, other) => one.nextAt - other.nextAt || one.id - other.id);
  }

  #keep(stored: StoredGeneration | undefined): Generation | undefined {
    if (stored?.sandboxId !== this.#sandboxId) return undefined;
    return this.#cache.keep(this.#sandboxId, this.#read(stored), stored.document.length);
  }

  #read(stored: StoredGeneration): Generation {
    return generationFrom(stored, this.#accountName(stored.accountId));
  }

  #end(
    generation: Generation,
    phase: "cancelled" | "failed" | "rejected" | "succeeded",
    change: Partial<Pick<Generation, "outputs" | "failure">>,
    now: Instant,
  ): Generation {
    if (isTerminal(phaseAt(generation.timeline, now - generation.createdAt))) return generation;
    const outputs = change.outputs ?? this.#decidedOutputs(generation, now);
    const { failure: _failure, ...rest } = generation;
    const timeline = endWith(generation.timeline, now - generation.createdAt, phase);
    return this.#replan(rest, { ...change, timeline, outputs }, now);
  }

  #decidedOutputs(generation: Generation, now: Instant): Output[] {
    return recordEndedOutputs(generation.outputs, generation.timeline, now - generation.createdAt);
  }

  /** Stores a changed generation and announces its transitions that are due by now, all or nothing. */
  #replan(generation: Generation, change: Partial<Generation>, now: Instant): Generation {
    return this.#write(() => this.#storeChange(generation, change, now));
  }

  #storeChange(generation: Generation, change: Partial<Generation>, now: Instant): Generation {
    const changed: Generation = { ...generation, ...change };
    const nextAt = nextInstant(changed.timeline, changed.announced, changed.createdAt);
    this.#store.sandboxes.noteLatest(this.#sandboxId, now);
    this.#store.generations.update({
      id: changed.rowId,
      phase: changed.announced,
      nextAt,
      reads: changed.reads,
      label: changed.label,
      timeline: JSON.stringify(changed.timeline),
      document: documentText(changed),
    });
    this.#cache.drop(changed);
    if (nextAt !== generation.nextAt) this.#schedule(changed.rowId, changed.id, nextAt);
    this.#publish("generation.changed", changed, now, {});
    this.#scheduler.settle(now);
    return this.findByRow(changed.rowId) ?? changed;
  }

  #schedule(rowId: number, id: string, at: Instant | null): void {
    if (at !== null) this.#scheduler.schedule(new DueTransition(at, id, rowId, this.#announcer));
  }

  readonly #announcer: Announcer = {
    announce: (rowId, at) => this.#announce(rowId, at),
    isPlanned: (rowId, at) => this.findByRow(rowId)?.nextAt === at,
  };

  #announce(rowId: number, at: Instant): Done | undefined {
    const generation = this.findByRow(rowId);
    // The plan has changed since this entry was made; the new plan has its own entry.
    if (generation?.nextAt !== at) return undefined;
    const { steps } = generation.timeline;
    const index = steps.findIndex((step) => step.phase === generation.announced) + 1;
    const step = steps[index];
    if (step === undefined) return undefined;
    const nextAt = nextInstant(generation.timeline, step.phase, generation.createdAt);
    this.#store.sandboxes.noteLatest(this.#sandboxId, at);
    this.#store.generations.announce(rowId, step.phase, nextAt);
    const announced = this.#cache.keep(this.#sandboxId, { ...generation, announced: step.phase, nextAt });
    this.#schedule(rowId, generation.id, nextAt);
    const afterwards = this.#onTransition({ generation: announced, from: generation.announced, to: step.phase, at });
    return {
      finish: () => {
        if (isTerminal(step.phase)) this.#heldRequests.releaseOf(rowId, "ended");
        afterwards?.();
        this.#publish("generation.transition", announced, at, { from: generation.announced, to: step.phase });
      },
      isHeard: afterwards !== undefined || this.#events.isFollowed || this.#heldRequests.countOf(rowId) > 0,
    };
  }

  #publish(
    kind: "generation.created" | "generation.transition" | "generation.changed" | "generation.deleted",
    generation: Generation,
    at: Instant,
    detail: Readonly<Record<string, unknown>>,
  ): void {
    if (!this.#events.isFollowed) return;
    const { vendor, id, account, label, model, medium, createdAt, announced, scenario, timeline } = generation;
    this.#events.publish({
      kind,
      at,
      vendor,
      id,
      account,
      label,
      model,
      medium,
      phase: announced,
      scenario,
      createdAt: new Date(createdAt),
      steps: timeline.steps.map(({ phase, offset }) => ({ phase, at: new Date(createdAt + offset) })),
      isHeld: timeline.open.length > 0,
      ...detail,
    });
  }
}

interface Announcer {
  /** Announces a due transition; returns undefined when none is planned at that instant any more. */
  readonly announce: (rowId: number, at: Instant) => Done | undefined;
  readonly isPlanned: (rowId: number, at: Instant) => boolean;
}

/** A planned transition in the heap. It is small, since the heap may hold a million. */
class DueTransition implements DueWork {
  readonly at: Instant;
  readonly id: string;
  readonly kind = "transition";
  readonly #rowId: number;
  readonly #announcer: Announcer;

  constructor(at: Instant, id: string, rowId: number, announcer: Announcer) {
    this.at = at;
    this.id = id;
    this.#rowId = rowId;
    this.#announcer = announcer;
  }

  isStale(): boolean {
    return !this.#announcer.isPlanned(this.#rowId, this.at);
  }

  run(at: Instant): Done | undefined {
    return this.#announcer.announce(this.#rowId, at);
  }
}

/** Builds the stored document of a generation from its request, its scenario and its plan. */
function documentOf(
  { model, medium, facts, request, attributes, cost, origin }: GenerationDraft,
  { scenario, chosen }: ScenarioChoice,
  { outputs, failure, progressCurve }: GenerationPlan,
): GenerationDocument {
  const { finalCost, webhook } = scenario;
  return {
    model,
    medium,
    facts,
    request,
    attributes,
    cost,
    origin,
    outputs,
    scenario: chosen,
    ...(failure !== undefined && { failure }),
    ...(progressCurve !== undefined && { progressCurve }),
    ...(finalCost !== undefined && { finalCost }),
    ...(webhook !== undefined && { webhook }),
    ...(scenario.refuses === "read" && { readError: chosen.code ?? scenario.code ?? null }),
  };
}

function nextInstant(timeline: Timeline, announced: Phase, createdAt: Instant): Instant | null {
  const next = timeline.steps[timeline.steps.findIndex((step) => step.phase === announced) + 1];
  return next === undefined ? null : createdAt + next.offset;
}

function refuseEnded(generation: Generation, now: Instant): void {
  const phase = phaseAt(generation.timeline, now - generation.createdAt);
  if (isTerminal(phase))
    throw new TimelineConflict(`${generation.id} has already ended: ${lastStep(generation.timeline).phase}.`);
}
