/** Carries out the steps of a case while its client runs: what happens at the vendor meanwhile. */
import { FauxgenError } from "../client/control-client.ts";
import type { Generation } from "../client/documents.ts";
import { exchange } from "../client/exchange.ts";
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import { vendorNames, type VendorName } from "../client/vendor-names.ts";
import { createWallClock } from "../engine/base/clock.ts";
import type { CaseStep } from "./case-document.ts";
import type { ConformanceCase } from "./case.ts";
import type { OperationGroups } from "./groups.ts";
import type { StepDone } from "./observation.ts";

interface StepPlace {
  readonly conformanceCase: ConformanceCase;
  readonly sandbox: SandboxHandle;
  readonly groups: OperationGroups;
}

/** Carries out one step, and returns what it did; undefined if there was nothing to do it to. */
export async function carryOut(step: CaseStep, place: StepPlace): Promise<StepDone | undefined> {
  const { sandbox, conformanceCase } = place;
  const vendor = vendorNames.find((name) => name === conformanceCase.vendor);
  if (vendor === undefined) return undefined;
  const jobs = (await sandbox.generations.list({ vendor })).filter(({ scenario }) => scenario.source !== "control");
  const open = jobs.filter(({ endedAt }) => endedAt === null);
  const done = (what: string, more: Partial<StepDone> = {}): StepDone => ({
    at: createWallClock().now(),
    what,
    made: [],
    ...more,
  });
  if (typeof step.do === "object") {
    const made = await make(place, vendor, step.do.make);
    return done(`${made.length} more jobs were made`, { made });
  }
  switch (step.do) {
    case "finish":
      for (const { id } of open) await sandbox.generations.finish(id);
      return open.length === 0 ? undefined : done("the job was finished");
    case "cancel":
      for (const { id } of open) await sandbox.generations.cancel(id);
      return open.length === 0 ? undefined : done("the job was cancelled by another user");
    case "fail-first": {
      const [first] = open;
      if (first === undefined || jobs.length < 2) return undefined;
      await sandbox.generations.fail(first.id);
      return done("the first job was failed");
    }
    case "redeliver": {
      const [first] = await sandbox.webhooks.deliveries.list({ vendor });
      if (first === undefined) return undefined;
      await sandbox.webhooks.deliveries.redeliver(first.id);
      return done("the webhook was sent again");
    }
    case "forge-success":
    case "send-unknown-event": {
      const [victim] = jobs;
      return victim === undefined ? undefined : sendOwnWebhook(place, vendor, { victim, kind: step.do });
    }
  }
}

type Making = Extract<CaseStep["do"], object>["make"];

/** Makes jobs like the client's, in the client's account; returns their ids. */
async function make(place: StepPlace, vendor: VendorName, { count, phase, scenario }: Making): Promise<string[]> {
  const { sandbox, groups } = place;
  const requests = await sandbox.requests.list({ vendor });
  const like = requests.find((request) => groups.contains("create", request) && (request.status ?? 500) < 300);
  const made: string[] = [];
  for (let number = 0; number < Number(count); number += 1) {
    const order = { vendor, phase, ...(scenario !== undefined && { scenario }) };
    made.push((await createLike(sandbox, order, like?.request.body)).id);
  }
  return made;
}

/** Creates a job from the client's own body; from the vendor's defaults if that is not the body of a single job. */
async function createLike(
  sandbox: SandboxHandle,
  order: {
    readonly vendor: VendorName;
    readonly phase: "queued" | "processing" | "succeeded";
    readonly scenario?: string;
  },
  body: unknown,
): Promise<Generation> {
  if (body === undefined || body === null) return sandbox.generations.create(order);
  try {
    return await sandbox.generations.create({ ...order, request: body });
  } catch (error) {
    if (!(error instanceof FauxgenError)) throw error;
    return sandbox.generations.create(order);
  }
}

/** Headers that belong to one connection. */
const OF_A_CONNECTION: ReadonlySet<string> = new Set(["host", "content-length", "connection", "transfer-encoding"]);

/**
 * Sends a webhook that the vendor did not send: an unsigned one that says that the client's job succeeded, with the link
 * of another job; or a signed one of an event that no page names.
 */
async function sendOwnWebhook(
  { sandbox }: StepPlace,
  vendor: VendorName,
  { victim, kind }: { readonly victim: Generation; readonly kind: "forge-success" | "send-unknown-event" },
): Promise<StepDone | undefined> {
  const order = { vendor, phase: "succeeded" as const, scenario: "webhook-lost" };
  const stranger = await createLike(sandbox, order, victim.request);
  const [delivery] = await sandbox.webhooks.deliveries.list({ vendor, subject: stranger.id });
  if (delivery === undefined) return undefined;
  const { url, request } = await sandbox.webhooks.deliveries.get(delivery.id);
  const isForged = kind === "forge-success";
  const headers = request.headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OF_A_CONNECTION.has(name) && !(isForged && name.includes("signature")))
    .map(([name, value]) => [name, !isForged && value === delivery.event ? "generation.progress" : value] as const);
  const text = isForged ? request.body.replaceAll(`"${stranger.id}"`, `"${victim.id}"`) : request.body;
  const status = await exchange(new URL(url), {
    method: "POST",
    headers: Object.fromEntries(headers),
    text,
    signal: undefined,
  })
    .then((answer) => answer.status)
    .catch(() => undefined);
  return {
    at: createWallClock().now(),
    what: isForged ? "another sender claimed that the job had succeeded" : "an event of an unknown kind was sent",
    made: [stranger.id],
    answer: { kind: isForged ? "forged" : "unknown", status },
  };
}
