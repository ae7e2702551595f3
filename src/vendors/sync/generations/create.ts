/** Creates a generation from a checked body: once per Idempotency-Key, and within the quota. */
import { submitterOf } from "../../../http/request/submitter.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { observe, observeAtCreation, type Observation } from "../../../engine/model/observation.ts";
import { noteShown } from "../../../http/request/reading.ts";
import { createGeneration, type JobDraft } from "../../../http/request/creating.ts";
import { deleteAsset, type Asset } from "../assets/store.ts";
import { refuseWithoutRollout } from "../dialogue/store.ts";
import { generationNotFound } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import type { GenerateBody } from "./schemas.ts";
import { readIdempotencyKey, type IdempotentRequest } from "../idempotency.ts";
import { chargeQuota, checkQuota } from "../organization/quota.ts";
import { sourceOf } from "../organization/source.ts";
import { keepFiles } from "./form.ts";
import { sentEcho, type GenerationEcho } from "./store.ts";
import { planSubmission } from "./submission.ts";

/**
 * Returns the new generation in its first state, or the current state of the generation that the request's key created
 * before.
 */
export async function createOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  body: GenerateBody,
): Promise<Observation> {
  const { sandbox, sentBody, attachedFiles } = request;
  const digests = attachedFiles?.map(({ file, kind }) => [kind, file.upload.sha256]);
  const key = readIdempotencyKey(request, "createGeneration", { sentBody, digests });
  if (key?.boundTo !== undefined) return replay(request, key.boundTo);
  const sent = sentEcho(request);
  if (attachedFiles === undefined) return submit(request, reply, { body, sent, key });
  // This is a separate transaction, because an error of a scenario that refuses the create must not roll back that
  // scenario's use.
  const kept = sandbox.write(() => keepFiles(request, attachedFiles));
  request.attachedFiles = undefined;
  try {
    const made = submit(request, reply, { body: withAssets(body, kept), sent: withAssets(sent, kept), key });
    await request.written;
    return made;
  } catch (error) {
    sandbox.write(() => {
      for (const asset of kept.values()) deleteAsset(request, asset);
    });
    throw error;
  }
}

/** A create request: its checked body, the body as it was sent, and its Idempotency-Key, if any. */
interface Create {
  readonly body: GenerateBody;
  readonly sent: GenerationEcho;
  readonly key: IdempotentRequest | undefined;
}

function submit(request: FastifyRequest, reply: FastifyReply, { body, sent, key }: Create): Observation {
  if (body.dialogueEdit != null) refuseWithoutRollout(request, "generation");
  const submission = planSubmission(submitterOf(request, reply), body, sent, sourceOf(request));
  checkQuota(request, submission);
  const draft = (): JobDraft => {
    const drafted = submission.draft();
    key?.bind(drafted.id);
    return drafted;
  };
  const charge = (): void => {
    chargeQuota(request, submission);
  };
  return noteShown(request, observeAtCreation(createGeneration(request, reply, capabilities, { draft, charge })));
}

/** Returns the body with the ids of the assets that its files have become. */
function withAssets<Item extends object, Body extends { readonly input: readonly Item[] }>(
  body: Body & { readonly input: readonly Item[] },
  assets: ReadonlyMap<number, Asset>,
): Body {
  const input = body.input.map((item, index) => {
    const asset = assets.get(index);
    return asset === undefined ? item : { ...item, assetId: asset.id };
  });
  return { ...body, input };
}

/**
 * Returns the generation of an earlier request; creates, charges and counts nothing. Throws 404 [inferred] if the
 * generation has been deleted.
 */
function replay(request: FastifyRequest, id: string): Observation {
  const { sandbox, now, entry } = request;
  const made = sandbox.generations.find("sync", id);
  if (made === undefined) throw generationNotFound();
  entry.generations = [made.id];
  return noteShown(request, observe(made, now));
}
