/** Sorts a client's requests by what they are for, and matches such requests in rules. */
import type { JournalRequest } from "../client/documents.ts";
import type { VendorConduct } from "../vendors/conduct.ts";
import type { OperationGroup } from "./expectation-document.ts";

/** A route of a vendor, as the server lists it. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

/** What tells the group of a request. */
type GroupedRequest = Pick<JournalRequest, "vendor" | "method" | "operation" | "path" | "url">;

/** The values of the query parameter `wait` by which a read asks to be held. */
const HELD: readonly string[] = ["true", "1"];

const FILES = "/_media/";

/** The operations that lead to a file by a redirect, which has no body to damage. */
const REDIRECTS: readonly string[] = ["getGenerationResult", "getBatchResult"];

export class OperationGroups {
  readonly #vendor: string;
  readonly #facts: VendorConduct;
  readonly #routes: readonly Route[];

  constructor(vendor: string, facts: VendorConduct, routes: readonly Route[]) {
    this.#vendor = vendor;
    this.#facts = facts;
    this.#routes = routes;
  }

  /** Returns whether a request of the journal belongs to a group. Preflights belong to none. */
  contains(group: OperationGroup, { vendor, method, operation, path, url }: GroupedRequest): boolean {
    if (vendor !== this.#vendor || method === "OPTIONS") return false;
    const isFile = path.startsWith(FILES) || this.#has("download", operation);
    switch (group) {
      case "any":
        return true;
      case "api":
        return !isFile;
      case "create":
        return method === "POST" && this.#has(group, operation);
      case "download":
        return method === "GET" && isFile;
      case "file":
        return method === "GET" && isFile && !isRedirect(operation);
      case "download-head":
        return method === "HEAD" && isFile;
      case "held-poll":
        return method === "GET" && this.#facts.heldMs !== undefined && HELD.includes(queryOf(url).get("wait") ?? "");
      case "poll":
      case "status":
      case "list":
      case "old-poll":
      case "events":
        return method === "GET" && this.#has(group, operation);
    }
  }

  /** Returns the match of a rule for the requests of a group. */
  matchOf(group: OperationGroup): Readonly<Record<string, unknown>> {
    const vendor = { vendor: this.#vendor };
    if (group === "any") return vendor;
    if (group === "api") return { ...vendor, path: { $regex: `^(?:${this.#apiPrefixes().join("|")})` } };
    const method = group === "create" ? "POST" : group === "download-head" ? "HEAD" : "GET";
    const isDownload = group === "download" || group === "file" || group === "download-head";
    const named = isDownload ? "download" : group === "held-poll" ? "poll" : group;
    const paths = this.#routes
      .filter(({ operation }) => this.#has(named, operation) && !(group === "file" && isRedirect(operation)))
      .map(({ path }) => expressionOf(path));
    if (isDownload) paths.push(`${FILES}.*`);
    const held = group === "held-poll" ? { query: { wait: "true" } } : {};
    return { ...vendor, ...held, method, path: { $regex: `^(?:${[...new Set(paths)].join("|")})$` } };
  }

  /** Returns the operations whose answer to a create comes only once the job has ended. */
  get answeringAtEnd(): readonly string[] {
    return this.#facts.answersAtEnd ?? [];
  }

  get idempotencyHeader(): string | undefined {
    return this.#facts.idempotencyHeader?.name;
  }

  #has(
    group: "create" | "poll" | "status" | "list" | "old-poll" | "events" | "download",
    operation: string | null,
  ): boolean {
    const { creates, statusReads, lists, deprecated = [] } = this.#facts;
    const operations: Readonly<Record<typeof group, readonly string[]>> = {
      create: creates,
      poll: [...statusReads, ...lists],
      status: statusReads,
      list: lists,
      "old-poll": deprecated.map((each) => each.operation).filter((each) => statusReads.includes(each)),
      events: ["followEvents"],
      download: ["downloadOutput", ...REDIRECTS],
    };
    return operation !== null && operations[group].includes(operation);
  }

  /** Returns the beginnings of the paths of the vendor's API, without those of files. */
  #apiPrefixes(): string[] {
    const paths = this.#routes.filter(({ operation, path }) => operation !== "downloadOutput" && path.startsWith("/"));
    return [...new Set(paths.map(({ path }) => /^\/[^/:]+(?:\/[^/:]+)?/.exec(path)?.[0] ?? path))].filter(
      (prefix) => !prefix.startsWith("/_") && prefix !== "/api/repos",
    );
  }
}

function isRedirect(operation: string | null): boolean {
  return operation !== null && REDIRECTS.includes(operation);
}

/** Returns a route's path as an expression: any text without a slash in place of a parameter, any rest for `*`. */
function expressionOf(path: string): string {
  return path
    .split("/")
    .map((part) => (part.startsWith(":") ? "[^/]+" : part === "*" ? ".*" : part.replace(/[.+?^$()[\]{}|\\]/g, "\\$&")))
    .join("/");
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start + 1));
}
