/** Defines a part of `npm run load`: one kind of attack, its options, and the account that it gives. */

export interface LoadOptions {
  /** Minutes of soak. */
  readonly minutes: number;
  /** Kills on each write path. */
  readonly rounds: number;
  /** Generated requests in all. */
  readonly requests: number;
  readonly seed: number;
  /** The CLI to run; the sources when absent. */
  readonly cli: string | undefined;
  readonly say: (line: string) => void;
}

/** One line of the table in docs/reliability.md. */
export interface Tried {
  readonly what: string;
  readonly times: number;
  /** How many of them lost, repeated or broke something. */
  readonly wrong: number;
}

export interface PartAccount {
  readonly tried: readonly Tried[];
  /** A sentence for each thing that was wrong. */
  readonly violations: readonly string[];
  /** Other figures, which are printed and not published. */
  readonly figures?: unknown;
}

export interface LoadPart {
  /** The name for `--parts`, and the name of the file with its results. */
  readonly name: string;
  readonly title: string;
  /** What the part does and what it checks, as sentences for docs/reliability.md. */
  readonly explanation: string;
  readonly run: (options: LoadOptions) => Promise<PartAccount>;
}

/** The options of a run whose results may be published; a shorter run would say too little. */
export const FULL: Pick<LoadOptions, "minutes" | "rounds" | "requests"> = {
  minutes: 3,
  rounds: 200,
  requests: 100_000,
};
