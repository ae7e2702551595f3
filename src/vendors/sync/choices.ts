/** Lists what the emulator of sync does where no source says what the vendor does. */
import type { Choice } from "../vendor.ts";

export const choices: readonly Choice[] = [
  {
    choice: "Unknown query parameters and body fields are ignored.",
    because: "The documentation has no answer to an unknown field, and clients send more than it lists.",
    file: "schemas.ts",
  },
  {
    choice: "An organisation on the Enterprise plan may run 50 generations at once.",
    because: "The rate-limits page says that this limit is set by agreement.",
    file: "account.ts",
  },
  {
    choice:
      "An organisation may have 1 cloned voice on Hobbyist, 3 on Creator, 10 on Growth, 30 on Scale, and any number on Enterprise.",
    because: "A limit is documented; its size is not.",
    file: "account.ts",
  },
  {
    choice: "A billing cycle is a calendar month in UTC, on the sandbox's clock.",
    because: 'The sources say only "per month".',
    file: "account.ts",
  },
  {
    choice: "A list of assets without `sortBy` is sorted newest first.",
    because: "No source states the default; the SDK's example asks for dateDesc.",
    file: "assets/list.ts",
  },
  {
    choice: "The search for an upload needs `contentSha256`; `type` is optional.",
    because: "The page lists both parameters; whether they are required could not be read.",
    file: "assets/schemas.ts",
  },
  {
    choice: "An asset id that is not a UUID is answered 400.",
    because: "No source shows the answer.",
    file: "assets/store.ts",
  },
  {
    choice: "An organisation on the Free plan may upload files of at most 20 MiB.",
    because: "The asset-uploads page documents 5 GiB and a lower limit for the Free plan, but not its size.",
    file: "assets/uploads.ts",
  },
  {
    choice: "An organisation may have 2 unfinished batches on the Scale plan and 10 on the Enterprise plan.",
    because: "A separate limit for batches is documented; its size is not.",
    file: "batches/create.ts",
  },
  {
    choice: "A batch on a plan below Scale is refused with the code `plan_feature_unavailable`.",
    because: "The refusal is documented and the SDK has its status, 402; no source has its code.",
    file: "batches/create.ts",
  },
  {
    choice: "Each line of a batch's results has the keys `request_id` and `response`.",
    because: "No page shows a line; the vendor's own tool server shows these keys of a row.",
    file: "batches/routes.ts",
  },
  {
    choice: "An unknown batch is answered 404 without an error code.",
    because: "The 404 is documented; the error catalogue has no code for it.",
    file: "batches/store.ts",
  },
  {
    choice:
      "A REJECTED generation has the code `generation_input_validation_failed`, unless a scenario names another code.",
    because: "A client shows that REJECTED is for moderation and plan checks; its code is not documented.",
    file: "capabilities.ts",
  },
  {
    choice: "An error of the vendor's framework has the keys `message`, `error` and `statusCode`, and no error code.",
    because: "No page shows such an error; the probed 401 and the SDK's types have this form.",
    file: "errors.ts",
  },
  {
    choice: "A well-formed body that sync cannot generate is answered 422 with a code of the error catalogue.",
    because: "No source states the status.",
    file: "errors.ts",
  },
  {
    choice: "The code of the 400 for a malformed generation id is `invalid_generation_id`.",
    because: "No source shows the answer.",
    file: "errors.ts",
  },
  {
    choice: "A cost estimate for an unknown model is answered 422 `cost_estimate_unavailable`.",
    because: "The 422 is documented for a model without a price; no source mentions an unknown model.",
    file: "errors.ts",
  },
  {
    choice: "An Idempotency-Key that comes again with other inputs is answered 409 `generation_conflict`.",
    because: "The guide documents a conflict, but not its code or status.",
    file: "errors.ts",
  },
  {
    choice: "The result route of an unfinished generation answers 400, even if the token is wrong.",
    because: "The order of the 400 and the 404 is not documented.",
    file: "generations/collection-routes.ts",
  },
  {
    choice: "A create with the Idempotency-Key of a deleted generation is answered 404.",
    because: "No source describes this case.",
    file: "generations/create.ts",
  },
  {
    choice: "The cost of a generation is recorded when it ends, and a client is told to read again after 60 s before.",
    because: "The vendor records costs within some ten minutes; the number in the answer is not documented.",
    file: "costs/recorded-costs.ts",
  },
  {
    choice: "Each part of a cost has the keys `component`, `availability` and `costUsd`; speech costs nothing.",
    because: "The kinds of parts are documented; their keys and the price of speech could not be read.",
    file: "costs/recorded-costs.ts",
  },
  {
    choice: "The `apiKey` of a listed cost has an `id` and a `name`.",
    because: "The field is documented; its keys could not be read.",
    file: "costs/schemas.ts",
  },
  {
    choice: "A text of a report may have 10,000 characters, and the least severity is `minor`.",
    because: "The fields are documented; their bounds and the third severity could not be read.",
    file: "feedback/schemas.ts",
  },
  {
    choice:
      "An unknown or malformed dialogue edit is answered 404 or 400 without a code; a replacement over 200 characters fails with `EDIT_TOO_LONG`.",
    because: "The failure is documented without its bound; the page of the route names no code for the id.",
    file: "dialogue/store.ts",
  },
  {
    choice: "A replacement takes 65 ms per character in the preview of a dialogue edit.",
    because: "The emulator speaks no word, and no source has a rate.",
    file: "dialogue/retime.ts",
  },
  {
    choice:
      "A create is refused for a dialogue edit without a preview by `dialogue_edit_not_found`, for a video that is not its source by `generation_input_validation_failed`, and for a removal of more than half of the words; a batch with edits of several sources by `dialogue_edit_unsupported`.",
    because: "The codes and the rule of one source are documented; which code a case has and the bound are not.",
    file: "generations/edited-dialogue.ts",
  },
  {
    choice: "A malformed generation id is answered 404 in version 2026-06 and 400 in version 2026-11.",
    because: "No source shows either answer.",
    file: "generations/find.ts",
  },
  {
    choice: "A file of a form with an unknown or a repeated field name is answered 400 `Unexpected field`.",
    because: "No page shows the answer; this one is the framework's own.",
    file: "generations/form.ts",
  },
  {
    choice:
      "A form that is cut off, or whose parts have another boundary, is answered 400 `Multipart: Unexpected end of form`.",
    because: "No page shows the answer; this one is the framework's own.",
    file: "errors.ts",
  },
  {
    choice:
      "A create whose input breaks a rule is answered 422 with a code of the error catalogue, or 400 if the model does not accept an image.",
    because: "The curated specification has the rules; the statuses are not stated.",
    file: "generations/input-rules.ts",
  },
  {
    choice: "A list filter without a value selects every generation.",
    because: "No source describes an empty filter.",
    file: "generations/list.ts",
  },
  {
    choice: "No generation counts as the type `playground`.",
    because: "The documentation has this filter; every generation here comes through the API.",
    file: "generations/list.ts",
  },
  {
    choice: "A list of generations without a `limit` is sorted newest first.",
    because: "The order is documented only for a list with a limit.",
    file: "generations/list.ts",
  },
  {
    choice: "A list with a `cursor` and without a `limit` is answered 400.",
    because: "No source describes this case.",
    file: "generations/list.ts",
  },
  {
    choice: "The bounds of `timeout` also hold without `wait=true`.",
    because: "No source says so; the framework checks each parameter by itself.",
    file: "generations/read-query.ts",
  },
  {
    choice: "A create is checked in the order model, input, references, length.",
    because: "The order is not documented.",
    file: "generations/submission.ts",
  },
  {
    choice: "An unknown voice in the input of a create is answered 422.",
    because: "No page names this error for generations; the speech routes answer so.",
    file: "generations/submission.ts",
  },
  {
    choice: "An unknown asset in the input of a create is answered 404.",
    because: "No source shows the answer.",
    file: "generations/submission.ts",
  },
  {
    choice: "An Idempotency-Key is kept for 24 hours of the sandbox's clock.",
    because: "The idempotency guide does not state a lifetime.",
    file: "idempotency.ts",
  },
  {
    choice: "A create that repeats an Idempotency-Key is answered 201 with the current state of the first job.",
    because: "The idempotency guide does not show the answer.",
    file: "idempotency.ts",
  },
  {
    choice:
      "The `limits` of an account are the concurrent generations and the cloned voices; its `balance` is the free plan's allowance.",
    because: "Both fields are documented; their keys could not be read.",
    file: "organization/schemas.ts",
  },
  {
    choice: "The `billingModel` of a paid plan below Enterprise is `usage`.",
    because: "The four models are documented; which plan has which is not, and the emulator has no credits.",
    file: "organization/views.ts",
  },
  {
    choice: "The response with the webhook secret has one key, `secret`.",
    because: "A client calls the route; no source shows its response.",
    file: "organization/schemas.ts",
  },
  {
    choice: "`nextCursor` is absent on the last page.",
    because: "Its type is optional, and no source says null.",
    file: "paging.ts",
  },
  {
    choice: "A `cursor` that is not valid is answered 400.",
    because: "No source shows the answer.",
    file: "paging.ts",
  },
  {
    choice:
      "An asset of no project that is attached to one becomes that project's; an asset of another project is then in the libraries of both.",
    because: "The route is documented; an asset's `projectId` after it is not.",
    file: "projects/store.ts",
  },
  {
    choice: "The deletion of a project with a queued or processing generation is answered 409.",
    because: "The refusal is documented; its status is not.",
    file: "projects/store.ts",
  },
  {
    choice:
      "The `generationSource` of a generation is its client tag if that is a documented value, `mcp` for other tool servers, and `api` otherwise.",
    because: "The values of the filter are documented; how a generation gets one is not.",
    file: "organization/source.ts",
  },
  {
    choice: "Speech beyond the free plan's allowance is answered 402 `free_tier_generations_exhausted`.",
    because: "The allowance of 10 a month is documented; the answer is not.",
    file: "organization/quota.ts",
  },
  {
    choice: "An unknown speech job is answered 404 without an error code.",
    because: "The error catalogue has no code for it.",
    file: "speech/find.ts",
  },
  {
    choice: "A voice speaks 15 characters per second.",
    because: "No source states a rate of speech.",
    file: "speech/seconds.ts",
  },
  {
    choice:
      "A transcription or a dialogue edit that fails without a code of its own has `TRANSCRIPTION_FAILED` or `DIALOGUE_EDIT_FAILED`.",
    because: "A few codes are documented; which one is general is not.",
    file: "transcriptions/failures.ts",
  },
  {
    choice: "The window of a transcription has the bounds `startMs` and `endMs`.",
    because:
      "The window is documented, and its bounds are in dialogue edits; the page of this body could not be read to its end.",
    file: "transcriptions/schemas.ts",
  },
  {
    choice: "A matched speaker has the keys `avatar`, `evidence` and `faceTrack`; avatar and face track have a `url`.",
    because: "What a speaker has is documented; the keys in it could not be read.",
    file: "transcriptions/schemas.ts",
  },
  {
    choice:
      "A source that is not in sync's storage is answered 422 `file_not_in_org_storage`; files on sync's own hosts count as stored.",
    because:
      "That sources must be stored is documented, with an example on sync's own host; the refusal could not be read.",
    file: "transcriptions/source-media.ts",
  },
  {
    choice:
      "No speaker analysis runs by itself, so it is `not_requested` until a client asks for it; a face track has the key `frames`.",
    because: "The page says that an analysis may already be available; when is not documented.",
    file: "transcriptions/speakers.ts",
  },
  {
    choice:
      "A transcription of the same source is returned again unless it failed; without `maxSourceSeconds`, a source may have 600 s.",
    because: "The reuse is documented without its exceptions; the tool server always sends 600.",
    file: "transcriptions/store.ts",
  },
  {
    choice: "In version 2026-06, a request that asks to wait longer than 55 s is held for 55 s.",
    because: "The seed names the default and the maximum, but not the treatment of longer values.",
    file: "vintage.ts",
  },
  {
    choice: "The built-in voices are the documentation's example and a few public voices of ElevenLabs.",
    because: "The vendor's list could not be read.",
    file: "voices/built-in-voices.ts",
  },
  {
    choice: "A voice sample that is shorter than 1 s is refused.",
    because: "The refusal of short samples is documented; the exact minimum is not.",
    file: "voices/samples.ts",
  },
  {
    choice:
      "A voice's `restriction` is `verification_required`, `blocked` or `access_denied`; speech answers the error of that name.",
    because:
      "The field and the three errors are documented; its values could not be read. Only a fixture has a restricted voice.",
    file: "voices/schemas.ts",
  },
  {
    choice: "Speech accepts every voice id of 20 letters and digits.",
    because: "ElevenLabs has many more voices than are listed, and their ids have this form.",
    file: "voices/store.ts",
  },
  {
    choice: "A request for a cloned voice is checked in the order plan, sample, name.",
    because: "The errors are documented; their order is not.",
    file: "voices/store.ts",
  },
  {
    choice: "The deletion of a built-in voice is answered 404.",
    because: "The 404 is documented; no account owns a built-in voice.",
    file: "voices/store.ts",
  },
  {
    choice: "A failed webhook of sync is sent again after 1 s, 5 s and 25 s, and each attempt has a timeout of 10 s.",
    because: "No retry policy is documented; the guide tells users to poll.",
    file: "webhook.ts",
  },
  {
    choice: "A URL with characters beyond ASCII is percent-encoded in a webhook's body, and its host is in Punycode.",
    because: "The documented samples show only ASCII URLs; clients request other URLs in this form.",
    file: "webhook.ts",
  },
  {
    choice:
      "The header `X-Signature-Primary`, where a sandbox asks for it, is the hexadecimal HMAC-SHA256 of the body.",
    because:
      'The payload reference requires it and says only "HMAC signature of the payload"; the guide has another header.',
    file: "webhook.ts",
  },
  {
    choice: "The `t` of a `Sync-Signature` header is in seconds.",
    because: "Its unit is not stated; other vendors use seconds.",
    file: "webhook.ts",
  },
];
