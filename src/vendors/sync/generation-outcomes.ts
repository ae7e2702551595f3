import type { Outcome, Provocation } from "../../http/outcomes.ts";

const video = "https://assets.sync.so/docs/example-video.mp4";
const audio = "https://assets.sync.so/docs/example-audio.wav";
export const lipsync = {
  model: "lipsync-2",
  input: [
    { type: "video", url: video },
    { type: "audio", url: audio },
  ],
};

const create: Provocation = { account: "main", method: "POST", path: "/v2/generate", body: lipsync };
const read: Provocation = { account: "main", method: "GET", path: "/v2/generate/{id}", create: { body: lipsync } };

export const generationOutcomes: readonly Outcome[] = [
  { operation: "createGeneration", status: 201, phase: "queued", source: "client", provoke: create },
  { operation: "getGeneration", status: 200, phase: "queued", source: "seed", provoke: read },
];
