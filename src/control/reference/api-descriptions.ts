/** Describes each API for its OpenAPI document, beside its routes. */
import type { RouteOptions } from "fastify";
import {
  describeApi,
  type ApiDescription,
  type OpenApiDocument,
  type SecurityScheme,
} from "../../http/server/openapi.ts";
import { keyFormOf } from "../../http/request/key-header.ts";
import { controlGroups } from "./groups.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { readVersion } from "../../platform/version.ts";

export interface DocumentedApi {
  /** The name in `openapi/<name>.json`. */
  readonly name: string;
  readonly description: ApiDescription;
  /** The text to enter as the key on the reference page. */
  readonly key: string | undefined;
}

/** Returns every vendor's API, then control. */
export function documentedApis(vendors: readonly Vendor[]): DocumentedApi[] {
  return [
    ...vendors.map((vendor) => ({
      name: vendor.name,
      description: describeVendor(vendor),
      key: enteredKey(vendor, "fx_default_main"),
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
      ? `They have version ${shown} of that API.`
      : `This document shows version ${shown} of that API. A sandbox's \`vintages\` select ${others.join(" or ")}; descriptions say how it differs.`;
  return {
    title: `${title}, emulated by fauxgen`,
    version: shown,
    description: [
      `These routes of fauxgen replace ${realHost}. ${vintageText}`,
      "fauxgen checks every request against these schemas. Its tests also check every response.",
      "Each error code has its source: [seed], [doc], [sdk], [client], or [inferred] if no source has it and the choice is ours.",
    ].join("\n\n"),
    security: { name: "key", scheme: schemeOf(vendor) },
    outcomes,
    extensions: { "x-fauxgen-vintages": vintages, "x-fauxgen-real-host": realHost },
    prefixes,
  };
}

function schemeOf(vendor: Vendor): SecurityScheme {
  const description = `Any account of any sandbox: \`${enteredKey(vendor, "fx_<sandbox>_<account>")}\`, for example \`${enteredKey(vendor, "fx_default_main")}\`.`;
  return isBearer(vendor)
    ? { type: "http", scheme: "bearer", description }
    : { type: "apiKey", in: "header", name: keyFormOf(vendor).header, description };
}

/** Returns the text that a user of the reference page enters as the key: Swagger UI adds only the scheme `Bearer`. */
function enteredKey(vendor: Vendor, selfDescribing: string): string {
  const key = vendor.keyFrom(selfDescribing);
  return isBearer(vendor) ? key : keyFormOf(vendor).prefix + key;
}

function isBearer(vendor: Vendor): boolean {
  const { header, prefix } = keyFormOf(vendor);
  return header === "authorization" && prefix === "Bearer ";
}

function describeControl(): ApiDescription {
  return {
    title: "fauxgen control",
    version: readVersion(),
    description: [
      "Tests control the emulator with these routes: sandboxes, time, scenarios, rules, requests and webhooks.",
      "Errors are RFC 9457 problems with a stable `code`. Durations are `30s`, `2m`, `1500ms`, or a number of milliseconds.",
    ].join("\n\n"),
    security: {
      name: "token",
      scheme: {
        type: "http",
        scheme: "bearer",
        description:
          "The value of FAUXGEN_CONTROL_TOKEN. Private addresses need no token, unless the setting `control` is `token`.",
      },
    },
    isSecurityOptional: true,
    outcomes: [],
    extensions: {},
    groups: controlGroups,
    prefixes: ["/_fauxgen"],
  };
}
