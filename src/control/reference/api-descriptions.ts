/** Describes each API for its OpenAPI document, beside its routes. */
import type { RouteOptions } from "fastify";
import {
  describeApi,
  type ApiDescription,
  type OpenApiDocument,
  type SecurityScheme,
} from "../../http/server/openapi.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { readVersion } from "../../platform/version.ts";

export interface DocumentedApi {
  /** The name in `openapi/<name>.json`. */
  readonly name: string;
  readonly description: ApiDescription;
  /** A key for trying requests on the reference page. */
  readonly key: string | undefined;
}

/** Returns every vendor's API, then control. */
export function documentedApis(vendors: readonly Vendor[]): DocumentedApi[] {
  return [
    ...vendors.map((vendor) => ({
      name: vendor.name,
      description: describeVendor(vendor),
      key: vendor.keyFrom("fx_default_main"),
    })),
    { name: "control", description: describeControl(), key: undefined },
  ];
}

/** Returns a function that finds a document by name; each is built on its first request. */
export function openApiDocuments(
  apis: readonly DocumentedApi[],
  routes: readonly RouteOptions[],
): (name: string) => Promise<OpenApiDocument> | undefined {
  const made = new Map<string, Promise<OpenApiDocument>>();
  return (name) => {
    const api = apis.find((each) => each.name === name);
    if (api === undefined) return undefined;
    const document = made.get(name) ?? describeApi(routes, api.description);
    made.set(name, document);
    return document;
  };
}

function describeVendor(vendor: Vendor): ApiDescription {
  const { title, realHosts, prefixes, vintages, outcomes } = vendor;
  const [realHost] = realHosts;
  const [shown, ...others] = vintages;
  const vintageText =
    others.length === 0
      ? `It has the version ${shown} of that API.`
      : `What is shown is its version ${shown}; a sandbox's \`vintages\` choose ${others.join(" or ")} instead, where a description says how it differs.`;
  return {
    title: `${title}, emulated by fauxgen`,
    version: shown,
    description: [
      `The routes that fauxgen has in the place of ${realHost}. ${vintageText}`,
      "Every request is checked against these schemas, and in fauxgen's own tests every response is.",
      "Behind each code stands where it is documented: [seed], [doc], [sdk], [client], or [inferred] where nobody says and the choice is ours.",
    ].join("\n\n"),
    security: { name: "key", scheme: schemeOf(vendor) },
    outcomes,
    extensions: { "x-fauxgen-vintages": vintages, "x-fauxgen-real-host": realHost },
    prefixes,
  };
}

function schemeOf({ keyHeaders: [header = "authorization"], keyFrom }: Vendor): SecurityScheme {
  const description = `Any account of any sandbox: \`${keyFrom("fx_<sandbox>_<account>")}\`, for example \`${keyFrom("fx_default_main")}\`.`;
  return header === "authorization"
    ? { type: "http", scheme: "bearer", description }
    : { type: "apiKey", in: "header", name: header, description };
}

function describeControl(): ApiDescription {
  return {
    title: "fauxgen control",
    version: readVersion(),
    description: [
      "How tests steer the emulator: sandboxes, time, scenarios and rules, what clients asked and what they were sent.",
      "Errors are RFC 9457 problems with a stable `code`. Durations are `30s`, `2m`, `1500ms`, or a number of milliseconds.",
    ].join("\n\n"),
    security: {
      name: "token",
      scheme: {
        type: "http",
        scheme: "bearer",
        description: "The value of FAUXGEN_CONTROL_TOKEN. Private addresses need none unless control says `token`.",
      },
    },
    isSecurityOptional: true,
    outcomes: [],
    extensions: {},
    prefixes: ["/_fauxgen"],
  };
}
