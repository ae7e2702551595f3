/** Runs a client through one case: prepares its sandbox, starts it, does what the case does meanwhile, and looks. */
import type { Bundle } from "../client/documents.ts";
import type { Finding as ConductFinding } from "../client/documents.ts";
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import { createWallClock, pause } from "../engine/base/clock.ts";
import type { Base } from "./base.ts";
import type { ConformanceCase } from "./case.ts";
import type { Client, Ending, RunningClient } from "./client.ts";
import type { OperationGroups } from "./groups.ts";
import { judgeCase, type Judgement } from "./judging.ts";
import { FIRST_FAULT_PRIORITY, Observation, type Exit, type StepDone } from "./observation.ts";
import { prepareSandbox } from "./setup.ts";
import { carryOut } from "./steps.ts";
import { timelineOf, type TimelineRow } from "./timeline.ts";
import { SandboxWatch } from "./watching.ts";

/** What a run needs beside the case and the client. */
export interface CaseWorld {
  readonly sandbox: SandboxHandle;
  readonly groups: OperationGroups;
  readonly keyHeaders: readonly string[];
  /** Real time after which a command that still runs has hung. */
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly webhookUrl?: string | undefined;
  readonly folder?: string | undefined;
  /** Tells whether the file that the client wrote is whole; absent if none was named. */
  readonly readArtifact?: ((sandbox: SandboxHandle) => Promise<boolean>) | undefined;
}

export interface CaseResult extends Judgement {
  readonly conformanceCase: ConformanceCase;
  readonly client: string;
  readonly exit: Exit;
  readonly timeline: readonly TimelineRow[];
  /** What the client did wrong in other ways, which does not change the verdict. */
  readonly conduct: readonly Pick<ConductFinding, "id" | "severity" | "what">[];
  /** The end of what the client printed. */
  readonly printed: string;
  /** The whole sandbox, to restore and look at; only of cases that were not passed. */
  readonly bundle?: Bundle;
}

export interface CaseRun {
  readonly result: CaseResult;
  readonly observation: Observation;
}

const wall = createWallClock();

/** How long the server gets to record the end of requests that the client left. */
const RECORD_MS = 50;

export async function runCase(
  conformanceCase: ConformanceCase,
  client: Client,
  world: CaseWorld,
  base: Base,
): Promise<CaseRun> {
  const { sandbox, groups, webhookUrl, folder, timeoutMs } = world;
  await prepareSandbox(sandbox, conformanceCase, { groups, webhookUrl });
  const rules = await sandbox.rules.list();
  const ruleOfFault = (number: number): string | undefined =>
    rules.find(({ priority }) => priority === FIRST_FAULT_PRIORITY - number + 1)?.id;
  const watch = await SandboxWatch.of(sandbox, groups);
  const account = conformanceCase.document.account ?? "main";
  const steps: StepDone[] = [];
  const startedAt = wall.now();
  const running = await client.start({ conformanceCase, sandbox, account, webhookUrl, folder });
  const state = { isOver: false };
  const carriedOut = conformanceCase.document.steps.map(async (step) => {
    const due = watch.happened(step.on, ruleOfFault);
    await (step.orAfter === undefined
      ? due
      : Promise.race([due, watch.happened("create.1", ruleOfFault).then(() => pause(step.orAfter ?? 0))]));
    await pause(step.delay);
    if (state.isOver) return;
    const done = await carryOut(step, { conformanceCase, sandbox, groups });
    if (done !== undefined) steps.push(done);
  });
  // A step whose event never comes waits for ever, so it is not awaited; one that fails fails the run.
  const failure = new Promise<never>((_resolve, reject) => {
    for (const each of carriedOut) each.catch(reject);
  });
  try {
    const exit = await Promise.race([
      failure,
      exitOf(running, conformanceCase, { watch, ruleOfFault, startedAt, timeoutMs }),
    ]);
    state.isOver = true;
    await pause(RECORD_MS);
    const observation = await observe({
      sandbox,
      world,
      exit,
      steps,
      rate: rateOf(conformanceCase),
      vendor: conformanceCase.vendor,
    });
    const judgement = judgeCase(conformanceCase, observation, base);
    const conduct = await sandbox.conduct.list();
    const isClean = ["pass", "not-exercised"].includes(judgement.verdict);
    const result: CaseResult = {
      ...judgement,
      conformanceCase,
      client: client.name,
      exit,
      timeline: timelineOf(observation),
      conduct: conduct.map(({ id, severity, what }) => ({ id, severity, what })),
      printed: running.printed(),
      ...(!isClean && { bundle: await sandbox.bundle.save() }),
    };
    return { result, observation };
  } finally {
    watch.close();
    running.kill();
  }
}

interface Limits {
  readonly watch: SandboxWatch;
  readonly ruleOfFault: (number: number) => string | undefined;
  readonly startedAt: number;
  readonly timeoutMs: number;
}

/** Waits until the client ends, or ends it once its time is over or the case has seen enough. */
async function exitOf(
  running: RunningClient,
  { document: { stop } }: ConformanceCase,
  { watch, ruleOfFault, startedAt, timeoutMs }: Limits,
): Promise<Exit> {
  const hang = cancellablePause(timeoutMs);
  const enough =
    stop === undefined
      ? new Promise<never>(() => undefined)
      : watch.happened(stop.after, ruleOfFault).then(() => pause(stop.by));
  const ended = await Promise.race([
    running.ended.then((ending): Ending & { endedBy?: "hang" | "stop" } => ending),
    hang.over.then(() => "hang" as const),
    enough.then(() => "stop" as const),
  ]);
  hang.cancel();
  if (typeof ended === "object") return { ...ended, startedAt, endedAt: wall.now() };
  const endedAt = wall.now();
  running.kill();
  return { code: undefined, signal: undefined, endedBy: ended, startedAt, endedAt };
}

function cancellablePause(delayMs: number): { readonly over: Promise<void>; readonly cancel: () => void } {
  let cancel = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = wall.after(delayMs, resolve);
  });
  return { over, cancel };
}

interface ToObserve {
  readonly sandbox: SandboxHandle;
  readonly world: CaseWorld;
  readonly exit: Exit;
  readonly steps: readonly StepDone[];
  readonly rate: number;
  readonly vendor: string;
}

async function observe({ sandbox, world, exit, steps, rate, vendor }: ToObserve): Promise<Observation> {
  const [requests, generations, deliveries, rules] = await Promise.all([
    sandbox.requests.list(),
    sandbox.generations.list(),
    sandbox.webhooks.deliveries.list(),
    sandbox.rules.list(),
  ]);
  const artifact = await world.readArtifact?.(sandbox);
  const forged = new Set(steps.filter(({ answer }) => answer?.kind === "forged").flatMap(({ made }) => made));
  const canaryFetched = requests.some(
    (request) => request.generations.some((id) => forged.has(id)) || [...forged].some((id) => request.url.includes(id)),
  );
  return new Observation(
    {
      exit,
      requests: requests.filter((request) => request.vendor === vendor || request.vendor === null),
      generations: generations.filter((generation) => generation.vendor === vendor),
      deliveries,
      rules,
      steps,
      rate,
      deadlineMs: world.deadlineMs,
      keyHeaders: world.keyHeaders,
      canaryFetched,
      ...(artifact !== undefined && { artifact }),
    },
    world.groups,
  );
}

function rateOf({ document }: ConformanceCase): number {
  const clock = document.sandbox["clock"];
  const rate: unknown = typeof clock === "object" && clock !== null ? Reflect.get(clock, "rate") : undefined;
  return typeof rate === "number" ? rate : 1;
}
