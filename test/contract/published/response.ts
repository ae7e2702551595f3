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
   * What tells this answer from others of the same status: the vendor's own state word ("PENDING", "completed"), or the
   * vendor's own error code ("NOT_YOURS"); where the body has neither, a short word for it ("missing-key"). A query that changes the body is written behind it ("PENDING?include=progress").
   */
  readonly state?: string;
  /** Absent: in all vintages. */
  readonly vintage?: string;
  readonly body: Shape | "text" | "empty" | "bytes";
  /** Documented headers that must be there, names in lower case. */
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** The weakest source that the shape leans on. */
  readonly source: "seed" | "doc" | "sdk" | "client" | "inferred";
  readonly note?: string;
}

/** What an entry says beyond its route. */
export type Answer = Omit<PublishedResponse, "vendor" | "method" | "path" | "operation">;

/** The answers of one route: `route("getGeneration", "GET /v2/generate/{id}", [...])`. */
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
