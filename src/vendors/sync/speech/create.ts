/**
 * Creates speech from text. Speech at once and speech jobs are both generations of kind `tts`, so that the engine
 * handles their files and states.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";
import type { ScenarioChoice } from "../../../engine/generation/generations.ts";
import { uuidFrom } from "../../../engine/base/ids.ts";
import { ScenarioRefused } from "../../../engine/scenario/plan.ts";
import {
  chooseScenario,
  createGeneration,
  type VendorCapabilities,
  type JobDraft,
} from "../../../http/request/creating.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { errorEntries, errorEntryOf } from "../error-catalogue.ts";
import { errors, refusal } from "../errors.ts";
import { capabilities as sync } from "../capabilities.ts";
import { chargeSpeechQuota, checkSpeechQuota } from "../organization/quota.ts";
import { speechSeconds } from "./seconds.ts";
import { sourceOf } from "../organization/source.ts";
import type { SpeechBody } from "./schemas.ts";
import { hasVoice, refuseRestricted } from "../voices/store.ts";

/** The kind of a speech generation. */
export const SPEECH_KIND = "tts";

/** The failure code of speech, unless a scenario names another [doc: tts-api]. */
const USUAL_FAILURE = "elevenlabs_service_unavailable";

/** Capabilities of speech. The error of a job is only text, so any code of the catalogue can be its reason. */
const speechCapabilities: VendorCapabilities = {
  ...sync,
  capabilities: { ...sync.capabilities, phases: ["queued", "processing", "succeeded", "failed"] },
  failure: (code) => {
    const entry = errorEntryOf(code ?? USUAL_FAILURE);
    return entry && { code: entry.code, message: entry.message };
  },
  failureCodes: errorEntries.map(({ code }) => code),
};

/**
 * Creates speech at once. A scenario that fails becomes an error with its code, and a scenario that never ends becomes
 * the 504 of a provider that does not answer [doc], because no job could show them.
 */
export function createSpeech(request: FastifyRequest, reply: FastifyReply, body: SpeechBody): Generation {
  const { sandbox, account, now, entry } = request;
  checkVoice(request, body);
  const { choice, label } = chooseScenario(request, reply, speechCapabilities);
  refuseFailing(request, choice);
  checkSpeechQuota(request);
  const made = sandbox.write(() => {
    chargeSpeechQuota(request);
    return sandbox.generations.create(
      { ...draftOf(request, body), kind: SPEECH_KIND, vendor: "sync", account, label, origin: originOf(request) },
      doneAtOnce(choice),
      now,
    );
  });
  entry.generations = [made.id];
  entry.label = label;
  return made;
}

/** Starts a speech job. Call it inside the transaction that also binds the Idempotency-Key. */
export function createSpeechJob(request: FastifyRequest, reply: FastifyReply, body: SpeechBody): Generation {
  checkVoice(request, body);
  checkSpeechQuota(request);
  const charge = (): void => {
    chargeSpeechQuota(request);
  };
  const draft = (): JobDraft => ({ ...draftOf(request, body), kind: SPEECH_KIND });
  return createGeneration(request, reply, speechCapabilities, { draft, charge });
}

function checkVoice(request: FastifyRequest, { voiceId }: SpeechBody): void {
  if (!hasVoice(request, voiceId)) throw refusal("voice_not_found", { status: 422, field: "voiceId" });
  refuseRestricted(request, voiceId);
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
  if (error === undefined) throw new ScenarioRefused("FAILURE_CODE_UNKNOWN", `sync has no speech error "${code}".`);
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
