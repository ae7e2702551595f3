/**
 * Defines oxen's catalogue of models. Names, endpoints, parameters and some prices are the documentation's; summaries
 * and the other prices are ours. The vendor adds models all the time, so the catalogue is open by default: it accepts
 * unknown names.
 */
import { z } from "zod";
import type { Medium } from "../../engine/model/generation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Fixture, FixtureLibrary } from "../../fixtures/library.ts";
import { guessedModel, guessKind, USUAL, type Kind } from "./guess.ts";
import { modelFields, type Model } from "./model.ts";

const entry = z.looseObject({
  ...modelFields,
  /** The model's own messages about wrong parameters, by parameter; `{value}` stands for the sent value. */
  refusals: z.record(z.string(), z.string()).default({}),
  /** Whether the vendor lists this model as featured. */
  featured: z.boolean().default(false),
});

type Entry = z.output<typeof entry>;

/** A model with the schema of its parameters, which is undefined if they are unknown. */
export interface CatalogueModel {
  readonly listed: Model;
  readonly refusals: Readonly<Record<string, string>>;
  readonly parameters: z.ZodType | undefined;
  readonly isFeatured: boolean;
}

const checkedEntry = entry.transform((given, context) => {
  const listed = listedAs(given);
  try {
    return inCatalogue(given, listed, parametersOf(listed));
  } catch (error) {
    context.addIssue({ code: "custom", path: ["request_schema"], message: String(error) });
    return z.NEVER;
  }
});

export const models: Fixture<CatalogueModel> = {
  name: "oxen/models",
  item: checkedEntry,
  // The schema of parameters is built at the first call of a model: to build them all takes a fifth of the start time.
  shippedItem: entry.transform((given) => inCatalogue(given, shippedAs(given))),
  keyOf: ({ listed }) => listed.id,
  responseKey: "data",
};

function inCatalogue({ refusals, featured }: Entry, listed: Model, parameters?: z.ZodType): CatalogueModel {
  return {
    listed,
    refusals,
    isFeatured: featured,
    get parameters() {
      return (parameters ??= parametersOf(listed));
    },
  };
}

/** Completes what a user may leave out: the endpoint follows from the capabilities, and these from the endpoint. */
function listedAs({ refusals: _refusals, featured: _featured, ...given }: Entry): Model {
  const kind = kindOfOutput(given.capabilities?.output) ?? kindOfEndpoint(given.endpoint) ?? guessKind(given.id, {});
  return {
    ...given,
    display_name: given.display_name ?? given.id,
    endpoint: given.endpoint ?? USUAL[kind].endpoint,
    capabilities: given.capabilities ?? { input: ["text"], output: [kind] },
    pricing: given.pricing ?? null,
  };
}

/** Completes a shipped model. A model without a published price gets a made-up one, so that it costs something. */
function shippedAs(given: Entry): Model {
  const listed = listedAs(given);
  const kind = kindOfOutput(listed.capabilities.output) ?? "text";
  const { request_schema: schema } = listed;
  const properties = Object.entries(schema?.properties ?? {}).map(
    ([name, parameter], order) => [name, { ...parameter, "x-order": order }] as const,
  );
  return {
    ...listed,
    pricing: listed.pricing ?? USUAL[kind].pricing,
    request_schema: schema && { type: "object", title: "Input", ...schema, properties: Object.fromEntries(properties) },
  };
}

function kindOfOutput(output: readonly string[] = []): Kind | undefined {
  return (["video", "image", "audio", "text"] as const).find((kind) => output.includes(kind));
}

function kindOfEndpoint(endpoint = ""): Kind | undefined {
  if (TEXT_ENDPOINTS.includes(endpoint)) return "text";
  return (["image", "video", "audio"] as const).find((kind) => endpoint.startsWith(`/${kind}`));
}

const TEXT_ENDPOINTS: readonly string[] = ["/chat/completions", "/audio/transcriptions"];

/** Builds the schema of a model's parameters. A separate registry keeps its metadata out of our OpenAPI document. */
function parametersOf({ request_schema: schema }: Model): z.ZodType | undefined {
  if (schema === null) return undefined;
  return z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema, {
    defaultTarget: "openapi-3.0",
    registry: z.registry(),
  });
}

/** A request for a model: its parameters, and what its route makes, if the route makes one kind only. */
export interface ModelUse {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly route: Kind | undefined;
}

/**
 * Returns the model of this name. If it is unknown, an open catalogue guesses it; a strict catalogue returns undefined,
 * and so does a name that begins with `unknown-` or `bad-` [inferred].
 */
export function findModel(
  library: FixtureLibrary,
  sandbox: Sandbox,
  name: string,
  { parameters, route }: ModelUse,
): { readonly model: CatalogueModel; readonly isGuessed: boolean } | undefined {
  const known = library.mapOf(models).get(name);
  if (known !== undefined) return { model: known, isGuessed: false };
  if (sandbox.settings.isCatalogueStrict("oxen") || /^(?:unknown|bad)-/.test(name)) return undefined;
  // The only route that makes text hears audio.
  const input = route === "text" ? (["text", "audio"] as const) : (["text"] as const);
  const listed = guessedModel(name, guessKind(name, parameters, route), input);
  return { model: { listed, refusals: {}, parameters: undefined, isFeatured: false }, isGuessed: true };
}

/** Returns the medium that the model makes; undefined for a model that makes only text. */
export function mediumOf({ listed }: CatalogueModel): Medium | undefined {
  const kind = kindOfOutput(listed.capabilities.output);
  return kind === "text" ? undefined : kind;
}

/** Returns whether the model hears audio and answers text. */
export function transcribes({ listed: { capabilities } }: CatalogueModel): boolean {
  return capabilities.input.includes("audio") && capabilities.output.includes("text");
}
