/** Counts how requests to vendors end, for the metrics. */

/** The number of requests that ended in the same way since the server started. */
export interface RequestCount {
  /** Undefined for a file that belongs to no vendor. */
  readonly vendor: string | undefined;
  /** Undefined for a path or method that the vendor does not have. */
  readonly operation: string | undefined;
  /** The answer's status; `gone` or `dropped` for requests without an answer. */
  readonly status: number | "gone" | "dropped";
  readonly count: number;
}

type ByStatus = Map<RequestCount["status"], number>;

/** The counts of a server. Each request costs at most three look-ups; the list is built on request. */
export class RequestCounts {
  readonly #counts = new Map<string | undefined, Map<string | undefined, ByStatus>>();

  add(vendor: string | undefined, operation: string | undefined, status: RequestCount["status"]): void {
    let ofVendor = this.#counts.get(vendor);
    if (ofVendor === undefined) this.#counts.set(vendor, (ofVendor = new Map<string | undefined, ByStatus>()));
    let ofOperation = ofVendor.get(operation);
    if (ofOperation === undefined) ofVendor.set(operation, (ofOperation = new Map<RequestCount["status"], number>()));
    ofOperation.set(status, (ofOperation.get(status) ?? 0) + 1);
  }

  all(): RequestCount[] {
    return [...this.#counts].flatMap(([vendor, operations]) =>
      [...operations].flatMap(([operation, statuses]) =>
        [...statuses].map(([status, count]) => ({ vendor, operation, status, count })),
      ),
    );
  }
}
