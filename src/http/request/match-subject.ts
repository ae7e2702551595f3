/** Presents a request to rules. The label and the generation are looked up only if a rule needs them. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { MatchingWork } from "../../engine/rule/linear-pattern.ts";
import { findMarkers } from "../../engine/rule/marker.ts";
import type { MatchSubject, RequestQuery } from "../../engine/rule/request-match.ts";

export class RequestSubject implements MatchSubject {
  readonly vendor: string | undefined;
  readonly operation: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: RequestQuery;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly account: string | undefined;
  readonly body: unknown;
  readonly work: MatchingWork;
  readonly #request: FastifyRequest;
  #generation: Generation | "none" | undefined;

  /** `body` is a single row if the request has several. */
  constructor(request: FastifyRequest, body: unknown = request.bodyAsSent) {
    this.#request = request;
    this.vendor = vendorOf(request);
    this.operation = request.entry.operation;
    this.method = request.method;
    this.path = request.entry.path;
    this.query = request.entry.query;
    this.headers = request.headers;
    this.account = request.entry.account;
    this.body = body;
    // The rows of one request share it.
    this.work = request.matchingWork ??= new MatchingWork();
  }

  /** Returns the label in the body, else the label of the generation that the request names. */
  readonly label = (): string | undefined => findMarkers(this.body).label ?? this.#about()?.label ?? undefined;

  readonly generations = (): readonly string[] => {
    const about = this.#about();
    return about === undefined ? [] : [about.id];
  };

  #about(): Generation | undefined {
    this.#generation ??= findAbout(this.#request, this.vendor) ?? "none";
    return this.#generation === "none" ? undefined : this.#generation;
  }
}

/** Returns the vendor of the route, or of the file for a download or an upload. */
export function vendorOf(request: FastifyRequest): string | undefined {
  return request.vendorHttp?.name ?? request.entry.vendor ?? paramsOf(request).find(([name]) => name === "vendor")?.[1];
}

/** Notes the generation that a request names, if its route did not, as for a request that a rule answered. */
export function noteNamedGeneration(request: FastifyRequest): void {
  const { entry } = request;
  if (entry.generations !== undefined || paramsOf(request).length === 0) return;
  const found = findAbout(request, vendorOf(request));
  if (found === undefined) return;
  entry.generations = [found.id];
  entry.label ??= found.label ?? undefined;
}

/** Finds the generation that a path names by its id, an output's id, or a file's name. */
function findAbout(request: FastifyRequest, vendor: string | undefined): Generation | undefined {
  if (vendor === undefined) return undefined;
  const { generations } = request.sandbox;
  for (const [, value] of paramsOf(request)) {
    const id = value.replace(/\.[a-z0-9]+$/, "");
    const found =
      generations.find(vendor, id) ??
      generations.findByOutput(vendor, id) ??
      // Outputs without their own public ids are numbered after their generation.
      generations.find(vendor, id.replace(/-\d+$/, ""));
    if (found !== undefined) return found;
  }
  return undefined;
}

function paramsOf({ params }: FastifyRequest): [string, string][] {
  if (typeof params !== "object" || params === null) return [];
  return Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

declare module "fastify" {
  interface FastifyRequest {
    /** The work that comparing the request with rules may take; made when the first rule is compared. */
    matchingWork: MatchingWork | undefined;
  }
}
