/** Lists every response of the synchronous routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { asMain, image, invalid, notFound, unauthenticated } from "../provocations.ts";

interface SynchronousRoute {
  readonly operation: Outcome["operation"];
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** A wrong parameter; `message` is the model's message about it. */
  readonly wrong: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const routes: readonly SynchronousRoute[] = [
  {
    operation: "generateImage",
    path: "/api/ai/images/generate",
    body: image,
    wrong: { prompt: "" },
    message: "Prompt cannot be empty",
  },
  {
    operation: "editImage",
    path: "/api/ai/images/edit",
    body: { model: "qwen-image-edit", prompt: "add a bell", input_image: "https://media.test/ox.png" },
    wrong: { input_image: null },
    message: "Field required",
  },
  {
    operation: "generateVideo",
    path: "/api/ai/videos/generate",
    body: { model: "kling-video-o3-pro-reference-to-video", prompt: "an ox walks" },
    wrong: { multi_prompt: [{ prompt: "an ox walks", duration: 5 }] },
    message: "Cannot provide both 'prompt' and 'multi_prompt'.",
  },
  {
    operation: "generateAudio",
    path: "/api/ai/audio/generate",
    body: { model: "bytedance-seed-audio-1-0", prompt: "moo" },
    wrong: { speed: 3 },
    message: "speed must be between 0.5 and 2",
  },
  {
    operation: "generateSpeech",
    path: "/api/ai/audio/speech",
    body: { model: "bytedance-seed-audio-1-0", input: "moo" },
    wrong: { sample_rate: 1 },
    message: "Invalid sample_rate",
  },
];

export const synchronousOutcomes: readonly Outcome[] = [...routes.flatMap(outcomesOf), ...transcriptionOutcomes()];

function outcomesOf({ operation, path, body, wrong, message }: SynchronousRoute): Outcome[] {
  const post: Provocation = { ...asMain, method: "POST", path, body };
  // These routes wait on the sandbox's clock, which does not move during a provocation.
  const settings = { timing: "instant" } as const;
  const posting = (change: Readonly<Record<string, unknown>>): Provocation => ({
    ...post,
    body: { ...body, ...change },
    settings,
  });
  return [
    {
      operation,
      status: 200,
      phase: "succeeded",
      // No page shows the answer to speech.
      source: operation === "generateSpeech" ? "inferred" : "doc",
      provoke: { ...post, settings },
    },
    {
      operation,
      status: 200,
      code: "b64_json",
      phase: "succeeded",
      source: operation === "generateAudio" || operation === "generateSpeech" ? "inferred" : "doc",
      provoke: posting({ response_format: "b64_json" }),
    },
    {
      operation,
      status: 400,
      code: message,
      // Of these texts, only those of images and videos are documented.
      source: operation.endsWith("Image") || operation.endsWith("Video") ? "doc" : "inferred",
      provoke: posting(wrong),
    },
    {
      operation,
      status: 400,
      code: "The model could not complete this generation.",
      phase: "failed",
      source: "inferred",
      provoke: posting({ prompt: "fauxgen:fail" }),
    },
    {
      operation,
      status: 400,
      code: "Model gpt-4o-mini does not generate",
      sign: "does not generate",
      source: "inferred",
      provoke: posting({ model: "gpt-4o-mini" }),
    },
    invalid(operation, posting({ response_format: "png" })),
    {
      operation,
      status: 402,
      code: "insufficient_credits",
      source: "client",
      provoke: { ...post, account: "broke" },
    },
    {
      operation,
      status: 404,
      code: "Model not found: bad-model-name",
      sign: "Model not found: ",
      source: "doc",
      provoke: posting({ model: "bad-model-name" }),
    },
    notFound(operation, "inferred", posting({ target_namespace: "other" })),
    {
      operation,
      status: 500,
      code: "unknown_error",
      source: "inferred",
      provoke: posting({ prompt: "fauxgen:error=unknown_error" }),
    },
    unauthenticated(operation, post),
  ];
}

/** A transcription is answered at once and creates no generation. */
function transcriptionOutcomes(): Outcome[] {
  const operation = "transcribeAudio";
  const body = { model: "gpt-audio", audio_url: "https://media.test/ox.mp3" };
  const post: Provocation = { ...asMain, method: "POST", path: "/api/ai/audio/transcriptions", body };
  const posting = (change: Readonly<Record<string, unknown>>): Provocation => ({
    ...post,
    body: { ...body, ...change },
  });
  const refused = (code: string, change: Readonly<Record<string, unknown>>, sign = code): Outcome => ({
    operation,
    status: 400,
    code,
    sign,
    source: "inferred",
    provoke: posting(change),
  });
  return [
    { operation, status: 200, source: "inferred", provoke: post },
    refused("Field required", { audio_url: null }),
    refused("Invalid URL", { audio_url: "ox" }),
    refused("Model gpt-4o-mini does not transcribe audio.", { model: "gpt-4o-mini" }, "does not transcribe audio"),
    invalid(operation, posting({ model: "" })),
    {
      operation,
      status: 404,
      code: "Model not found: bad-model-name",
      sign: "Model not found: ",
      source: "inferred",
      provoke: posting({ model: "bad-model-name" }),
    },
    unauthenticated(operation, post),
  ];
}
