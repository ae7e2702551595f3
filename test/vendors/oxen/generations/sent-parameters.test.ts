/** Tests how oxen's models read parameters that a client writes in another form. */
import { describe, expect, it } from "vitest";
import { buildOxenWorld } from "../../../support/oxen.ts";

const picture = "https://media.test/ox.png";
const prompt = "an ox";

async function endOf(body: object) {
  const { enqueue, advance, row } = await buildOxenWorld();
  const [id = ""] = await enqueue(body);
  await advance("10s");
  const { status, error_message } = await row(id);
  return { status, error_message };
}

describe("parameters in another form", () => {
  it.each([
    ["a whole number as text", { model: "google-veo-3-1-fast", prompt, duration: "8" }],
    ["a negative number as text", { model: "bytedance-seedance-2-0-text-to-video", prompt, duration: "-1" }],
    ["a number within bounds as text", { model: "z-image-turbo", prompt, num_inference_steps: "50", seed: "7" }],
    [
      "a number where numbers and text are taken",
      { model: "bytedance-seedance-2-5-text-to-video", prompt, duration: 8 },
    ],
    ["text where numbers and text are taken", { model: "bytedance-seedance-2-5-text-to-video", prompt, duration: "8" }],
    ["null for an optional parameter", { model: "google-veo-3-1-fast", prompt, duration: null, seed: null }],
    ["parameters that the page does not list", { model: "z-image-turbo", prompt, surprise: { at: [1] }, cfg: null }],
    ["one input image in place of a list", { model: "flux-2-pro", prompt, input_image: picture }],
    ["a list of one in place of an image", { model: "qwen-image-edit", prompt, input_image: [picture] }],
    [
      "objects where the page prints URLs",
      { model: "krea-v2-large-text-to-image", prompt, image_style_references: [{}] },
    ],
  ])("a model accepts %s", async (_what, body) => {
    expect(await endOf(body)).toEqual({ status: "succeeded", error_message: null });
  });

  it.each([
    [
      "text of a number that is not a choice",
      { model: "google-veo-3-1-fast", prompt, duration: "5" },
      "Invalid duration",
    ],
    ["text of a fraction", { model: "z-image-turbo", prompt, seed: "1.5" }, "Invalid seed"],
    [
      "text of a number out of bounds",
      { model: "z-image-turbo", prompt, num_inference_steps: "51" },
      "num_inference_steps must be between 1 and 50",
    ],
    ["text in place of a fraction", { model: "flux-1-dev", prompt, guidance: "2.5" }, "Invalid guidance"],
    [
      "a number that is not a choice, where numbers and text are taken",
      { model: "bytedance-seedance-2-5-text-to-video", prompt, duration: 7 },
      "Invalid duration",
    ],
    ["null for a required parameter", { model: "qwen-image-edit", prompt, input_image: null }, "Field required"],
    [
      "two images in place of one",
      { model: "qwen-image-edit", prompt, input_image: [picture, picture] },
      "Invalid URL",
    ],
  ])("a model refuses %s", async (_what, body, message) => {
    expect(await endOf(body)).toEqual({ status: "failed", error_message: message });
  });
});
