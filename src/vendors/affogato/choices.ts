/** Lists what the emulator of affogato does where no source says what the vendor does. */
import type { Choice } from "../vendor.ts";

export const choices: readonly Choice[] = [
  {
    choice: "A query parameter or a body field that the documentation does not list is ignored.",
    because: "No page says what happens to an unknown field.",
    file: "schemas.ts",
  },
  {
    choice:
      "A plan limits the images of one element and the calls per minute: 1 and 30 on `free`, 4 and 60 on `basic`, 8 and 300 on `pro`.",
    because: "The documentation says only that plans and maxima exist.",
    file: "account.ts",
  },
  {
    choice: "The rate limit applies only to accounts with enforced limits, and no header shows it.",
    because: "No page mentions a rate limit.",
    file: "admission.ts",
  },
  {
    choice: "A request that names an asset that is not active, or of another type, is answered `Invalid asset`.",
    because: "A client shows that an asset must be active; no source has the answer.",
    file: "assets/find.ts",
  },
  {
    choice: "`duration` and `frames` of an asset appear after the file has been inspected.",
    because: "Both fields are documented; the time of their appearance is not.",
    file: "assets/schemas.ts",
  },
  {
    choice: "A presigned upload URL is valid for one hour.",
    because: "The documentation states no lifetime.",
    file: "assets/store.ts",
  },
  {
    choice: "A list of assets is sorted newest first.",
    because: "The order is not documented.",
    file: "assets/store.ts",
  },
  {
    choice: "A list of assets has no archived assets.",
    because: "No source says so; hiding assets is the purpose of an archive.",
    file: "assets/store.ts",
  },
  {
    choice: "An asset becomes `failed` if its file is empty, unreadable or of another type.",
    because: "A client shows the status `failed`, but not its causes.",
    file: "assets/store.ts",
  },
  {
    choice: "A list of characters is sorted newest first.",
    because: "The order is not documented.",
    file: "characters/store.ts",
  },
  { choice: "A page after the last page is empty.", because: "No source describes this case.", file: "envelope.ts" },
  {
    choice: "Every error has `data: null`, a code from GE01 to GE15, and a status and a text of the emulator's choice.",
    because:
      "No page shows an error; only the shape of `err` (assets/archive_asset) and the code GE09 (the client SelfAI) are known.",
    file: "errors.ts",
  },
  {
    choice: "A create whose price exceeds the balance is answered 402.",
    because: "No source has the status; it could also be 403.",
    file: "errors.ts",
  },
  {
    choice: "A field with an unusable value is answered 400, and the message names the field.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice: "An unknown generation, media item, asset or character is answered 404.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice: "An unknown model is answered 400 `Invalid model`.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice:
      "A lora that is unknown, or has another base model than the style or model, is answered 400 `Invalid loras`.",
    because: "The documentation says that the base models must match; it does not show the answer.",
    file: "errors.ts",
  },
  {
    choice: "An unknown control net is answered 400 `Invalid control net`.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice: "A `batch_size` above the plan's maximum is answered 400 `GE08`.",
    because: "The documentation has a maximum; it does not show the answer.",
    file: "errors.ts",
  },
  {
    choice: "An unknown style, or a bare name that several base models share, is answered with the status 400.",
    because: "A client shows the error; its status is not known.",
    file: "errors.ts",
  },
  {
    choice: "An asset that does not exist or cannot be used is answered 400 `GE10`.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice: "A character that does not exist, or whose name is taken, is answered 400 `GE11`.",
    because: "The documentation says that names are unique; it does not show the answer.",
    file: "errors.ts",
  },
  {
    choice: "An unknown voice is answered 400 `Invalid voice`.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice: "An element without a text that it needs is answered 400.",
    because: "The lists of required fields could not be read.",
    file: "generations/element-context.ts",
  },
  {
    choice: "An element that names an unusable asset is answered `Invalid asset`.",
    because: "No source shows the answer.",
    file: "generations/element-context.ts",
  },
  {
    choice: "`aspect_ratio` may also be `3:5` or `5:3`, with a diagnostic; a strict catalogue refuses both.",
    because:
      "The documented list has neither, but a video needs an image of one of these ratios, and a client sends `3:5`.",
    file: "generations/element.ts",
  },
  {
    choice: "An element without a variant is made from its prompt alone.",
    because: "No field is marked as required.",
    file: "generations/element.ts",
  },
  {
    choice: "A generation of another account is answered with the same 404 as an unknown id.",
    because: "No source shows the answer.",
    file: "generations/find.ts",
  },
  {
    choice: "The longer side of every image is 1024 pixels.",
    because: "The examples show it for square images; no source has it for other ratios.",
    file: "generations/image-element.ts",
  },
  {
    choice: "An element that names neither a style nor a model has the base model `sdxl`.",
    because: "No source states the default.",
    file: "generations/image-element.ts",
  },
  {
    choice: "A list of generations is sorted newest first.",
    because: "The documentation calls the list a feed, and does not state its order.",
    file: "generations/list.ts",
  },
  {
    choice: "A status filter selects whole generations that have an output with this status.",
    because: "No source says whether the filter selects outputs or generations.",
    file: "generations/list.ts",
  },
  {
    choice: "A narrator speaks 2.5 words per second.",
    because: "No source states a rate of speech.",
    file: "generations/narration-element.ts",
  },
  {
    choice: "The prices are those in `fixtures/affogato/prices.json`.",
    because: "No page gives a price.",
    file: "generations/pricing.ts",
  },
  {
    choice: "The price of a failed output is refunded, and a censored output stays paid.",
    because: "No source says so; a censored output was made.",
    file: "generations/pricing.ts",
  },
  {
    choice: "An element of `true_touch` without a `scale_factor` is enlarged 1.5 times.",
    because: "The documented example has this value; no source states the default.",
    file: "generations/retouch-element.ts",
  },
  {
    choice: "The aspect ratio of an image for a video may differ from the documented ratios by 1 percent.",
    because: "No source states a tolerance; images have whole pixels.",
    file: "generations/video-element.ts",
  },
  {
    choice: "A video without a `duration` is 5 seconds long.",
    because: "The documented example has this value; no source states the default.",
    file: "generations/video-element.ts",
  },
  {
    choice:
      "The response to a create has no `url` of an output, and no `model` or `style` that the request does not name.",
    because: "No source shows these cases.",
    file: "generations/views.ts",
  },
  {
    choice: "The newer routes show a censored output as `failed`.",
    because: "These routes have no status for a censored output.",
    file: "generations/views.ts",
  },
  {
    choice: "A list of voices ignores `type`.",
    because: "Voices have no base model, which `type` selects.",
    file: "resources/routes.ts",
  },
  {
    choice: "A list without `page` and `page_size` is the first page of 10 items.",
    because: "The bounds are documented; the defaults are the values of the examples.",
    file: "schemas.ts",
  },
];
