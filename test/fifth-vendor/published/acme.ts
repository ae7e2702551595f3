/** The responses that Acme publishes, written from its documentation and not from the code. */
import { describeRoutes, type Answer, type PublishedResponse } from "./response.ts";
import { integerFrom, literal, object, someText, url, uuid, type Shape } from "./shape.ts";

const route = describeRoutes("acme");

const picture = (state: string, more: Parameters<typeof object>[0] = {}): Shape =>
  object({ id: uuid, state: literal(state), ...more }, { order: true });

const failure = (status: number, code: string, more: Partial<Answer> = {}): Answer => ({
  status,
  state: code,
  body: object({ code: literal(code) }),
  source: "doc",
  ...more,
});

/** The errors of every route that needs a key. */
const keyed: readonly Answer[] = [
  failure(401, "bad_key"),
  failure(429, "slow_down", { headers: { "retry-after": /^\d+$/ } }),
  failure(500, "internal"),
];

export const acmeResponses: readonly PublishedResponse[] = [
  ...route("createGeneration", "POST /acme/v1/pictures", [
    { status: 201, state: "waiting", body: picture("waiting"), source: "doc" },
    failure(400, "bad_request"),
    failure(400, "bad_json"),
    failure(413, "too_large"),
    failure(415, "not_json"),
    failure(402, "no_ink"),
    ...keyed,
  ]),
  ...route("getGeneration", "GET /acme/v1/pictures/{id}", [
    { status: 200, state: "waiting", body: picture("waiting"), source: "doc" },
    { status: 200, state: "drawing", body: picture("drawing"), source: "doc" },
    { status: 200, state: "done", body: picture("done", { image: object({ url }) }), source: "doc" },
    { status: 200, state: "broken", body: picture("broken", { reason: someText }), source: "doc" },
    failure(404, "no_such_picture"),
    ...keyed,
  ]),
  ...route("getInk", "GET /acme/v1/ink", [
    { status: 200, body: object({ ink: integerFrom(0) }), source: "doc" },
    ...keyed,
  ]),
  ...route("downloadOutput", "GET {image.url}", [{ status: 200, body: "bytes", source: "inferred" }]),
  ...route("unknownRoute", "* {unknown}", [failure(404, "no_such_route")]),
];
