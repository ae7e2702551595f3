/** Generates requests from the documents: valid, nearly valid, and absurd ones. */
import fc from "fast-check";
import { vendorNames } from "../../src/client/vendor-names.ts";
import type { DocumentedOperation, Parameter } from "./documents.ts";
import { mutate, mutations, nastyText, valuesOf, writeBody } from "./values.ts";

/** The sandboxes that requests to control name, and that the keys of vendors' requests name. */
export const fuzzSandboxes = ["fuzz-a", "fuzz-b", "default"] as const;

/** A request that is complete except for ids from answers. */
export interface FuzzRequest {
  readonly operation: DocumentedOperation;
  readonly method: string;
  /** The path with its query; `{id:N}` stands for the Nth id known at the time. */
  readonly url: string;
  readonly key: KeyChoice;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The account whose key the request has, or a replacement for a key. */
type KeyChoice = { readonly account: string } | { readonly literal: string } | undefined;

const keys: fc.Arbitrary<KeyChoice> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ account: "main" }) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom("other", "free", "broke", "limited", "revoked", "made-up")
      .map((account) => ({ account })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        "",
        "sk-123",
        "fx_",
        "fx_A_b",
        "fx_a_b_c_d",
        "vvx_live_fx_",
        "x".repeat(4000),
        "\u00e9\u00ff",
        "fx_default_main, fx_b_main",
      )
      .map((literal) => ({ literal })),
  },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        "accept",
        "idempotency-key",
        "x-request-id",
        "x-fauxgen-sandbox",
        "x-forwarded-host",
        "origin",
        "range",
        "if-none-match",
        "expect-ct",
        "accept-encoding",
        "content-encoding",
        "cookie",
        "x-http-method-override",
        "__proto__x",
        "last-event-id",
      ),
      fc.oneof(
        fc.constantFrom(
          "",
          "a",
          "1",
          "*/*",
          "text/html",
          "gzip",
          "bytes=0-",
          "bytes=9-1,,,",
          "default",
          "null",
          "a".repeat(3000),
        ),
        fc.string({ maxLength: 20 }).map(headerSafe),
      ),
      { maxKeys: 3 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("succeed", "stuck", "nonsense", "fail=", "=x", "succeed; from=x", "__proto__", "constructor")
      .map((scenario) => ({ "x-fauxgen-scenario": scenario })),
  },
);

const oddContentTypes = [
  "",
  "text/plain",
  "application/xml",
  "application/json; charset=latin1",
  "multipart/form-data",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "application/JSON",
  "nonsense",
  "application/json, text/html",
  "application/vnd.api+json",
];

export function requestsTo(operations: readonly DocumentedOperation[]): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(...operations.map(requestTo));
}

function requestTo(operation: DocumentedOperation): fc.Arbitrary<FuzzRequest> {
  const ofKind = (kind: Parameter["in"]): Parameter[] => operation.parameters.filter((each) => each.in === kind);
  return fc
    .record({
      path: fc.tuple(...ofKind("path").map((parameter) => pathValues(operation, parameter))),
      query: queriesOf(operation, ofKind("query")),
      body: bodiesOf(operation),
      key: keys,
      odd: oddHeaders,
      contentType: fc.oneof(
        { weight: 12, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom(...oddContentTypes) },
      ),
      method: fc.oneof(
        { weight: 30, arbitrary: fc.constant(operation.method) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"),
        },
      ),
      suffix: fc.oneof(
        { weight: 20, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: fc.constantFrom("/", "//", "/x", "/../..", "%2f", "?", "?&&=", ";a=b") },
      ),
    })
    .map(({ path, query, body, key, odd, contentType, method, suffix }) => {
      let index = -1;
      const filled = operation.path.replaceAll(/\{[^}]+\}/g, () => path[(index += 1)] ?? "x");
      const text = method === "GET" || method === "HEAD" || body === undefined ? undefined : body.text;
      const type = contentType ?? (text === undefined ? undefined : body?.contentType);
      return {
        operation,
        method,
        url: `${filled}${suffix}${query === "" ? "" : `${suffix.includes("?") ? "&" : "?"}${query}`}`,
        key,
        headers: { ...odd, ...(type !== undefined && { "content-type": type }) },
        body: text,
      };
    });
}

/** The parameters of control's paths. */
const NAMES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  s: [...fuzzSandboxes],
  account: ["main", "other", "made-up"],
  vendor: [...vendorNames],
  list: ["models", "voices", "styles"],
};

function pathValues(operation: DocumentedOperation, { name, schema }: Parameter): fc.Arbitrary<string> {
  const names = operation.api === "control" ? NAMES[name] : undefined;
  return fc.oneof(
    {
      weight: 6,
      arbitrary: names === undefined ? fc.nat(999).map((nth) => `{id:${nth}}`) : fc.constantFrom(...names),
    },
    { weight: 2, arbitrary: valuesOf(schema, operation.resolve).map((value) => encode(textOf(value))) },
    { weight: 2, arbitrary: nastyText.map((text) => (text === "%" ? "%zz" : encode(text.slice(0, 2000)))) },
  );
}

function queriesOf(operation: DocumentedOperation, parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const one = (parameter: Parameter): fc.Arbitrary<string> =>
    fc.oneof(
      {
        weight: 4,
        arbitrary: valuesOf(parameter.schema, operation.resolve).map((value) => pair(parameter.name, textOf(value))),
      },
      { weight: 1, arbitrary: nastyText.map((text) => pair(parameter.name, text)) },
      { weight: 1, arbitrary: fc.nat(999).map((nth) => `${encode(parameter.name)}={id:${nth}}`) },
      { weight: 1, arbitrary: nastyText.map((text) => `${pair(parameter.name, "1")}&${pair(parameter.name, text)}`) },
    );
  const wanted = parameters.map((parameter) =>
    parameter.required
      ? one(parameter)
      : fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 1, arbitrary: one(parameter) }),
  );
  const strange = fc.oneof(
    { weight: 12, arbitrary: fc.constant("") },
    { weight: 1, arbitrary: fc.tuple(nastyText, nastyText).map(([name, value]) => pair(name, value)) },
  );
  return fc.tuple(strange, ...wanted).map((parts) => parts.filter((part) => part !== "").join("&"));
}

interface FuzzBody {
  readonly contentType: string;
  readonly text: string;
}

function bodiesOf(operation: DocumentedOperation): fc.Arbitrary<FuzzBody | undefined> {
  if (operation.bodies.length === 0) {
    return fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: nastyText.map((text) => ({ contentType: "application/json", text })) },
    );
  }
  return fc.oneof(
    ...operation.bodies.map(({ contentType, schema }) => {
      const valid = valuesOf(schema, operation.resolve);
      const asText = (value: unknown): FuzzBody => ({ contentType, text: writeBody(value) });
      return fc.oneof(
        { weight: 4, arbitrary: valid.map(asText) },
        {
          weight: 6,
          arbitrary: fc.tuple(valid, mutations).map(([value, mutation]) => asText(mutate(value, mutation))),
        },
        {
          weight: 2,
          arbitrary: fc
            .tuple(valid, mutations, mutations, mutations)
            .map(([value, ...several]) => asText(several.reduce(mutate, value))),
        },
        {
          weight: 1,
          arbitrary: fc.tuple(valid, fc.nat(), nastyText).map(([value, at, text]) => {
            const written = writeBody(value);
            const cut = at % (written.length + 1);
            return { contentType, text: written.slice(0, cut) + text + (at % 2 === 0 ? written.slice(cut) : "") };
          }),
        },
      );
    }),
    fc.constant(undefined),
  );
}

const pair = (name: string, value: string): string => `${encode(name)}=${encode(value)}`;

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Percent-encodes text. Encodes a lone surrogate, which is invalid, as the bytes that some clients send for it. */
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80";
}

function headerSafe(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "?").trim();
}
