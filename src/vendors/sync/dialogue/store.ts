/** Creates and finds dialogue edits: audio previews of an edited transcript, as jobs of their own kind. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Account } from "../../../engine/generation/accounts.ts";
import { base62From, uuidFrom } from "../../../engine/base/ids.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { createGeneration, type JobDraft } from "../../../http/request/creating.ts";
import { plainError, refusal, unknownProject } from "../errors.ts";
import { hasProject } from "../references.ts";
import { uuid } from "../schemas.ts";
import { settingsOf } from "../settings.ts";
import { hasToken, sourceOf } from "../organization/source.ts";
import { dialogueEditFailures, jobCapabilities, requireFailure } from "../transcriptions/failures.ts";
import { inspectSource, lengthMsOf } from "../transcriptions/source-media.ts";
import { checkEdits, retime } from "./retime.ts";
import type { CreateDialogueEditBody } from "./schemas.ts";

const EDIT_KIND = "dialogue-edit";

/** The longest replacement of a word, in characters; a longer one fails the job [inferred]. */
const LONGEST_REPLACEMENT = 200;

export interface DialogueEditAttributes {
  readonly voiceId: string;
  readonly durationMs: number;
}

export function dialogueEditOf({ attributes }: Generation): DialogueEditAttributes {
  return attributes as DialogueEditAttributes;
}

/** Returns the request of a dialogue edit; only this vendor writes it, so its shape is known. */
export function editRequestOf({ request }: Generation): CreateDialogueEditBody {
  return request as CreateDialogueEditBody;
}

/** Returns the organisation's dialogue edit of this id; undefined for any other. */
export function findOwnEdit(
  { sandbox, account }: { readonly sandbox: Sandbox; readonly account: Account },
  id: string,
): Generation | undefined {
  const found = sandbox.generations.find("sync", id.toLowerCase());
  return found?.kind === EDIT_KIND && found.accountId === account.id ? found : undefined;
}

/** Returns the organisation's dialogue edit. Throws 400 and 404 like a transcription [inferred]. */
export function findDialogueEdit(request: FastifyRequest, id: string): Generation {
  if (!uuid.safeParse(id).success) throw plainError(400, "id must be a UUID");
  const found = findOwnEdit(request, id);
  if (found === undefined) throw plainError(404, "Dialogue edit not found");
  return found;
}

/**
 * Throws the documented refusal of a request with an API key, by the sandbox's setting: 422 without the rollout, 503 if
 * it cannot be read. `stage` is what the request makes. The token of a login is always admitted.
 */
export function refuseWithoutRollout(request: FastifyRequest, stage: "preview" | "generation"): void {
  const { dialogueEdits } = settingsOf(request.sandbox);
  if (hasToken(request) || dialogueEdits === "all") return;
  if (dialogueEdits === "unreadable") throw refusal("generation_infra_service_unavailable", { status: 503 });
  if (dialogueEdits === "none" || stage === "generation") throw refusal("dialogue_edit_retime_required");
}

/** Starts a dialogue edit. Throws 400 for edits that do not fit, and 422 and 503 with the documented codes. */
export async function startDialogueEdit(
  request: FastifyRequest,
  reply: FastifyReply,
  body: CreateDialogueEditBody,
): Promise<Generation> {
  const { sandbox, account } = request;
  const { transcript, edits, rerunOfJobId } = body;
  checkEdits(transcript, edits);
  refuseWithoutRollout(request, "preview");
  const speakers = new Set(transcript.segments.flatMap(({ words }) => words.map(({ speakerId }) => speakerId ?? "")));
  // A window [doc] and a source of several speakers [doc: transcriptions-api/get] are not supported.
  if (body.startMs != null || body.endMs != null || speakers.size > 1) throw refusal("dialogue_edit_unsupported");
  if (body.projectId != null && !hasProject(sandbox, account, body.projectId)) throw unknownProject();
  if (rerunOfJobId != null && findOwnEdit(request, rerunOfJobId) === undefined)
    throw refusal("dialogue_edit_not_found", { field: "rerunOfJobId" });
  const media = await inspectSource(request, body.sourceVideoUrl, "sourceVideoUrl");
  const ends = transcript.segments.flatMap(({ words }) => words.map(({ endMs }) => endMs));
  const durationMs = Math.max(1, (lengthMsOf(media) ?? Math.max(0, ...ends)) + retime(transcript, edits).shiftMs);
  return createGeneration(request, reply, jobCapabilities(dialogueEditFailures), {
    draft: () => draftOf(request, body, durationMs),
  });
}

/** Drafts the job: its first output is the preview, and each edit has one of its own, so that some can fail alone. */
function draftOf(request: FastifyRequest, body: CreateDialogueEditBody, durationMs: number): JobDraft {
  const { account } = request;
  const id = uuidFrom(account.nextDigest("sync", EDIT_KIND));
  const sound = { medium: "audio", format: "wav", width: 0, height: 0, durationSeconds: durationMs / 1000 } as const;
  const isTooLong = body.edits.some((edit) => edit.kind === "change" && edit.replacement.length > LONGEST_REPLACEMENT);
  const voiceId = body.voiceId ?? base62From(account.nextDigest("sync", "dialogue voice"), 20);
  const attributes: DialogueEditAttributes = { voiceId, durationMs };
  return {
    id,
    kind: EDIT_KIND,
    model: EDIT_KIND,
    medium: "audio",
    facts: { source: sourceOf(request) },
    request: body,
    attributes,
    outputs: [{ id, ...sound }, ...body.edits.map((_, index) => ({ id: `${id}-slot-${index}`, ...sound }))],
    outputsHavePublicIds: false,
    cost: 0,
    flaw: isTooLong ? requireFailure(dialogueEditFailures, "EDIT_TOO_LONG") : undefined,
  };
}
