/**
 * Sends due deliveries: one attempt at a time for each, on the sandbox's clock, in real time.
 *
 * The store holds what is to be sent and when; an attempt is stored only once it is over. A process that is killed in
 * between sends it again after a restart, so every delivery is made at least once.
 */
import { withoutSecrets } from "../wording/shown-urls.ts";
import type { Instant, WallClock } from "../engine/base/clock.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { Done } from "../engine/base/scheduler.ts";
import { deliveries } from "../engine/delivery/deliveries.ts";
import type { Attempt, Delivery, DeliveryStatus, DueDelivery, Reception } from "../engine/delivery/delivery.ts";
import { Endings } from "./endings.ts";
import { Recordings } from "./recordings.ts";
import { ReceiverQueues } from "./receiver-queues.ts";
import { renderAttempt, type RenderedAttempt } from "./rendering.ts";
import type { WebhookSender } from "./sender.ts";
import type { VendorWebhooks } from "./webhooks.ts";

/** How long to wait before an attempt is repeated because its result could not be stored (a full disk, for example). */
const RETRY_MS = 1000;

export interface DispatcherParts {
  readonly wall: WallClock;
  readonly sender: WebhookSender;
  readonly webhooksOf: (vendor: string) => VendorWebhooks | undefined;
  readonly onError: (error: unknown) => void;
  /** Called for attempts that did not reach a receiver. */
  readonly onUnreached: (delivery: Delivery, attempt: Attempt) => void;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #queues: ReceiverQueues;
  /** By row: the attempts that are queued or running. `#begun` holds the running ones. */
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #begun = new Set<Promise<void>>();
  readonly #endings = new Endings();
  readonly #recordings: Recordings;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#queues = new ReceiverQueues(parts.wall);
    this.#recordings = new Recordings(parts.wall);
  }

  /** Whether an attempt of this delivery is queued or running. */
  isUnderWay(delivery: Pick<Delivery, "rowId">): boolean {
    return this.#underWay.has(delivery.rowId);
  }

  /** Schedules the next attempt for its due time. A `fresh` delivery, which was just stored, is not read again. */
  schedule(sandbox: Sandbox, { rowId, id, nextAt }: DueDelivery, fresh?: Delivery): void {
    const run = (at: Instant): Done | undefined => this.#begin(sandbox, { rowId, fresh }, at);
    sandbox.scheduler.schedule({ at: nextAt, kind: "delivery", id, run });
  }

  /** Holds attempts back until {@link open}, while the server cannot receive callbacks yet. */
  close(): void {
    this.#queues.close();
  }

  open(): void {
    this.#queues.open();
  }

  /** Starts no more attempts, and waits until the running ones have ended or `graceMs` of real time have passed. */
  async stop(graceMs: number): Promise<void> {
    this.#queues.close();
    const begun = [...this.#begun];
    if (begun.length === 0) return;
    await new Promise<void>((resolve) => {
      const stopGuard = this.#parts.wall.after(graceMs, resolve);
      void Promise.all(begun).then(() => {
        stopGuard();
        resolve();
      });
    });
  }

  #begin(
    sandbox: Sandbox,
    { rowId, fresh }: { readonly rowId: number; readonly fresh: Delivery | undefined },
    at: Instant,
  ): Done | undefined {
    const plan = deliveries.planOf(sandbox, rowId);
    // The plan has changed since this entry was made, or an attempt for another plan is already running.
    if (plan?.status !== "pending" || plan.nextAt !== at || this.#underWay.has(rowId)) return undefined;
    const delivery = fresh?.attempts === plan.attempts ? { ...fresh, ...plan } : deliveries.findByRow(sandbox, rowId);
    if (delivery === undefined) return undefined;
    if (delivery.isYielding) deliveries.replan(sandbox, { ...delivery, isYielding: false });
    return {
      finish: () => {
        this.#enqueue(sandbox, delivery, at);
      },
      isHeard: true,
    };
  }

  #enqueue(sandbox: Sandbox, delivery: Delivery, at: Instant): void {
    const { rowId, id, generationRow, receiver } = delivery;
    const attempt = new DeliveryAttempt(this.#parts, {
      sandbox,
      delivery,
      dueAt: at,
      endings: this.#endings,
      recordings: this.#recordings,
      onEnd: (next) => {
        this.#underWay.delete(rowId);
        if (next !== undefined) this.schedule(sandbox, next);
      },
    });
    this.#underWay.set(rowId, attempt.ended);
    sandbox.pendingWork.track(attempt.ended, {
      kind: "delivery",
      id,
      generation: generationRow ?? undefined,
      giveUp: () => attempt.giveUp(),
    });
    const takeTurn = (): void => {
      this.#queues.push(sandbox.rowId, receiver, (onWritten) => {
        const sent = attempt.begin(onWritten).finally(() => this.#begun.delete(sent));
        this.#begun.add(sent);
        return sent;
      });
    };
    const answered = generationRow === null ? undefined : sandbox.createAnswers.of(generationRow);
    if (answered === undefined) takeTurn();
    else void answered.finally(takeTurn);
  }
}

interface AttemptOptions {
  readonly sandbox: Sandbox;
  readonly delivery: Delivery;
  readonly dueAt: Instant;
  readonly endings: Endings;
  readonly recordings: Recordings;
  /** Receives the next due attempt; undefined for none. */
  readonly onEnd: (next: DueDelivery | undefined) => void;
}

/** One attempt from its turn to its end. It writes nothing once its sandbox was reset, deleted or shut down. */
class DeliveryAttempt {
  /** Settles when the attempt is over and stored. */
  readonly ended: Promise<void>;
  readonly #sandbox: Sandbox;
  readonly #delivery: Delivery;
  readonly #dueAt: Instant;
  readonly #parts: DispatcherParts;
  readonly #onEnd: (next: DueDelivery | undefined) => void;
  readonly #sandboxEnding: AbortSignal;
  readonly #recordings: Recordings;
  readonly #cut = new AbortController();
  readonly #stopListening: () => void;
  #end: () => void = () => undefined;
  #isOver = false;
  #begun: { at: Instant; wallAt: Instant; rendered: RenderedAttempt; webhooks: VendorWebhooks } | undefined;

  constructor(parts: DispatcherParts, { sandbox, delivery, dueAt, endings, recordings, onEnd }: AttemptOptions) {
    this.#sandbox = sandbox;
    this.#delivery = delivery;
    this.#dueAt = dueAt;
    this.#parts = parts;
    this.#onEnd = onEnd;
    this.#sandboxEnding = sandbox.ending;
    this.#recordings = recordings;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#stopListening = endings.listen(this.#sandboxEnding, this.#abandon);
  }

  /** Sends the delivery; `onWritten` is called once the receiver's computer has all its bytes. */
  async begin(onWritten: () => void): Promise<void> {
    if (this.#isOver) return;
    const webhooks = this.#parts.webhooksOf(this.#delivery.vendor);
    if (webhooks === undefined) {
      this.#finish(undefined);
      return;
    }
    const { clock, wall, steering } = this.#sandbox;
    // An advance stops at the instant that made this attempt due; a later turn in the queue does not change that
    // instant.
    const at = steering.isClaimed ? this.#dueAt : clock.now();
    const digest = this.#sandbox.digest("webhook-attempt", this.#delivery.id, this.#delivery.attempts + 1);
    let rendered: RenderedAttempt;
    try {
      rendered = renderAttempt(this.#delivery, webhooks, { sandbox: this.#sandbox, at, digest });
    } catch (error) {
      // No caller hears of it, and an attempt must never end the process.
      this.#parts.onError(error);
      this.#finish(undefined);
      return;
    }
    this.#begun = { at, wallAt: wall.now(), rendered, webhooks };
    const reception = await this.#parts.sender.send(
      {
        url: this.#delivery.url,
        headers: rendered.headers,
        body: Buffer.from(rendered.body),
        timeoutMs: webhooks.timeoutMs,
        sendOverMs: this.#delivery.webhookFaults?.sendOver ?? 0,
        onWritten,
      },
      this.#cut.signal,
    );
    await new Promise<void>((resolve) => {
      this.#recordings.push(() => {
        this.#record(reception);
        resolve();
      });
    });
  }

  /** Ends a running attempt as if its time were up; returns false when it has not begun. */
  giveUp(): boolean {
    if (this.#begun === undefined) return false;
    const { wallAt, webhooks } = this.#begun;
    const tookMs = this.#parts.wall.now() - wallAt;
    this.#record({
      ending: "timed-out",
      error: {
        code: "TIMEOUT",
        message:
          `No answer before the clock was advanced past the receiver's limit of ${webhooks.timeoutMs} ms. ` +
          `The advance waited ${Math.round(tookMs)} ms of real time for it; a longer \"settle\" waits longer.`,
      },
      tookMs,
    });
    this.#cut.abort();
    return true;
  }

  readonly #abandon = (): void => {
    this.#finish(undefined);
    this.#cut.abort();
  };

  #record(reception: Reception): void {
    if (this.#isOver || this.#begun === undefined) return;
    const { at, rendered, webhooks } = this.#begun;
    const attempt: Attempt = {
      ...reception,
      number: this.#delivery.attempts + 1,
      at,
      endedAt: reception.ending === "timed-out" ? at + webhooks.timeoutMs : this.#sandbox.clock.now(),
      headers: rendered.headers,
    };
    try {
      this.#finish(this.#write(attempt, webhooks));
    } catch (error) {
      this.#parts.onError(error);
      const { rowId, id, nextAt } = this.#delivery;
      this.#finish(undefined);
      if (nextAt === null) return;
      this.#sandbox.wall.after(RETRY_MS, () => {
        if (!this.#sandboxEnding.aborted) this.#onEnd({ rowId, id, nextAt });
      });
      return;
    }
    if (attempt.ending !== "answered") this.#parts.onUnreached(this.#delivery, attempt);
  }

  #write(attempt: Attempt, webhooks: VendorWebhooks): DueDelivery | undefined {
    const { rowId, id, tries } = this.#delivery;
    const stored = deliveries.planOf(this.#sandbox, rowId);
    if (stored === undefined) return undefined;
    const judged = judge(attempt, webhooks.retryDelaysMs[tries]);
    // A delivery that was collected meanwhile is not tried again.
    const isKept = stored.status === "collected" && judged.status !== "delivered";
    const { status, nextAt } = isKept ? { status: "collected" as const, nextAt: null } : judged;
    this.#sandbox.write(() => {
      const attempts = attempt.number;
      deliveries.replan(this.#sandbox, { rowId, status, nextAt, attempts, tries: tries + 1, isYielding: false });
      deliveries.insertAttempt(this.#sandbox, this.#delivery, attempt);
    });
    publishChange(this.#sandbox, { ...this.#delivery, status, nextAt }, attempt);
    return nextAt === null ? undefined : { rowId, id, nextAt };
  }

  #finish(next: DueDelivery | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopListening();
    this.#onEnd(next);
    this.#end();
  }
}

/**
 * Decides a delivery's state after an attempt: 2xx is success, and a destination that fauxgen refuses is not retried.
 */
function judge(
  { ending, status, endedAt }: Attempt,
  retryDelayMs: number | undefined,
): { status: DeliveryStatus; nextAt: Instant | null } {
  if (status !== undefined && status >= 200 && status < 300) return { status: "delivered", nextAt: null };
  if (ending === "refused" || retryDelayMs === undefined) return { status: "failed", nextAt: null };
  return { status: "pending", nextAt: endedAt + retryDelayMs };
}

/** Publishes a stored or attempted delivery to the sandbox's followers. */
export function publishChange(sandbox: Sandbox, delivery: Delivery, attempt?: Attempt): void {
  if (!sandbox.events.isFollowed) return;
  const { id, vendor, subject, event, url, account, label, status, createdAt, nextAt } = delivery;
  sandbox.events.publish({
    kind: "delivery.changed",
    at: attempt?.endedAt ?? delivery.createdAt,
    vendor,
    id,
    generationId: subject,
    account,
    label,
    event,
    url: withoutSecrets(url),
    status,
    createdAt: new Date(createdAt),
    nextAttemptAt: nextAt === null ? null : new Date(nextAt),
    ...(attempt !== undefined && {
      attempt: attempt.number,
      ending: attempt.ending,
      response: attempt.status,
      attemptedAt: new Date(attempt.at),
      error: attempt.error?.message,
    }),
  });
}
