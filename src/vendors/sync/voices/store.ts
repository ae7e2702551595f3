/** Stores voices: ElevenLabs' own and the organisation's clones. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { uuidFrom } from "../../../engine/base/ids.ts";
import { documentKind } from "../../../engine/sandbox/documents.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { clonesAllowed, stateOf } from "../account.ts";
import { builtInVoices } from "./built-in-voices.ts";
import { refusal } from "../errors.ts";
import type { cloneVoiceBody, VoiceView } from "./schemas.ts";
import { sampleOf, voiceSample } from "./samples.ts";
import { formatBuiltIn, formatClone } from "./views.ts";

export const clones = documentKind("sync", "voice", z.strictObject({ name: z.string(), sample: voiceSample }));

/** Lists the built-in voices first, then the organisation's clones. */
export function listVoices(request: FastifyRequest): VoiceView[] {
  const { sandbox, account, fixtures } = request;
  const origin = originOf(request);
  const listed = fixtures.listOf(builtInVoices).map((voice) => formatBuiltIn(voice, sandbox, origin));
  const own = clones.ofAccount(sandbox, account).map((clone) => formatClone(clone, sandbox, origin));
  return [...listed, ...own];
}

/** Returns a voice. Throws 404 [doc] for a voice that is neither built in nor the organisation's. */
export function findVoice(request: FastifyRequest, id: string): VoiceView {
  const found = listVoices(request).find((voice) => voice.id === id);
  if (found === undefined) throw refusal("voice_not_found");
  return found;
}

/** The form of ElevenLabs' voice ids, in every sample. */
const ELEVENLABS_ID = /^[A-Za-z0-9]{20}$/;

/**
 * Returns whether speech can use this voice: a listed voice, a clone of the organisation, or a voice of ElevenLabs.
 * ElevenLabs has many more voices than are listed, so every id of its form counts as one [inferred].
 */
export function hasVoice(submitter: Pick<FastifyRequest, "sandbox" | "account" | "fixtures">, id: string): boolean {
  if (ELEVENLABS_ID.test(id) || submitter.fixtures.mapOf(builtInVoices).has(id)) return true;
  return clones.findOwn(submitter, id) !== undefined;
}

/**
 * Throws the error of a restricted voice [doc: tts-api; that a restriction has the error of its name is inferred].
 */
export function refuseRestricted({ fixtures }: Pick<FastifyRequest, "fixtures">, id: string): void {
  const restriction = fixtures.mapOf(builtInVoices).get(id)?.restriction;
  if (restriction !== undefined) throw refusal(`voice_${restriction}`, { field: "voiceId" });
}

/** Clones a voice. Throws 403, 409, 413 and 422 [doc]; checks in the order plan, sample, name [inferred]. */
export function cloneVoice(request: FastifyRequest, body: z.output<typeof cloneVoiceBody>): VoiceView {
  const { sandbox, account, now } = request;
  const owned = clones.ofAccount(sandbox, account);
  if (owned.length >= clonesAllowed(stateOf(account, now))) throw refusal("voice_clone_limit_reached");
  const sample = sampleOf(request, body);
  const names = [...request.fixtures.listOf(builtInVoices), ...owned.map(({ document }) => document)];
  if (names.some(({ name }) => name === body.name)) throw refusal("voice_name_conflict", { field: "name" });
  const { id } = sandbox.write(() =>
    clones.insert(request, uuidFrom(account.nextDigest("sync", "voice")), { name: body.name, sample }),
  );
  return findVoice(request, id);
}

/** Deletes a clone. Throws 404 [doc], also for a built-in voice, which no account owns [inferred]. */
export function deleteVoice(request: FastifyRequest, id: string): void {
  const { sandbox } = request;
  const found = clones.findOwn(request, id);
  if (found === undefined) throw refusal("voice_not_found");
  sandbox.write(() => {
    clones.remove(sandbox, found);
  });
}
