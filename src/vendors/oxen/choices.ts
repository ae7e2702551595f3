/** Lists what the emulator of oxen does where no source says what the vendor does. */
import type { Choice } from "../vendor.ts";

export const choices: readonly Choice[] = [
  {
    choice: "Unknown query parameters are ignored.",
    because:
      "The documentation passes other fields to the model; no page says what happens to an unknown query parameter.",
    file: "schemas.ts",
  },
  {
    choice:
      "A row echoes the numbers of its request with the digits that were sent, such as `5.0` and 9007199254740993.",
    because: "The documentation says that a row repeats the parameters, and does not say how it writes numbers.",
    file: "generations/views.ts",
  },
  {
    choice: "Every account except `broke` is a member of the organisation `team`.",
    because: "No source has accounts like those of a sandbox.",
    file: "account.ts",
  },
  {
    choice: "The price of a job is deducted when the job is enqueued.",
    because: "The documentation has credits checked then, and does not say when they are deducted.",
    file: "account.ts",
  },
  {
    choice: "The price of a generation that does not succeed is refunded.",
    because: "No source says so.",
    file: "account.ts",
  },
  {
    choice: "A failure without a known cause has the message `The model could not complete this generation.`",
    because: "No source has a text for it.",
    file: "capabilities.ts",
  },
  {
    choice: "A model whose name begins with `unknown-` or `bad-` does not exist, even in an open catalogue.",
    because: "No source has rules for unknown names.",
    file: "catalogue.ts",
  },
  {
    choice: "The title of a 401 is `You must be authenticated to make this request.`",
    because: "The type is documented; its title is not.",
    file: "errors.ts",
  },
  {
    choice: "A request with an invalid body, query or parameter is answered 400 with the type `invalid_params`.",
    because: "The title is documented; the requests that get it are not.",
    file: "errors.ts",
  },
  {
    choice: 'An unknown model is answered 404 by the queue, with the body `{ "error": { "message": … } }`.',
    because: "This body is documented for a model look-up and the synchronous routes only.",
    file: "errors.ts",
  },
  {
    choice: "A text-only model is answered with the status 400.",
    because: "The error's text is documented; its status is not.",
    file: "errors.ts",
  },
  {
    choice: "The title of a 500 is `An unknown error occurred.`",
    because: "The type is documented; its title is not.",
    file: "errors.ts",
  },
  {
    choice:
      'The deletion of a result file is answered `{ "status": "success", "status_message": "resource_deleted" }`.',
    because: "No source shows this answer; other answers of the repositories' host have this form.",
    file: "files/schemas.ts",
  },
  {
    choice: "A wrong parameter without a documented text has a message in the style of the documented texts.",
    because: "No source has a text for every wrong parameter.",
    file: "generations/parameter-wording.ts",
  },
  {
    choice: "The limits of the Seedance 2.0 walkthrough apply to its three models that take references.",
    because: "The walkthrough describes one of them.",
    file: "generations/parameters.ts",
  },
  {
    choice: "An image has the aspect ratio 1:1 if the request names none.",
    because: "Only the wide default of videos is documented.",
    file: "generations/submission.ts",
  },
  {
    choice: "The aspect ratio `landscape` is 16:9 for a video and 3:2 for an image; `portrait` is the reverse.",
    because: "The words are published; their ratios are not.",
    file: "generations/submission.ts",
  },
  {
    choice: "A generation of audio has the media type `image`.",
    because: "The schema has only images and videos.",
    file: "generations/submission.ts",
  },
  {
    choice: "A row shows the request's parameters, except parameters with the name of a field of the row.",
    because: "No source describes such a name.",
    file: "generations/views.ts",
  },
  {
    choice:
      "What an unknown model makes is guessed from the route, then from the request's parameters, then from the name.",
    because: "No source has rules for such a guess.",
    file: "guess.ts",
  },
  {
    choice:
      "The route `/api/ai/generations/_filters` takes `columns` and answers an object with the values of each column.",
    because: "No page shows the parameter's name or the shape of the response.",
    file: "history/routes.ts",
  },
  {
    choice: "`provider_name` selects models whose owner or developer has this name.",
    because: "No source defines a provider.",
    file: "models/routes.ts",
  },
  {
    choice: "A list of a namespace that the caller does not belong to is empty, and a create for it is answered 404.",
    because: "No source states either answer.",
    file: "namespaces.ts",
  },
  {
    choice:
      "The rate of a resolution takes precedence over the rate above 1920 pixels, then the rate with audio, then the plain rate.",
    because: "Each rate is published; their precedence is not.",
    file: "pricing.ts",
  },
  {
    choice: "A preset such as `portrait_4_3` has a long side of 1024 pixels, and `square` has 512.",
    because: "The names are published; their pixels are not.",
    file: "resolution.ts",
  },
  {
    choice: "`audio/speech` is answered as `audio/generate` is, and takes its text as `input` or as `prompt`.",
    because: "A page prints bodies with both, and no page prints an answer.",
    file: "synchronous/audio-routes.ts",
  },
  {
    choice: "A transcription names the recording and has none of its words.",
    because: "The emulator fetches no input.",
    file: "synchronous/audio-routes.ts",
  },
  {
    choice: 'A transcription is answered `{ "text": … }`.',
    because: "No page prints an answer; other APIs of this form answer so.",
    file: "synchronous/schemas.ts",
  },
  {
    choice: "A generation of a synchronous route continues after its client has disconnected.",
    because: "No source describes this case.",
    file: "synchronous/make.ts",
  },
];
