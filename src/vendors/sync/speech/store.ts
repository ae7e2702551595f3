/** Speech from text. Both its forms are generations of kind `tts`, so that their files and lives are like any other's. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";
import type { ScenarioChoice } from "../../../engine/generation/generations.ts";
import { uuidFrom } from "../../../engine/base/ids.ts";
import type { Observation } from "../../../engine/model/observation.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { ScenarioRefused } from "../../../engine/scenario/plan.ts";
import {
  chooseScenario,
  createGenerations,
  type VendorCapabilities,
  type JobDraft,
} from "../../../http/request/creating.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { errorEntries, errorEntryOf } from "../error-catalogue.ts";
import { errors, plainError, refusal } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import { speechSeconds } from "../length.ts";
import { sourceOf } from "../source.ts";
import type { SpeechBody, SpeechJobView } from "./schemas.ts";
import { formatInstant } from "../views.ts";
import { hasVoice } from "../voices/store.ts";

const KIND = "tts";

/** What speech fails with unless a scenario names another code [doc: tts-api]. */
const USUAL_FAILURE = "elevenlabs_service_unavailable";

/** A job's error is text alone, so that any code of the catalogue can be its reason. */
const speechExpression: VendorCapabilities = {
  ...capabilities,
  expressible: { ...capabilities.expressible, phases: ["queued", "processing", "succeeded", "failed"] },
  failure: (code) => {
    const entry = errorEntryOf(code ?? USUAL_FAILURE);
    return entry && { code: entry.code, message: entry.message };
  },
  failureCodes: errorEntries.map(({ code }) => code),
};

const STATUSES = {
  queued: "PENDING",
  processing: "PROCESSING",
  succeeded: "SUCCESS",
  failed: "FAILED",
  rejected: "FAILED",
  cancelled: "FAILED",
} as const satisfies Record<Phase, SpeechJobView["status"]>;

/**
 * Makes speech at once. A scenario that fails is the refusal with its code, and one that never ends is the 504 of a
 * provider that does not answer [doc]: there is no job that could show it.
 */
export function createSpeech(request: FastifyRequest, reply: FastifyReply, body: SpeechBody): Generation {
  const { sandbox, account, now, entry } = request;
  checkVoice(request, body);
  const { choice, label } = chooseScenario(request, reply, speechExpression);
  refuseFailing(request, choice);
  const made = sandbox.write(() =>
    sandbox.generations.create(
      { ...draftOf(request, body), kind: KIND, vendor: "sync", account, label, origin: originOf(request) },
      doneAtOnce(choice),
      now,
    ),
  );
  entry.generations = [made.id];
  entry.label = label;
  return made;
}

/** Starts a job that makes speech. Call it inside the transaction that stores what else belongs to it. */
export function createSpeechJob(request: FastifyRequest, reply: FastifyReply, body: SpeechBody): Generation {
  checkVoice(request, body);
  const draft = (): JobDraft => ({ ...draftOf(request, body), kind: KIND });
  const [created] = createGenerations(request, reply, speechExpression, () => [draft()]);
  if (created === undefined) throw new Error("A request makes one job.");
  return created;
}

/** The organisation's job. Throws 404 [inferred: the catalogue has no code for it] for any other id. */
export function findSpeechJob({ sandbox, account }: FastifyRequest, id: string): Generation {
  const found = sandbox.generations.find("sync", id.toLowerCase());
  if (found?.kind !== KIND || found.accountId !== account.id) throw plainError(404, "TTS job not found");
  return found;
}

export function formatSpeechJob(observed: Observation, sandbox: Sandbox, origin: string): SpeechJobView {
  const { generation, phase, startedAt, endedAt } = observed;
  const isDone = phase === "succeeded";
  const status = STATUSES[phase];
  return {
    id: generation.id,
    status,
    url: isDone ? speechUrl(generation, sandbox, origin) : null,
    duration: isDone ? durationOf(generation) : null,
    error: status === "FAILED" ? (generation.failure?.message ?? "The job was cancelled.") : null,
    createdAt: formatInstant(generation.createdAt),
    startedAt: startedAt === undefined ? null : formatInstant(startedAt),
    finishedAt: endedAt === undefined ? null : formatInstant(endedAt),
  };
}

export function speechUrl({ id }: Generation, sandbox: Sandbox, origin: string): string {
  return mediaUrl(sandbox, origin, { vendor: "sync", name: `${id}.mp3` });
}

export function durationOf({ outputs }: Generation): number {
  return outputs[0]?.durationSeconds ?? 0;
}

function checkVoice(request: FastifyRequest, { voiceId }: SpeechBody): void {
  if (!hasVoice(request, voiceId)) throw refusal("voice_not_found", { status: 422, field: "voiceId" });
}

function draftOf(request: FastifyRequest, body: SpeechBody): Omit<JobDraft, "kind" | "account" | "label"> {
  const id = uuidFrom(request.account.nextDigest("sync", "speech"));
  return {
    id,
    model: body.provider ?? "elevenlabs",
    medium: "audio",
    facts: { source: sourceOf(request) },
    request: body,
    attributes: {},
    outputs: [{ id, medium: "audio", format: "mp3", width: 0, height: 0, durationSeconds: speechSeconds(body.script) }],
    outputsHavePublicIds: false,
    cost: 0,
  };
}

function refuseFailing(request: FastifyRequest, { scenario, chosen }: ScenarioChoice): void {
  if (scenario.ends === "never") throw refusal(USUAL_FAILURE, { status: 504 });
  if (scenario.ends === "succeeded") return;
  const code = chosen.code ?? scenario.code ?? USUAL_FAILURE;
  const error = errors.byCode(code, request);
  if (error === undefined) throw new ScenarioRefused("FAILURE_CODE_UNKNOWN", `sync refuses no speech with "${code}".`);
  throw error;
}

function doneAtOnce(choice: ScenarioChoice): ScenarioChoice {
  const { name, summary } = choice.scenario;
  return {
    ...choice,
    scenario: { name, summary, ends: "succeeded", outputs: "succeeded" },
    timing: "instant",
    progression: "time",
  };
}
