/** Lists what the emulator of vivix does where no source says what the vendor does. */
import type { Choice } from "../vendor.ts";

export const choices: readonly Choice[] = [
  {
    choice: "Fields and query parameters that no endpoint page lists are ignored.",
    because: "No page says what happens to an unknown field.",
    file: "schemas.ts",
  },
  {
    choice: "A cycle of credits is a calendar month in UTC.",
    because: "The documentation says only that a cycle exists.",
    file: "account.ts",
  },
  {
    choice: "A request is checked in the order key, plan, rate.",
    because: "The order is not documented.",
    file: "admission.ts",
  },
  {
    choice: "The provider's id of each model is the emulator's choice.",
    because: "The documentation shows the form of these ids; the id of each slug is unknown.",
    file: "catalogue.ts",
  },
  {
    choice: "A request without a key is answered 401 `UNAUTHORIZED`.",
    because: "The errors page has this code; the credits page has `KEY_INVALID` for a bad or missing key.",
    file: "errors.ts",
  },
  {
    choice: "A request with a revoked key is answered with the status 401.",
    because: "The errors page says so; the authentication page ends with a link to `403 KEY_REVOKED`.",
    file: "errors.ts",
  },
  {
    choice: "An unknown model is answered 403 `MODEL_NOT_ALLOWED`.",
    because: "The 403 is documented for models that the account may not use; no source mentions an unknown slug.",
    file: "errors.ts",
  },
  {
    choice: "An invalid parameter is answered 400 `INVALID_PARAMS` with `param`, the parameter at fault.",
    because: "The validation section of the documentation could not be read.",
    file: "errors.ts",
  },
  {
    choice: "A file that does not exist is answered with a page in the style of R2, in the emulator's own words.",
    because: "No source has the words of R2's page.",
    file: "file-host.ts",
  },
  {
    choice: "`X-Credits-Balance` is a plain integer.",
    because: "The documentation's sample has a thousands comma.",
    file: "finish-reply.ts",
  },
  {
    choice: "The suggested environment variables are `VIVIX_BASE_URL` and `VIVIX_API_KEY`.",
    because: "No SDK exists, so clients read variables of their own choice.",
    file: "index.ts",
  },
  {
    choice: "A generation stays readable for 30 days after its creation.",
    because: "The vendor's window is not documented.",
    file: "settings.ts",
  },
  {
    choice: "The default aspect ratio is 16:9 for videos and 1:1 for images.",
    because: "The documentation says that each model has its own default; the values are unknown.",
    file: "submission.ts",
  },
  {
    choice: "A create holds the maximum of the model's band of credits for each result.",
    because: "The documentation calls the held amount an upper bound; the samples' 211 suggests the maximum.",
    file: "submission.ts",
  },
  {
    choice: "A create is checked in the order body, model, credits, concurrency.",
    because: "The order is not documented.",
    file: "submission.ts",
  },
  {
    choice: "The second and further files of a generation are named after the generation, with `-1`, `-2` and so on.",
    because: "The seed names only the first file.",
    file: "submission.ts",
  },
  {
    choice: "The default secret of an endpoint begins with `vvx_whsec_`.",
    because: "The form of a secret is not documented.",
    file: "webhook.ts",
  },
  {
    choice: "A failed webhook of vivix is sent again after 1 s, 5 s and 25 s, and each attempt has a timeout of 10 s.",
    because: "Neither the schedule nor the timeout could be read.",
    file: "webhook.ts",
  },
  {
    choice: "The `model` of a webhook is the provider's id that the catalogue has for the slug.",
    because: "The documentation shows one id; the others are unknown.",
    file: "webhook.ts",
  },
  {
    choice: "The `generation_id` of a webhook is the id of polling.",
    because:
      "The sample's id looks like another version of UUID, but a receiver could not match such an id to a generation.",
    file: "webhook.ts",
  },
];
