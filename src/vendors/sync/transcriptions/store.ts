/** Creates and finds transcriptions. A transcription is a generation of its own kind without files. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { createHash } from "node:crypto";
import { uuidFrom } from "../../../engine/base/ids.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { InspectedMedia } from "../../../media/serve/inspect.ts";
import { createGeneration, type JobDraft } from "../../../http/request/creating.ts";
import { plainError, unknownProject } from "../errors.ts";
import { hasProject } from "../references.ts";
import { uuid } from "../schemas.ts";
import { settingsOf } from "../settings.ts";
import { sourceOf } from "../organization/source.ts";
import { jobCapabilities, requireFailure, transcriptionFailures } from "./failures.ts";
import type { CreateTranscriptionBody } from "./schemas.ts";
import { inspectSource, lengthMsOf } from "./source-media.ts";

const TRANSCRIPTION_KIND = "transcription";

/** The limit of a source without `maxSourceSeconds`; the tool server always sends 600 [client], so it is [inferred]. */
const USUAL_MAX_SECONDS = 600;

/** The assumed length of a source whose length is unknown. */
const USUAL_LENGTH_MS = 10_000;

/** What is stored of a transcription beside its request. */
export interface TranscriptionAttributes {
  readonly sourceVideoUrl: string | null;
  readonly startMs: number;
  readonly endMs: number | null;
  /** The end of the transcript, which is the end of the source if the window has none. */
  readonly untilMs: number;
  readonly speakers: number;
}

export function transcriptionOf({ attributes }: Generation): TranscriptionAttributes {
  return attributes as TranscriptionAttributes;
}

/**
 * Returns the organisation's transcription. Throws 400 [doc] for a malformed id and 404 [doc] for any other; the
 * catalogue has no code for either [inferred].
 */
export function findTranscription({ sandbox, account }: FastifyRequest, id: string): Generation {
  if (!uuid.safeParse(id).success) throw plainError(400, "id must be a UUID");
  const found = sandbox.generations.find("sync", id.toLowerCase());
  if (found?.kind !== TRANSCRIPTION_KIND || found.accountId !== account.id)
    throw plainError(404, "Transcription not found");
  return found;
}

/**
 * Starts a transcription, or returns the organisation's job of the same source and window [doc]. A job that failed is not
 * returned again [inferred].
 */
export async function transcribeOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  body: CreateTranscriptionBody,
): Promise<{ readonly job: Generation; readonly isNew: boolean }> {
  const { sandbox, account } = request;
  if (body.projectId != null && !hasProject(sandbox, account, body.projectId)) throw unknownProject();
  const field = body.sourceVideoUrl == null ? "sourceAudioUrl" : "sourceVideoUrl";
  const media = await inspectSource(request, body[field] ?? "", field);
  const window = fingerprintOf(body);
  const [known] = sandbox.generations.list(
    {
      accountId: account.id,
      vendor: "sync",
      kind: TRANSCRIPTION_KIND,
      phases: ["queued", "processing", "succeeded"],
      facts: { window: [window] },
    },
    { order: "newest", limit: 1 },
  );
  if (known !== undefined) return { job: known, isNew: false };
  const draft = (): JobDraft => draftOf(request, body, media, window);
  return {
    job: createGeneration(request, reply, jobCapabilities(transcriptionFailures), { draft }),
    isNew: true,
  };
}

function draftOf(
  request: FastifyRequest,
  body: CreateTranscriptionBody,
  media: InspectedMedia,
  window: string,
): JobDraft {
  const { sandbox, account } = request;
  const lengthMs = lengthMsOf(media) ?? USUAL_LENGTH_MS;
  const startMs = body.startMs ?? 0;
  const attributes: TranscriptionAttributes = {
    sourceVideoUrl: body.sourceVideoUrl ?? null,
    startMs,
    endMs: body.endMs ?? null,
    untilMs: Math.max(startMs, Math.min(body.endMs ?? lengthMs, Math.max(lengthMs, startMs + 1))),
    speakers: settingsOf(sandbox).speakers,
  };
  return {
    id: uuidFrom(account.nextDigest("sync", "transcription")),
    kind: TRANSCRIPTION_KIND,
    model: TRANSCRIPTION_KIND,
    medium: "audio",
    facts: { source: sourceOf(request), window },
    request: body,
    attributes,
    outputs: [],
    outputsHavePublicIds: false,
    cost: 0,
    flaw: flawOf(media, attributes, body.maxSourceSeconds ?? USUAL_MAX_SECONDS),
  };
}

/** Returns the failure of a source that its bytes condemn; it shows only once the job runs. */
function flawOf(media: InspectedMedia, { startMs, untilMs }: TranscriptionAttributes, maxSeconds: number) {
  if (media.kind === "image") return requireFailure(transcriptionFailures, "NO_AUDIO_TRACK");
  const isTooLong = untilMs - startMs > maxSeconds * 1000;
  return isTooLong ? requireFailure(transcriptionFailures, "SOURCE_TOO_LONG") : undefined;
}

/** Returns a text that is equal for the same source and window. */
function fingerprintOf({ sourceVideoUrl, sourceAudioUrl, startMs, endMs }: CreateTranscriptionBody): string {
  const parts = [sourceVideoUrl ?? "", sourceAudioUrl ?? "", startMs ?? 0, endMs ?? null];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
