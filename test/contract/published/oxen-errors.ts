/** Describes the error bodies that oxen publishes. */
import type { Answer } from "./response.ts";
import type { Field, Shape } from "./shape.ts";
import { literal, matching, object, optional, someText, text } from "./shape.ts";

export const json = { "content-type": /^application\/json/ } as const;

/** Envelope A. Keys in the order of the printed bodies; an error without a detail has no detail key. */
export const typedError = (type: Shape, title: Shape, detail: Readonly<Record<string, Field>> = {}): Shape =>
  object(
    {
      error: object({ type, title, ...detail }, { order: true }),
      status: literal("error"),
      status_message: type,
    },
    { order: true },
  );

/** Envelope B. */
export const messageError = (message: Shape): Shape => object({ error: object({ message }) });

const notFoundBody = typedError(literal("resource_not_found"), literal("The requested resource could not be found"));
export const notFound: Answer = {
  status: 404,
  state: "resource_not_found",
  body: notFoundBody,
  headers: json,
  source: "doc",
};

export const modelNotFound = (source: Answer["source"]): Answer => ({
  status: 404,
  state: "model_not_found",
  body: messageError(matching(/^Model not found: .+$/s)),
  headers: json,
  source,
});

export const invalidParamsBody = typedError(
  literal("invalid_params"),
  literal("Invalid parameters supplied, please check your request and try again."),
  { detail: optional(someText) },
);
export const invalidParams: Answer = {
  status: 400,
  state: "invalid_params",
  body: invalidParamsBody,
  headers: json,
  source: "inferred",
  note: "the envelope and title are documented; that these requests get them is inferred",
};

/** A printed Elixir atom with its colon. The status is inferred; 415 is possible. */
export const unsupportedMediaType: Answer = {
  status: 400,
  state: "unsupported_media_type",
  body: object({ error: object({ detail: literal(":unsupported_media_type") }) }),
  headers: json,
  source: "inferred",
};

/** A client's test has this body; no page of the vendor names 402. */
export const insufficientCredits: Answer = {
  status: 402,
  state: "insufficient_credits",
  body: typedError(literal("insufficient_credits"), literal("You have run out of credits.")),
  headers: json,
  source: "client",
};

export const keyless: readonly Answer[] = [
  {
    status: 429,
    body: typedError(someText, someText, { detail: optional(text) }),
    headers: json,
    source: "inferred",
    note: "only the status is documented, and only on the chat page",
  },
  {
    status: 500,
    state: "unknown_error",
    body: typedError(literal("unknown_error"), someText, { detail: optional(text) }),
    headers: json,
    source: "inferred",
  },
];

export const keyed: readonly Answer[] = [
  {
    status: 401,
    state: "unauthenticated",
    body: typedError(literal("unauthenticated"), someText, { detail: optional(text) }),
    headers: json,
    source: "doc",
    note: "the title's text is not stated",
  },
  ...keyless,
];
