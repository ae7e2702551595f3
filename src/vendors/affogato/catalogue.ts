/** affogato's models, styles, loras, control nets and voices; the lists are known only in part, so they are open by default. */
import { z } from "zod";
import type { Fixture, FixtureLibrary } from "../../fixtures/library.ts";
import type { Submitter } from "../../http/request/submitter.ts";
import { invalidControlNet, invalidLoras, invalidModel, invalidStyles, invalidVoice } from "./errors.ts";

/** Item shape of every resource list but the voices' [doc: controlnets?type=flux]. */
export const resource = z.strictObject({ name: z.string(), base_model: z.string() });

export type Resource = z.output<typeof resource>;

/** No page shows one; only that `Rachel` is a voice's name [doc] is known. */
export const voice = z.strictObject({ name: z.string() });

/** One name may exist for several base models, so both are the key. */
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

/** The two ways in which a request names a style. */
interface NamedStyle {
  readonly style?: string | null | undefined;
  readonly style_detail?: { readonly name: string; readonly base_model?: string | null | undefined } | null | undefined;
}

/** Names that even an open catalogue refuses, so that a test can have the refusal. */
const REFUSED = /^(?:unknown|bad)-/;

/** What a request names, looked up in the catalogues; whatever an open one does not have is explained beside the answer. */
export class Catalogue {
  readonly #library: FixtureLibrary;
  readonly #isStrict: boolean;
  readonly #explain: (text: string) => void;

  constructor({ fixtures, sandbox, explain }: Submitter) {
    this.#library = fixtures;
    this.#isStrict = sandbox.settings.isCatalogueStrict("affogato");
    this.#explain = (text) => explain?.("MODEL_NOT_IN_CATALOGUE", text);
  }

  /** Throws `Invalid model`. */
  model(name: string): Resource {
    const known = this.#library.mapOf(models).get(name);
    if (known !== undefined) return known;
    if (!this.#takes(name)) throw invalidModel();
    return this.#guess("model", { name, base_model: guessBaseModel(name) });
  }

  /**
   * A style by name and base model. A bare name that more than one base model has cannot be resolved [client], which
   * `style_detail` avoids. Throws `Invalid styles`.
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

  /** Loras have the base model of what they are used with [doc]. Throws `Invalid loras`. */
  checkLora(name: string, baseModel: string): void {
    const named = this.#library.listOf(loras).filter((item) => item.name === name);
    if (named.some((item) => item.base_model === baseModel)) return;
    if (named.length > 0 || !this.#takes(name)) throw invalidLoras();
    this.#guess("lora", { name, base_model: baseModel });
  }

  /** Throws `Invalid control net`. */
  checkControlNet(name: string, baseModel: string): void {
    if (this.#library.mapOf(controlnets).has(`${baseModel}/${name}`)) return;
    if (!this.#takes(name)) throw invalidControlNet();
    this.#guess("control net", { name, base_model: baseModel });
  }

  /** Throws `Invalid voice`. */
  checkVoice(name: string): void {
    if (this.#library.mapOf(voices).has(name)) return;
    if (!this.#takes(name)) throw invalidVoice();
    this.#explain(`${name} was taken for a voice.`);
  }

  #takes(name: string): boolean {
    return name !== "" && !this.#isStrict && !REFUSED.test(name);
  }

  #guess(kind: string, item: Resource): Resource {
    this.#explain(`${item.name} was taken for a ${kind} of base model ${item.base_model}.`);
    return item;
  }
}

function guessBaseModel(name: string): string {
  return /flux/i.test(name) ? "flux" : "sdxl";
}
