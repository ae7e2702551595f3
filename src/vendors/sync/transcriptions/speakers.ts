/** Matches the speakers of a transcription to faces [doc: get-speaker-analysis, analyze-speakers], as a job of its own. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { uuidFrom } from "../../../engine/base/ids.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import { observe, observeAtCreation, type Observation } from "../../../engine/model/observation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { originOf, publicOrigin } from "../../../http/parsing/public-url.ts";
import { createGeneration, type JobDraft } from "../../../http/request/creating.ts";
import { plainError } from "../errors.ts";
import { resultToken } from "../result-token.ts";
import { sourceOf } from "../organization/source.ts";
import { analysisFailures, jobCapabilities } from "./failures.ts";
import type { analyzeSpeakersBody, SpeakerAnalysisView } from "./schemas.ts";
import { findTranscription, transcriptionOf, type TranscriptionAttributes } from "./store.ts";
import { speakerName, transcribe } from "./transcript.ts";
import { revisionOf } from "./views.ts";
import type { z } from "zod";

const ANALYSIS_KIND = "speaker-analysis";

/** The limits of an analysis [doc]. */
const MOST_SECONDS = 120;
const MOST_SPEAKERS = 8;

/** Attempts of one transcription [client: the tool server]. */
const MOST_ATTEMPTS = 3;

const FRAMES_PER_SECOND = 25;

/** Returns a transcription that has completed. Throws 409 [doc] for any other. */
export function readCompleted(request: FastifyRequest, id: string): Generation {
  const found = findTranscription(request, id);
  if (observe(found, request.now).phase !== "succeeded") throw plainError(409, "The transcription is not completed");
  return found;
}

/** Returns the last analysis of a transcription. The emulator starts none by itself [inferred]. */
export function findAnalysis(request: FastifyRequest, transcribed: Generation): Generation | undefined {
  return attemptsAt(request, transcribed)[0];
}

/**
 * Starts an analysis, or returns the one that runs or has completed [doc]. Throws 409 for a stale revision and 422 for
 * another video [client: the tool server].
 */
export function startAnalysis(
  request: FastifyRequest,
  reply: FastifyReply,
  transcribed: Generation,
): { readonly analysis: Observation | undefined; readonly reason?: string } {
  const { sandbox, account, now } = request;
  const { revision, sourceVideoUrl, retry } = request.body as z.output<typeof analyzeSpeakersBody>;
  const asked = transcriptionOf(transcribed);
  if (revision !== revisionOf(transcribed, sandbox)) throw plainError(409, "The revision is not the current one");
  if (asked.sourceVideoUrl !== null && sourceVideoUrl !== asked.sourceVideoUrl)
    throw plainError(422, "sourceVideoUrl is not the source of the transcription");
  const attempts = attemptsAt(request, transcribed);
  const last = attempts[0] && observe(attempts[0], now);
  const hasFailed = last !== undefined && (last.phase === "failed" || last.phase === "cancelled");
  if (exclusionOf(asked) !== undefined || (last !== undefined && !(hasFailed && retry === true)))
    return { analysis: last };
  if (attempts.length >= MOST_ATTEMPTS) return { analysis: last, reason: "retry_limit" };
  const draft = (): JobDraft => ({
    id: uuidFrom(account.nextDigest("sync", ANALYSIS_KIND)),
    kind: ANALYSIS_KIND,
    model: ANALYSIS_KIND,
    medium: "video",
    facts: { source: sourceOf(request), transcription: transcribed.id },
    request: request.body,
    attributes: {},
    outputs: [],
    outputsHavePublicIds: false,
    cost: 0,
  });
  return {
    analysis: observeAtCreation(createGeneration(request, reply, jobCapabilities(analysisFailures), { draft })),
  };
}

/** Formats an analysis; `analysis` is undefined for one that was never asked for. */
export function formatAnalysis(
  request: FastifyRequest,
  transcribed: Generation,
  analysis: Observation | undefined,
  reason = reasonOf(transcriptionOf(transcribed), analysis),
): SpeakerAnalysisView {
  const { sandbox } = request;
  const asked = transcriptionOf(transcribed);
  const isDone = reason === undefined && analysis?.phase === "succeeded";
  return {
    revision: revisionOf(transcribed, sandbox),
    sourceStartMs: asked.startMs,
    status: reason !== undefined ? "unavailable" : isDone ? "completed" : "processing",
    speakers: isDone ? speakersOf(transcribed, sandbox, originOf(request)) : [],
    sourceVideoUrl: asked.sourceVideoUrl,
    sourceEndMs: asked.endMs,
    ...(reason !== undefined && { reason }),
  };
}

/** Returns whether a URL has the token of the file. */
export function isFaceTrackToken(sandbox: Sandbox, file: string, token: string | undefined): boolean {
  return token === resultToken(sandbox, file.slice(0, 36));
}

/** Returns the boxes of a speaker's face, one per frame [inferred]; undefined for no such file. */
export function faceTrackOf(sandbox: Sandbox, file: string): { frames: (readonly number[] | null)[] } | undefined {
  const [, id = "", number = ""] = /^([0-9a-f-]{36})-(\d+)\.json$/.exec(file) ?? [];
  const found = sandbox.generations.find("sync", id);
  if (found?.kind !== "transcription") return undefined;
  const { startMs, untilMs, speakers } = transcriptionOf(found);
  const index = Number(number) - 1;
  if (index < 0 || index >= speakers) return undefined;
  const left = 160 + index * 240;
  const first = Math.floor((startMs / 1000) * FRAMES_PER_SECOND);
  const last = Math.floor((untilMs / 1000) * FRAMES_PER_SECOND);
  return {
    frames: Array.from({ length: last }, (_, frame) => (frame < first ? null : [left, 120, left + 200, 380])),
  };
}

function attemptsAt({ sandbox, account }: FastifyRequest, { id }: Generation): Generation[] {
  return sandbox.generations.list(
    { accountId: account.id, vendor: "sync", kind: ANALYSIS_KIND, facts: { transcription: [id] } },
    { order: "newest", limit: MOST_ATTEMPTS },
  );
}

/** Returns why a source can never be analysed [client: the tool server's reasons]. */
function exclusionOf({ sourceVideoUrl, startMs, untilMs, speakers }: TranscriptionAttributes): string | undefined {
  if (sourceVideoUrl === null) return "source_binding_unavailable";
  if (untilMs - startMs > MOST_SECONDS * 1000) return "source_too_long";
  return speakers > MOST_SPEAKERS ? "too_many_speakers" : undefined;
}

function reasonOf(asked: TranscriptionAttributes, analysis: Observation | undefined): string | undefined {
  const excluded = exclusionOf(asked);
  if (excluded !== undefined) return excluded;
  if (analysis === undefined) return "not_requested";
  const hasFailed = analysis.phase === "failed" || analysis.phase === "cancelled";
  return hasFailed ? (analysis.generation.failure?.code ?? "analysis_failed") : undefined;
}

function speakersOf(transcribed: Generation, sandbox: Sandbox, origin: string): SpeakerAnalysisView["speakers"] {
  const { startMs, untilMs, speakers } = transcriptionOf(transcribed);
  const words = transcribe(startMs, untilMs, speakers).segments.flatMap((segment) => segment.words);
  const files = `${publicOrigin(sandbox, origin)}/_media/${sandbox.name}/sync/face-tracks`;
  const query = `token=${resultToken(sandbox, transcribed.id)}&sandbox=${sandbox.name}`;
  return Array.from({ length: speakers }, (_, index) => {
    const name = `${transcribed.id}-${index + 1}`;
    return {
      speakerId: speakerName(index),
      status: "matched" as const,
      avatar: { url: mediaUrl(sandbox, origin, { vendor: "sync", name: `speaker-${name}.jpg` }) },
      evidence: { words: words.filter(({ speakerId }) => speakerId === speakerName(index)).length },
      faceTrack: { url: `${files}/${name}.json?${query}` },
    };
  });
}
