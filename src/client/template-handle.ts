/** Sets the template of a server: what every sandbox has, existing and new. */
import { Buffer } from "node:buffer";
import type { ControlClient } from "./control-client.ts";
import type { NewTemplate, TemplateDocument } from "./documents.ts";

/** Sets, reads and takes back the scenarios, rules, accounts, catalogues and media of every sandbox. */
export class TemplateHandle {
  readonly #control: ControlClient;

  constructor(control: ControlClient) {
    this.#control = control;
  }

  /**
   * Gives every sandbox these fixtures, all or none, on top of the server's own folder. They replace those of an earlier
   * call. Media are bytes, by their name in a folder's `media/`.
   *
   * @example
   * await fauxgen.template.set({
   *   rules: [{ when: { vendor: "sync" }, scenario: "fails-late" }],
   *   media: { "video.mp4": await readFile("talking-head.mp4") },
   * });
   */
  async set({ media = {}, ...document }: NewTemplate): Promise<TemplateDocument> {
    const encoded = Object.entries(media).map(
      ([name, bytes]) => [name, Buffer.from(bytes).toString("base64")] as const,
    );
    return this.#control.call("PUT", "/template", { body: { ...document, media: Object.fromEntries(encoded) } });
  }

  /** Returns what is in force: the server's folder, and what was set on top of it. */
  async get(): Promise<TemplateDocument> {
    return this.#control.call("GET", "/template");
  }

  /** Takes back what was set; the server's folder stays. */
  async clear(): Promise<void> {
    await this.#control.call("DELETE", "/template");
  }
}
