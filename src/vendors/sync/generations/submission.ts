/** Turns the body of a create into the engine's job: checks, references, length, price and outputs. */
import type { Submitter } from "../../../http/request/submitter.ts";
import { uuidJobIdFrom } from "../../job-id.ts";
import type { OutputDraft } from "../../../engine/scenario/plan.ts";
import type { JobDraft } from "../../../http/request/creating.ts";
import { findModel, type Model } from "../catalogue.ts";
import { estimateCost } from "./cost.ts";
import { refusal, unknownProject, unsupportedModel, unusableInput } from "../errors.ts";
import type { GenerateBody } from "./schemas.ts";
import { editedSeconds } from "./edited-dialogue.ts";
import { checkInput, hasSegments, isVisual } from "./input-rules.ts";
import { lengthOf, referenceOf, type Length } from "./length.ts";
import { findAsset, findFile, hasProject, type AssetFacts } from "../references.ts";
import { generationSourceOf } from "../organization/source.ts";
import { sanitizeFileName, type GenerationAttributes, type GenerationEcho } from "./store.ts";
import { hasVoice, refuseRestricted } from "../voices/store.ts";

/** The assumed size of an input whose real size is unknown, in pixels. */
const USUAL_SIZE = { width: 1280, height: 720 } as const;

/** Maximum length of an input of react-1, in seconds [client: "about 15 s"]. */
const REACT_SECONDS = 15;

export interface Submission {
  readonly model: Model;
  readonly length: Length;
  /** Call it inside the transaction that stores the generation, because it counts ids. */
  readonly draft: () => JobDraft;
}

/**
 * Checks a body in the order model, input, references, length [inferred]; throws sync's own errors. `sent` is the body
 * before parsing, so that the echo has the client's own keys in their order. `source` is the request's `x-sync-source`.
 */
export function planSubmission(
  submitter: Submitter,
  body: GenerateBody,
  sent: GenerationEcho,
  source = "",
): Submission {
  const { sandbox, account } = submitter;
  const model = findModel(submitter, body.model);
  if (model === undefined) throw unsupportedModel();
  checkInput(body);
  checkVoices(submitter, body);
  const assets = findAssets(submitter, body);
  if (body.projectId != null && !hasProject(sandbox, account, body.projectId)) throw unknownProject();
  const edited = editedSeconds(submitter, body, assets);
  const length =
    edited === undefined ? lengthOf(body, assets) : { seconds: edited, soundSeconds: edited, known: edited };
  if (model.type === "react" && (length.known ?? 0) > REACT_SECONDS)
    throw unusableInput("generation_model_duration_exceeded");
  return { model, length, draft: () => draftOf(submitter, body, { sent, source }, { model, length, assets }) };
}

/** Throws 422 for an unknown voice, as the speech routes do [inferred: on these routes no page names it]. */
function checkVoices(submitter: Submitter, { input }: GenerateBody): void {
  for (const item of input) {
    if (item.type !== "text") continue;
    const { voiceId } = item.provider;
    if (!hasVoice(submitter, voiceId)) throw refusal("voice_not_found", { status: 422, field: "input" });
    refuseRestricted(submitter, voiceId);
  }
}

/**
 * Returns the assets of the input by id, and the vendor's own files by URL. Throws 404 [inferred] for an asset that does not exist, and 422 for an asset
 * of another kind.
 */
function findAssets({ sandbox, account }: Submitter, { input }: GenerateBody): ReadonlyMap<string, AssetFacts> {
  const found = new Map<string, AssetFacts>();
  for (const item of input) {
    if (item.type === "text") continue;
    if (item.assetId === undefined) {
      const file = findFile(sandbox, account, item.url ?? "");
      if (file !== undefined) found.set(referenceOf(item), file);
      continue;
    }
    const asset = findAsset(sandbox, account, item.assetId);
    if (asset === undefined) throw refusal("asset_not_found", { field: "input" });
    if (asset.type !== item.type.toUpperCase()) throw unusableInput("generation_input_asset_type_mismatch");
    found.set(item.assetId, asset);
  }
  return found;
}

function draftOf(
  { account, sandbox, user }: Submitter,
  body: GenerateBody,
  { sent, source }: { readonly sent: GenerationEcho; readonly source: string },
  { model, length, assets }: { model: Model; length: Length; assets: ReadonlyMap<string, AssetFacts> },
): JobDraft {
  const id = uuidJobIdFrom(sandbox, account.nextDigest("sync", "generation"));
  const projectId = body.projectId ?? null;
  const attributes: GenerationAttributes = {
    outputFileName: sanitizeFileName(body.outputFileName),
    projectId,
    user,
    ...(body.dubParams != null && { isDubbed: true }),
  };
  return {
    id,
    model: body.model,
    medium: "video",
    facts: { source, projectId: projectId ?? "", batch: "", user, generationSource: generationSourceOf(source) },
    request: {
      input: sent.input,
      segments: sent.segments ?? null,
      webhookUrl: sent.webhookUrl ?? null,
      options: sent.options ?? null,
    },
    attributes,
    outputs: outputsOf(id, body, length, sizeOf(body, assets)),
    outputsHavePublicIds: true,
    cost: estimateCost(model, length.seconds)?.estimatedGenerationCost ?? 0,
  };
}

function outputsOf(
  id: string,
  body: GenerateBody,
  { seconds, soundSeconds }: Length,
  size: { readonly width: number; readonly height: number },
): OutputDraft[] {
  const video: OutputDraft = { id, medium: "video", format: "mp4", ...size, durationSeconds: seconds };
  const outputs = [video];
  if (hasSegments(body)) outputs.push({ ...video, id: `${id}-segment` });
  if (body.input.some(({ type }) => type === "text"))
    outputs.push({
      id: `${id}-audio`,
      medium: "audio",
      format: "mp3",
      width: 0,
      height: 0,
      durationSeconds: soundSeconds,
    });
  return outputs;
}

function sizeOf({ input }: GenerateBody, assets: ReadonlyMap<string, AssetFacts>): { width: number; height: number } {
  const visual = input.find(isVisual);
  const asset = visual === undefined || visual.type === "text" ? undefined : assets.get(referenceOf(visual));
  return { width: asset?.width ?? USUAL_SIZE.width, height: asset?.height ?? USUAL_SIZE.height };
}
