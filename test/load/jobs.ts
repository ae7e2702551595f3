/** Defines the jobs of the load tests: one of each vendor, created and read as its clients do. */

/** One kind of job at one vendor. */
export interface Job {
  readonly vendor: "sync" | "oxen" | "affogato" | "vivix";
  readonly create: (options: JobOptions) => { path: string; body: unknown };
  readonly read: (id: string) => string;
  readonly idOf: (answer: unknown) => string;
  /** Returns the phases that the status of an answer may stand for; none for an unexpected status. */
  readonly phasesOf: (answer: unknown) => readonly string[];
  readonly headers: (sandbox: string) => Readonly<Record<string, string>>;
}

interface JobOptions {
  /** A marker such as `fauxgen:fail`; empty for none. */
  readonly marker: string;
  /** The receiver of sync's webhook; other vendors send none, or use the endpoints of their account. */
  readonly webhookUrl?: string | undefined;
}

const wordsOf =
  (words: Readonly<Record<string, readonly string[]>>, ...path: readonly (string | number)[]) =>
  (answer: unknown): readonly string[] =>
    words[String(at(answer, ...path))] ?? [];

export const at = (answer: unknown, ...path: readonly (string | number)[]): unknown => {
  let found = answer;
  for (const key of path) found = (found as Record<string | number, unknown> | undefined)?.[key];
  return found;
};

const sync: Job = {
  vendor: "sync",
  create: ({ marker, webhookUrl }) => ({
    path: "/v2/generate",
    body: {
      model: "lipsync-2",
      input: [
        { type: "video", url: `https://media.test/${marker === "" ? "video" : marker}.mp4` },
        { type: "audio", url: "https://media.test/audio.wav" },
      ],
      ...(webhookUrl !== undefined && { webhookUrl }),
    },
  }),
  read: (id) => `/v2/generate/${id}`,
  idOf: (answer) => String(at(answer, "id")),
  phasesOf: wordsOf(
    { PENDING: ["queued"], PROCESSING: ["processing"], COMPLETED: ["succeeded"], FAILED: ["failed"] },
    "status",
  ),
  headers: (sandbox) => ({ "x-api-key": `fx_${sandbox}_main` }),
};

const oxen: Job = {
  vendor: "oxen",
  create: ({ marker }) => ({ path: "/api/ai/queue", body: { model: "flux-3-image", prompt: `an ox ${marker}` } }),
  read: (id) => `/api/ai/queue/${id}`,
  idOf: (answer) => String(at(answer, "generations", 0, "generation_id")),
  phasesOf: wordsOf(
    {
      queued: ["queued"],
      processing: ["processing"],
      succeeded: ["succeeded"],
      failed: ["failed"],
      cancelled: ["cancelled"],
    },
    "status",
  ),
  headers: (sandbox) => ({ authorization: `Bearer fx_${sandbox}_main` }),
};

const affogato: Job = {
  vendor: "affogato",
  create: ({ marker }) => ({
    path: "/pub/v1/generations",
    body: [{ prompt: { positive: `a cup ${marker}` }, aspect_ratio: "1:1", model: "JuggernautXL" }],
  }),
  read: (id) => `/pub/v1/generations/${id}`,
  idOf: (answer) => String(at(answer, "data", "generation_id")),
  phasesOf: wordsOf(
    { pending: ["queued", "processing"], success: ["succeeded"], failed: ["failed"] },
    "data",
    "media",
    0,
    "status",
  ),
  headers: (sandbox) => ({ "x-api-key": `fx_${sandbox}_main` }),
};

const vivix: Job = {
  vendor: "vivix",
  create: ({ marker }) => ({ path: "/api/v1/generate", body: { model: "gpt-image-2", prompt: `a fox ${marker}` } }),
  read: (id) => `/api/v1/generations/${id}`,
  idOf: (answer) => String(at(answer, "generation_id")),
  phasesOf: wordsOf(
    { pending: ["queued"], processing: ["processing"], completed: ["succeeded"], failed: ["failed"] },
    "status",
  ),
  headers: (sandbox) => ({ authorization: `Bearer vvx_live_fx_${sandbox}_main` }),
};

export const jobs = [sync, oxen, affogato, vivix] as const;
