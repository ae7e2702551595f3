/**
 * Guesses what a model makes that the catalogue does not have. The route decides first, then the parameters, then the
 * name. All rules of the guess are our choice [inferred].
 */
import type { Model, Pricing } from "./model.ts";

/** What a model makes. */
export type Kind = "text" | "image" | "video" | "audio";

/** The usual endpoint and a made-up price of the models of a kind. */
export const USUAL = {
  text: { endpoint: "/chat/completions", pricing: { method: "token" } },
  image: { endpoint: "/images/generate", pricing: { method: "per_image", cost_per_image: 0.04 } },
  video: { endpoint: "/videos/generate", pricing: { method: "per_video_output_second", cost_per_second: 0.1 } },
  audio: { endpoint: "/audio/speech", pricing: { method: "per_audio_output_second", cost_per_second: 0.003 } },
} as const satisfies Readonly<Record<Kind, { readonly endpoint: string; readonly pricing: Pricing }>>;

interface Evidence {
  readonly parameters: readonly string[];
  /** The kinds of models that take such a parameter, the likeliest first. */
  readonly kinds: readonly [Kind, ...Kind[]];
}

/** The first row with a parameter of the request applies. */
const EVIDENCE: readonly Evidence[] = [
  {
    parameters: [
      ...["multi_prompt", "input_video", "input_videos", "video_url", "generate_audio", "fps", "target_fps"],
      ...["num_frames", "frames_per_second", "start_image_url", "tail_image_url", "end_image_url", "keep_audio"],
    ],
    kinds: ["video"],
  },
  { parameters: ["voice", "pitch", "sample_rate", "audio_urls"], kinds: ["audio"] },
  { parameters: ["image_size", "num_images", "n", "mask", "mask_url", "output_quality"], kinds: ["image"] },
  { parameters: ["duration", "seconds"], kinds: ["video", "audio"] },
  {
    parameters: [
      ...["aspect_ratio", "resolution", "size", "width", "height", "image", "input_image", "input_images"],
      ...["negative_prompt", "num_inference_steps", "guidance_scale"],
    ],
    kinds: ["image", "video"],
  },
];

const TEXT_FAMILIES =
  /^(?:claude|gpt-[3-9]|gpt-oss|o[1-4](?:-|$)|llama|mistral|mixtral|deepseek|qwen(?!.*(?:image|video))|gemma|sonar|kimi)/;
const AUDIO_WORDS = /audio|speech|music|voice|tts/;
const VIDEO_WORDS = /video|motion|[ti]2v|kling|seedance|veo|sora|wan-|hailuo|runway|luma|pika/;

/** Guesses what a model makes; `route` is what the route of the request makes, if it makes one kind only. */
export function guessKind(name: string, parameters: Readonly<Record<string, unknown>>, route?: Kind): Kind {
  if (route !== undefined) return route;
  const byName = kindOfName(name);
  const isSent = (parameter: string): boolean => parameters[parameter] !== undefined && parameters[parameter] !== null;
  const kinds = EVIDENCE.find((each) => each.parameters.some(isSent))?.kinds;
  return kinds === undefined || kinds.includes(byName) ? byName : kinds[0];
}

function kindOfName(name: string): Kind {
  if (TEXT_FAMILIES.test(name)) return "text";
  if (AUDIO_WORDS.test(name)) return "audio";
  return VIDEO_WORDS.test(name) ? "video" : "image";
}

/** Builds a model of this kind, as the vendor would list it. */
export function guessedModel(id: string, kind: Kind, input: readonly Kind[]): Model {
  return {
    id,
    object: "model",
    created: 0,
    owned_by: "oxen",
    display_name: id,
    description: null,
    summary: null,
    model_type: "base",
    ...USUAL[kind],
    capabilities: { input: [...input], output: [kind] },
    fine_tuning: null,
    deployments: [],
    developer: null,
    source_model: null,
    image_url: null,
    released_at: null,
    request_schema: null,
    showcase: null,
  };
}
