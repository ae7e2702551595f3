/** Defines what control must know of a vendor to judge how a client behaves towards it. */
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { Source } from "../http/errors/outcome.ts";
import type { Operation } from "../http/journal/operations.ts";

/** A statement about the vendor, and where it comes from. */
interface VendorStatement {
  readonly what: string;
  readonly source: Source;
}

/** A documented operation that the vendor advises against, with its successor. */
interface DeprecatedOperation extends VendorStatement {
  readonly operation: Operation;
}

export interface VendorConduct {
  /** The operations by which a client asks for the state of one generation. */
  readonly statusReads: readonly Operation[];
  /** The operations that make a job, which the vendor charges for. */
  readonly creates: readonly Operation[];
  /** The creates that are answered only once the job has ended, with its result. */
  readonly answersAtEnd?: readonly Operation[];
  /** The operations that list generations. */
  readonly lists: readonly Operation[];
  /** The operations that stream the ends of an account's generations while they are open. */
  readonly eventStreams?: readonly Operation[];
  /** The least time between two status reads of a generation, in milliseconds, that the vendor states or shows. */
  readonly pollGap: VendorStatement & {
    readonly ms: number;
    /** Whether the vendor's own samples poll with this gap from first to last. */
    readonly isSampled?: boolean;
  };
  /** What the vendor offers so that a client need not poll; absent if it offers nothing. */
  readonly insteadOfPolls?: VendorStatement;
  /** Returns for how long a read with this query is held at most, in milliseconds; undefined if it is not held. */
  readonly heldMs?: (query: URLSearchParams, sandbox: Sandbox) => number | undefined;
  /** The header that makes a repeated create safe; lower case. Absent if the vendor has none. */
  readonly idempotencyHeader?: VendorStatement & { readonly name: string };
  /** Where the vendor calls the repetition of a create safe without a key: after these statuses it says so itself. */
  readonly safeRepeat?: VendorStatement & { readonly after: readonly number[] };
  readonly deprecated?: readonly DeprecatedOperation[];
  /** Returns whether the answer of a list has further pages. Absent if the vendor has no pages. */
  readonly hasNextPage?: (answer: unknown, query: URLSearchParams) => boolean;
  /** Whether the vendor's files are public, so that a key that is sent to the file host leaks. */
  readonly filesNeedNoKey: boolean;
}
