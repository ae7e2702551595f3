/** Formats a picture as Acme's JSON. */
import type { Observation } from "../../engine/model/observation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../http/parsing/media-url.ts";
import type { Picture } from "./schemas.ts";

export function formatPicture({ generation, phase }: Observation, sandbox: Sandbox, origin: string): Picture {
  const { id, failure } = generation;
  switch (phase) {
    case "queued":
      return { id, state: "waiting" };
    case "processing":
      return { id, state: "drawing" };
    case "succeeded":
      return { id, state: "done", image: { url: mediaUrl(sandbox, origin, { vendor: "acme", name: `${id}.png` }) } };
    case "failed":
    case "rejected":
    case "cancelled":
      return { id, state: "broken", reason: failure?.message ?? "The picture was called off." };
  }
}
