/** Lists the messages of models about wrong parameters [doc: reference pages and model walkthroughs]. */
const SHOT_SECONDS = Array.from({ length: 14 }, (_, index) => `'${index + 1}'`).join(", ");

export const MODEL_MESSAGES = {
  prompt_empty: "Prompt cannot be empty",
  prompt_conflict: "Getting model response error: 422 - Value error, Cannot provide both 'prompt' and 'multi_prompt'.",
  prompt_missing:
    "Getting model response error: 422 - Value error, Either 'prompt' or 'multi_prompt' must be provided.",
  field_required: "Field required",
  invalid_url: "Invalid URL",
  invalid_resolution: "Invalid resolution",
  invalid_duration: "Invalid duration",
  invalid_target_fps: "target_fps must be between 1 and 60",
  too_many_input_files: "Too many input files",
  audio_requires_media: "Audio requires at least one image or video",
  shot_too_long: `Input should be ${SHOT_SECONDS} or '15'`,
  shots_too_long: "Total shot duration (16s) exceeds maximum allowed (15s)",
} as const;
