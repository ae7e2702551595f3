/** Defines what a reference client knows of a vendor, as the vendor's pages say it. */
/** How a job stands, as one answer or webhook tells. */
export interface JobState {
  readonly end?: "succeeded" | "failed";
  /** Links of the results that were made. */
  readonly links: readonly string[];
  /** Why the job, or a part of it, failed. */
  readonly why?: string;
}

export interface Order {
  readonly text: string;
  /** The number of results. */
  readonly count: number;
  readonly webhookUrl?: string;
}

export interface CreateRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What the pages allow after a create whose outcome is unknown: a repetition with the same key; a look at the list
 * first; a repetition after an error in the vendor's own words; or nothing, so that no job is paid twice.
 */
export type AfterUncertainty =
  | { readonly kind: "repeat" }
  | { readonly kind: "look"; readonly find: (read: (path: string) => Promise<unknown>) => Promise<readonly string[]> }
  | { readonly kind: "after-error" }
  | { readonly kind: "give-up" };

export interface ClientVendor {
  readonly name: string;
  readonly headers: (apiKey: string) => Readonly<Record<string, string>>;
  /** The gap before the first read, and the longest; the gap grows from one to the other. */
  readonly gaps: { readonly firstMs: number; readonly longestMs: number };
  readonly order: (order: Order, unique: string) => CreateRequest & { readonly uncertain: AfterUncertainty };
  /** Returns the ids to wait for. */
  readonly idsOf: (answer: unknown) => readonly string[];
  readonly readPath: (id: string) => string;
  readonly stateOf: (answer: unknown) => JobState;
  /** Whether files of the API's own host may ask for the key. */
  readonly filesMayNeedKey: boolean;
}
