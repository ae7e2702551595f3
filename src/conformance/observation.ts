/**
 * Holds what a client did in a case, as the server saw it: requests, jobs, deliveries, the exit of the command. Every
 * time is real time in milliseconds since the epoch, as the client lived it.
 */
import type { Delivery, Generation, JournalRequest, Rule } from "../client/documents.ts";
import { hidesAnswer } from "../engine/rule/faults.ts";
import type { OperationGroup } from "./expectation-document.ts";
import type { OperationGroups } from "./groups.ts";

/** How the command ended. */
export interface Exit {
  /** Undefined if a signal ended it, or if the runner did. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** Why the runner ended the command: its time was over (`hang`), or the case had seen enough (`stop`). */
  readonly endedBy?: "hang" | "stop";
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A step that was carried out. */
export interface StepDone {
  readonly at: number;
  readonly what: string;
  /** Ids of jobs that the step made. */
  readonly made: readonly string[];
  /** The answer of the client's receiver to a webhook that the runner itself sent. */
  readonly answer?: { readonly kind: "forged" | "unknown"; readonly status: number | undefined };
}

export interface Recorded {
  readonly exit: Exit;
  readonly requests: readonly JournalRequest[];
  readonly generations: readonly Generation[];
  readonly deliveries: readonly Delivery[];
  readonly rules: readonly Rule[];
  readonly steps: readonly StepDone[];
  /** Sandbox milliseconds per real millisecond. */
  readonly rate: number;
  /** The client's own deadline after its start, if it was named. */
  readonly deadlineMs: number | undefined;
  readonly keyHeaders: readonly string[];
  /** Whether the file that the client wrote equals one that was served; undefined if none was named. */
  readonly artifact?: boolean | undefined;
  readonly canaryFetched?: boolean;
}

/** A request with its real times. */
export interface Seen {
  readonly request: JournalRequest;
  readonly at: number;
  readonly answeredAt: number | undefined;
}

/** An attempt of a delivery that the receiver answered. */
export interface Answered {
  readonly delivery: Delivery;
  readonly status: number;
  readonly at: number;
}

/** The priority of the rule of the first fault; each further one has one less. */
export const FIRST_FAULT_PRIORITY = 1000;

export class Observation {
  readonly recorded: Recorded;
  readonly groups: OperationGroups;
  readonly requests: readonly Seen[];
  readonly answered: readonly Answered[];
  /** Jobs that the client made, without those that steps made. */
  readonly made: readonly Generation[];

  constructor(recorded: Recorded, groups: OperationGroups) {
    this.recorded = recorded;
    this.groups = groups;
    this.requests = recorded.requests
      .filter(({ method }) => method !== "OPTIONS")
      .map((request) => ({
        request,
        at: Date.parse(request.real.at),
        answeredAt: request.real.answeredAt === null ? undefined : Date.parse(request.real.answeredAt),
      }));
    const byStep = new Set(recorded.steps.flatMap(({ made }) => made));
    this.made = recorded.generations.filter(({ id, scenario }) => !byStep.has(id) && scenario.source !== "control");
    this.answered = recorded.deliveries
      .flatMap((delivery) =>
        delivery.attempts.flatMap(({ status, endedAt }) =>
          status === null ? [] : [{ delivery, status, at: this.#realTimeOf(Date.parse(endedAt)) }],
        ),
      )
      .sort((one, other) => one.at - other.at);
  }

  of(group: OperationGroup): readonly Seen[] {
    return this.requests.filter(({ request }) => this.groups.contains(group, request));
  }

  /** Returns the requests that met the fault of this number, from 1. */
  faulted(number: number): readonly Seen[] {
    const rule = this.recorded.rules.find(({ priority }) => priority === FIRST_FAULT_PRIORITY - number + 1);
    return rule === undefined ? [] : this.requests.filter(({ request }) => request.rules.includes(rule.id));
  }

  /** Returns when an event happened, and the request that was it; undefined if it did not happen. */
  event(name: string): { readonly at: number; readonly request?: number } | undefined {
    const { exit, deadlineMs } = this.recorded;
    const [kind = "", number = "1"] = name.split(".");
    switch (kind) {
      case "start":
        return { at: exit.startedAt };
      case "deadline":
        return deadlineMs === undefined ? undefined : { at: exit.startedAt + deadlineMs };
      case "create": {
        const first = this.of("create").find(({ request }) => isSuccess(request));
        return first === undefined ? undefined : { at: first.answeredAt ?? first.at, request: first.request.id };
      }
      case "fault": {
        const [first] = this.faulted(Number(number));
        if (first === undefined) return undefined;
        // A request without an answer met its fault when it arrived, not when the client gave up.
        const at = first.request.state === "gone" ? first.at : (first.answeredAt ?? first.at);
        return { at, request: first.request.id };
      }
      case "delivery": {
        const found = this.answered[Number(number) - 1];
        return found === undefined ? undefined : { at: found.at };
      }
      case "over": {
        const [first] = this.tellings();
        return first;
      }
      default:
        return undefined;
    }
  }

  /** Returns each time that the client was told the end of a job of its own, first to last. */
  tellings(): readonly { readonly at: number; readonly request?: number; readonly generation: Generation }[] {
    return this.made
      .flatMap((generation) => this.#tellingsOf(generation).map((telling) => ({ ...telling, generation })))
      .sort((one, other) => one.at - other.at);
  }

  /** Returns the reads of jobs of which the client had been told the end. */
  pollsAfterEnd(): readonly Seen[] {
    const toldAt = new Map<string, number>();
    for (const { at, generation } of this.tellings()) if (!toldAt.has(generation.id)) toldAt.set(generation.id, at);
    return this.of("status").filter(({ request: { generations }, at }) =>
      generations.some((id) => at > (toldAt.get(id) ?? Number.POSITIVE_INFINITY)),
    );
  }

  /** Returns the files that were fetched whole, by path. */
  wholeDownloads(): ReadonlySet<string> {
    return new Set(
      this.of("download")
        .filter(({ request }) => isWhole(request) && (request.status === 200 || request.status === 206))
        .map(({ request }) => request.path),
    );
  }

  /** Returns how many files the client's jobs have made. */
  get filesMade(): number {
    return this.made.flatMap(({ outputs }) => outputs).filter(({ state }) => state === "succeeded").length;
  }

  #tellingsOf({ id, endedAt }: Generation): { readonly at: number; readonly request?: number }[] {
    if (endedAt === null) return [];
    const end = Date.parse(endedAt);
    const reads = this.requests
      .filter(({ request }) => this.#tells(request, id, end))
      .map(({ request, at, answeredAt }) => ({ at: answeredAt ?? at, request: request.id }));
    const streams = this.of("events")
      .filter(({ request }) => Date.parse(request.at) < end && isOpenAt(request, end))
      .map(() => ({ at: this.#realTimeOf(end) }));
    const webhooks = this.answered
      .filter(({ delivery, status }) => delivery.subject === id && status >= 200 && status < 300)
      .map(({ at }) => ({ at }));
    return [...reads, ...streams, ...webhooks];
  }

  /** Returns whether the answer to a request told the client that the generation has ended. */
  #tells(request: JournalRequest, id: string, end: number): boolean {
    if (!isWhole(request) || request.status === null || request.status >= 300) return false;
    const isRead = this.groups.contains("poll", request);
    const isBlocking = request.operation !== null && this.groups.answeringAtEnd.includes(request.operation);
    if (!isRead && !isBlocking) return false;
    const shownAt = request.heldAt === null && !isBlocking ? request.at : (request.answeredAt ?? request.at);
    if (Date.parse(shownAt) < end) return false;
    return request.generations.includes(id) || JSON.stringify(request.response.body ?? "").includes(id);
  }

  /** Converts an instant of the sandbox's clock by the nearest request, whose times are known on both clocks. */
  #realTimeOf(instant: number): number {
    const nearest = this.requests
      .map(({ request, at }) => ({ at, shown: Date.parse(request.at) }))
      .sort((one, other) => Math.abs(one.shown - instant) - Math.abs(other.shown - instant))[0];
    return nearest === undefined ? instant : nearest.at + (instant - nearest.shown) / this.recorded.rate;
  }
}

function isSuccess({ status }: JournalRequest): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** Returns whether the client got the whole answer that the vendor meant. */
function isWhole({ state, fault }: JournalRequest): boolean {
  return state === "answered" && (fault === null || !hidesAnswer(fault));
}

function isOpenAt({ answeredAt, fault, status }: JournalRequest, instant: number): boolean {
  if (fault !== null && hidesAnswer(fault)) return false;
  return (status === null || status < 300) && (answeredAt === null || Date.parse(answeredAt) >= instant);
}
