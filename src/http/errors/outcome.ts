/** Defines the rows of `GET /_fauxgen/outcomes`: each operation's answers, their source, and how to get them. */
import type { Phase } from "../../engine/model/phases.ts";
import type { Operation } from "../journal/operations.ts";

/** Where a behaviour is documented; the weakest source counts. `inferred` is our choice where no source says. */
export type Source = "seed" | "doc" | "sdk" | "client" | "inferred";

export interface Outcome {
  readonly operation: Operation;
  readonly status: number;
  /** The vendor's code in the body, where it has one. */
  readonly code?: string;
  /**
   * The text of the body by which coverage tells this answer from others of its operation and status; by default
   * {@link Outcome.code}. Given where the code is a text of the example's answer alone; empty where the status and the
   * phase suffice.
   */
  readonly sign?: string;
  /** The phase that the answer shows, where it shows one. */
  readonly phase?: Phase;
  readonly vintage?: string;
  readonly source: Source;
  readonly provoke: Provocation;
}

/** One way to get an outcome: the request as the vendor's client would send it. */
export interface Provocation {
  /** Account whose key is sent; absent for no key at all. A literal key may be given instead. */
  readonly account?: string;
  /** A second user of the account, whose key was registered with this name. */
  readonly user?: string;
  readonly key?: string;
  readonly method: string;
  /**
   * Path with query. Here and in the body, `{id}` stands for a generation that {@link Provocation.create} made, and
   * `{output}` for its first output where outputs have their own ids.
   */
  readonly path: string;
  readonly body?: unknown;
  /** A body that is sent unchanged, for bodies that are not JSON. */
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A create that is sent first, by `main` unless `account` is given; its scenario marker decides the outcome. */
  readonly create?: { readonly body: unknown; readonly account?: string; readonly times?: number };
  /**
   * Requests that are sent first, in order, after {@link Provocation.create}. Text fields of their responses replace
   * `{field}` (`{data.id}` for a field of `data`, `{files.0.id}` for one of the first of `files`) in later paths and
   * bodies; the latest response wins. A URL used as a path stands for its path.
   */
  readonly before?: readonly Pick<
    Provocation,
    "account" | "user" | "method" | "path" | "body" | "rawBody" | "headers"
  >[];
  /** How far the sandbox's clock is advanced between the create and the request, such as `10s`. */
  readonly advance?: string;
  /** How far the clock is advanced while the request is held; the held request's answer is the outcome. */
  readonly meanwhile?: string;
  /**
   * Field of the answer that holds a URL, written as in {@link Provocation.before} but without braces: `url`,
   * `data.url`, `files.0.url`. That URL's answer to a request without a key is the outcome.
   */
  readonly link?: string;
  /** How often the request is sent; the last answer is the outcome. */
  readonly times?: number;
  /** Settings that the sandbox needs, as `PUT sandboxes/{s}` takes them. */
  readonly settings?: Readonly<Record<string, unknown>>;
}
