/**
 * Defines affogato's catalogues of models, styles, loras, control nets and voices. The lists are known only in part, so
 * the catalogues are open by default: they accept unknown names.
 */
import { z } from "zod";
import type { Fixture, FixtureLibrary } from "../../fixtures/library.ts";
import type { Submitter } from "../../http/request/submitter.ts";
import { invalidControlNet, invalidLoras, invalidModel, invalidStyles, invalidVoice } from "./errors.ts";

/** Item shape of every resource list except the list of voices [doc: controlnets?type=flux]. */
export const resource = z.strictObject({ name: z.string(), base_model: z.string() });

export type Resource = z.output<typeof resource>;

/** Item shape of the list of voices. No page shows an item; only the voice name `Rachel` [doc] is known. */
export const voice = z.strictObject({ name: z.string() });

/** Defines a list whose items are keyed by base model and name, because several base models may share a name. */
const byBaseModel = (name: string): Fixture<Resource> => ({
  name: `affogato/${name}`,
  item: resource,
  keyOf: (item) => `${item.base_model}/${item.name}`,
});

export const models: Fixture<Resource> = { name: "affogato/models", item: resource, keyOf: ({ name }) => name };
export const styles = byBaseModel("styles");
export const loras = byBaseModel("loras");
export const controlnets = byBaseModel("controlnets");
export const voices: Fixture<z.output<typeof voice>> = {
  name: "affogato/voices",
  item: voice,
  keyOf: ({ name }) => name,
};

/** The two fields that can name a style. */
interface NamedStyle {
  readonly style?: string | null | undefined;
  readonly style_detail?: { readonly name: string; readonly base_model?: string | null | undefined } | null | undefined;
}

/** Names that even an open catalogue refuses; tests use them to provoke the error. */
const REFUSED = /^(?:unknown|bad)-/;

/** Looks up the names in a request. An open catalogue accepts an unknown name and adds a diagnostic to the response. */
export class Catalogue {
  readonly #library: FixtureLibrary;
  readonly #isStrict: boolean;
  readonly #explain: (text: string) => void;

  constructor({ fixtures, sandbox, explain }: Submitter) {
    this.#library = fixtures;
    this.#isStrict = sandbox.settings.isCatalogueStrict("affogato");
    this.#explain = (text) => explain?.("MODEL_NOT_IN_CATALOGUE", text);
  }

  /** Returns the model of this name. Throws `Invalid model`. */
  model(name: string): Resource {
    const known = this.#library.mapOf(models).get(name);
    if (known !== undefined) return known;
    if (!this.#takes(name)) throw invalidModel();
    return this.#guess("model", { name, base_model: guessBaseModel(name) });
  }

  /**
   * Returns a style by name and base model. A bare name that several base models share cannot be resolved [client];
   * `style_detail` avoids this. Throws `Invalid styles`.
   */
  style({ style, style_detail: detail }: NamedStyle): Resource {
    const name = detail?.name ?? style ?? "";
    const named = this.#library.listOf(styles).filter((item) => item.name === name);
    const baseModel = detail?.base_model ?? undefined;
    const fitting = baseModel === undefined ? named : named.filter((item) => item.base_model === baseModel);
    const [found] = fitting;
    if (found !== undefined && fitting.length === 1) return found;
    if (fitting.length > 1 || !this.#takes(name)) throw invalidStyles();
    return this.#guess("style", { name, base_model: baseModel ?? guessBaseModel(name) });
  }

  /** Checks a lora, which must have the base model of the style or model in use [doc]. Throws `Invalid loras`. */
  checkLora(name: string, baseModel: string): void {
    const named = this.#library.listOf(loras).filter((item) => item.name === name);
    if (named.some((item) => item.base_model === baseModel)) return;
    if (named.length > 0 || !this.#takes(name)) throw invalidLoras();
    this.#guess("lora", { name, base_model: baseModel });
  }

  /** Checks that the base model has this control net. Throws `Invalid control net`. */
  checkControlNet(name: string, baseModel: string): void {
    if (this.#library.mapOf(controlnets).has(`${baseModel}/${name}`)) return;
    if (!this.#takes(name)) throw invalidControlNet();
    this.#guess("control net", { name, base_model: baseModel });
  }

  /** Checks that this voice exists. Throws `Invalid voice`. */
  checkVoice(name: string): void {
    if (this.#library.mapOf(voices).has(name)) return;
    if (!this.#takes(name)) throw invalidVoice();
    this.#explain(`The catalogue does not have ${name}; it was accepted as a voice.`);
  }

  #takes(name: string): boolean {
    return name !== "" && !this.#isStrict && !REFUSED.test(name);
  }

  #guess(kind: string, item: Resource): Resource {
    this.#explain(
      `The catalogue does not have ${item.name}; it was accepted as a ${kind} of base model ${item.base_model}.`,
    );
    return item;
  }
}

function guessBaseModel(name: string): string {
  return /flux/i.test(name) ? "flux" : "sdxl";
}
