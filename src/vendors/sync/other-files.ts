/**
 * Serves sync's files other than results: thumbnails of uploaded videos, samples of the built-in voices and faces of
 * speakers [doc: all are fields of documented answers; what they show is ours].
 */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";
import { fitWithin } from "../../media/encode/dimensions.ts";
import type { OtherFile } from "../../media/serve/file-host.ts";
import { assets } from "./assets/store.ts";
import { builtInVoices } from "./voices/built-in-voices.ts";
import { hasThumbnail } from "./assets/thumbnails.ts";
import { faceTrackOf } from "./transcriptions/speakers.ts";

const THUMBNAIL_SIDE = 640;
const AVATAR_SIDE = 256;
const PREVIEW_SECONDS = 3;

const FILE_NAME = /^(?<kind>thumb|voice|speaker)-(?<id>[A-Za-z0-9-]+)\.(?:jpg|mp3)$/;

export function otherFile(sandbox: Sandbox, fileName: string, fixtures: FixtureLibrary): OtherFile | undefined {
  const { kind, id = "" } = FILE_NAME.exec(fileName)?.groups ?? {};
  if (kind === "voice") {
    const voice = fixtures.mapOf(builtInVoices).get(id);
    const spec = { format: "mp3", width: 0, height: 0, durationSeconds: PREVIEW_SECONDS } as const;
    return voice && { spec: { ...spec, title: voice.name }, createdAt: 0 };
  }
  if (kind === "speaker") return avatarOf(sandbox, id);
  const asset = kind === "thumb" ? assets.find(sandbox, id) : undefined;
  if (asset === undefined || !hasThumbnail(asset.document)) return undefined;
  const { width, height, name = id } = asset.document;
  const size = fitWithin({ width, height }, THUMBNAIL_SIDE);
  return { spec: { format: "jpg", ...size, durationSeconds: 0, title: name }, createdAt: asset.createdAt };
}

/** Returns the face of a transcription's speaker, by the ids of both. */
function avatarOf(sandbox: Sandbox, name: string): OtherFile | undefined {
  const [, id = "", number = "0"] = /^(.{36})-(\d+)$/.exec(name) ?? [];
  const found = sandbox.generations.find("sync", id);
  if (found?.kind !== "transcription" || faceTrackOf(sandbox, `${name}.json`) === undefined) return undefined;
  const spec = { format: "jpg", width: AVATAR_SIDE, height: AVATAR_SIDE, durationSeconds: 0 } as const;
  return { spec: { ...spec, title: `Speaker ${number}` }, createdAt: found.createdAt };
}
