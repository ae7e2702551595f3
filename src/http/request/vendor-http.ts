/** Says what http needs to know of a vendor to carry its requests: its keys, its errors, and what it adds to a reply. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Instant } from "../../engine/base/clock.ts";
import type { KeyVerdict, Sandboxes } from "../../engine/sandbox/sandboxes.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { ScenarioBook } from "../../engine/sandbox/scenario-book.ts";
import type { Journal, Journals, JournalEntry } from "../journal/journal.ts";
import type { Capacity } from "./capacity.ts";
import type { Operation } from "../journal/operations.ts";
import type { RequestCounts } from "../journal/request-counts.ts";
import type { UnassignedRequests } from "../journal/unassigned.ts";
import type { ClientSide } from "../server/forwarded.ts";
import type { VendorErrors } from "../errors/vendor-error.ts";

export interface VendorHttp {
  readonly name: string;
  /** Its real path space, such as `/v2`; paths below it that it does not have get its own 404. */
  readonly prefixes: readonly string[];
  /** The key as the client sent it, or undefined. */
  readonly apiKey: (request: FastifyRequest) => string | undefined;
  /** Lower-case names of the headers that carry the key: what the journal redacts. */
  readonly keyHeaders: readonly string[];
  /** Whether a key has the form that this vendor's keys have; undefined where any form will do. */
  readonly takesKey?: (key: string) => boolean;
  readonly errors: VendorErrors;
  /** Bytes; the route's own limit wins. */
  readonly bodyLimit: number;
  /** Runs after authentication, before validation: plan gates and rate limits. Throws the vendor's error. */
  readonly admit?: (request: FastifyRequest, reply: FastifyReply) => void;
  /**
   * Runs last on every reply, errors included, and answers the payload that is sent. It runs again for the error that
   * takes the place of a reply which acknowledged what could not be written.
   */
  readonly finishReply?: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => unknown;
}

/** A route of a vendor's: what `GET /_fauxgen/operations` lists, and what a rule's names are checked against. */
export interface VendorRoute {
  readonly vendor: string;
  readonly operation: Operation;
  readonly method: string;
  /** Path pattern, such as `/api/v1/generations/:id`. */
  readonly path: string;
}

/** Everything that requests share, made once per server. */
export interface HttpContext {
  readonly sandboxes: Sandboxes;
  readonly journals: Journals;
  readonly scenarios: ScenarioBook;
  readonly unassigned: UnassignedRequests;
  /** What http knows of each vendor, by name. */
  readonly vendors: ReadonlyMap<string, VendorHttp>;
  /** Every vendor route, as it was registered. */
  readonly routes: VendorRoute[];
  /** Requests that are held open, of all sandboxes. */
  readonly held: Capacity;
  /** Streams of events that are open, of all sandboxes. */
  readonly followers: Capacity;
  readonly requestCounts: RequestCounts;
  /** How a client reached the server, through the proxies that are trusted. */
  readonly clientSideOf: (request: FastifyRequest) => ClientSide;
  /** Whether pages may use the server under this host, as a Host header has it. */
  readonly isOwnHost: (host: string) => boolean;
  /** Bytes of a body that is no upload, above every vendor's own bound. */
  readonly maxBodyBytes: number;
  /** When the server was built, by the real clock. */
  readonly startedAt: Instant;
  /** Whether `x-fauxgen-*` headers are sent. */
  readonly explains: boolean;
  /** Whether responses are checked against their schemas, strictly; on in tests. */
  readonly checksResponses: boolean;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The world this request happens in. */
    sandbox: Sandbox;
    /** Whose key it carries; set on every route that needs a key. */
    account: Account;
    /** Which user of the account. */
    user: string;
    /** The sandbox's time, read once when the request arrived. */
    now: Instant;
    entry: JournalEntry;
    /** The journal that the entry is in; a reset gives the sandbox another. */
    journal: Journal;
    keyVerdict: KeyVerdict | undefined;
    vendorHttp: VendorHttp | undefined;
  }

  interface FastifyContextConfig {
    operation?: Operation;
    /** `public` needs no key; default `key`. */
    access?: "key" | "public";
  }
}
