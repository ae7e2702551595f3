/** Defines how a published response is written down. */
import type { VendorName } from "../../../src/client/vendor-names.ts";
import type { Shape } from "./shape.ts";

export interface PublishedResponse {
  readonly vendor: VendorName;
  readonly method: string;
  /** The documented path, with {placeholders}. */
  readonly path: string;
  /** Short name, shared by vendors where the meaning is shared. */
  readonly operation: string;
  readonly status: number;
  /**
   * Distinguishes this answer from others of the same status: the vendor's own state word ("PENDING", "completed") or
   * error code ("NOT_YOURS"), or a short word ("missing-key") if the body has neither. A query that changes the body is
   * appended ("PENDING?include=progress").
   */
  readonly state?: string;
  /** Absent for an answer of all vintages. */
  readonly vintage?: string;
  readonly body: Shape | "text" | "empty" | "bytes";
  /** Documented headers that must be present, with names in lower case. */
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** The weakest source of the shape. */
  readonly source: "seed" | "doc" | "sdk" | "client" | "inferred";
  readonly note?: string;
}

/** The fields of an entry, without its route. */
export type Answer = Omit<PublishedResponse, "vendor" | "method" | "path" | "operation">;

/** Builds the entries of one route: `route("getGeneration", "GET /v2/generate/{id}", [...])`. */
export type DescribeRoute = (
  operation: string,
  methodAndPath: `${string} ${string}`,
  answers: readonly Answer[],
) => readonly PublishedResponse[];

export const describeRoutes =
  (vendor: VendorName): DescribeRoute =>
  (operation, methodAndPath, answers) => {
    const [method = "", path = ""] = methodAndPath.split(" ");
    return answers.map((answer) => ({ vendor, method, path, operation, ...answer }));
  };
