/** Types of the HTTP layer: the keys, errors and hooks that a vendor provides, and the context that requests share. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Instant } from "../../engine/base/clock.ts";
import type { KeyVerdict, Sandboxes } from "../../engine/sandbox/sandboxes.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { ScenarioBook } from "../../engine/sandbox/scenario-book.ts";
import type { Journal, Journals, JournalEntry } from "../journal/journal.ts";
import type { BodyRoom } from "../bodies/body-room.ts";
import type { Capacity } from "./capacity.ts";
import type { ExchangeOrder } from "../journal/exchange-order.ts";
import type { Coverage } from "../bodies/note-answer.ts";
import type { UnreadEvents } from "../server/unread-events.ts";
import type { MemoryBudget } from "../../platform/memory-budget.ts";
import type { Operation } from "../journal/operations.ts";
import type { RequestCounts } from "../journal/request-counts.ts";
import type { UnassignedRequests } from "../journal/unassigned.ts";
import type { ClientSide } from "../server/forwarded.ts";
import type { VendorErrors } from "../errors/vendor-error.ts";

export interface VendorHttp {
  readonly name: string;
  /** The vendor's real path prefixes, such as `/v2`; unknown paths below them get the vendor's own 404. */
  readonly prefixes: readonly string[];
  /** Returns the key as the client sent it, or undefined. */
  readonly apiKey: (request: FastifyRequest) => string | undefined;
  /** Lower-case names of the headers that carry the key; the journal redacts them. */
  readonly keyHeaders: readonly string[];
  /**
   * The word before the key in the first of these headers, such as `Token`; empty if the header contains only the key.
   * When absent, it is `Bearer` in the header `authorization`, and empty in any other header.
   */
  readonly keyScheme?: string;
  /** The documented beginning of every key of this vendor, such as `vvx_live_`; other vendors refuse such keys. */
  readonly keyPrefix?: string;
  readonly errors: VendorErrors;
  /** The largest body, in bytes; a route's own limit wins. */
  readonly bodyLimit: number;
  /** Runs after authentication, before validation: plan gates and rate limits. Throws the vendor's error. */
  readonly admit?: (request: FastifyRequest, reply: FastifyReply) => void;
  /**
   * Runs last on every reply, errors included, and returns the payload to send. If a write fails, an error replaces the
   * reply, and this runs again for the error.
   */
  readonly finishReply?: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => unknown;
}

/** A vendor's route, for `GET /_fauxgen/operations` and for checking the names in a rule. */
export interface VendorRoute {
  readonly vendor: string;
  readonly operation: Operation;
  readonly method: string;
  /** Path pattern, such as `/api/v1/generations/:id`. */
  readonly path: string;
}

/** The data that all requests share; created once per server. */
export interface HttpContext {
  readonly sandboxes: Sandboxes;
  readonly budget: MemoryBudget;
  /** The bodies that are being received. */
  readonly bodies: BodyRoom;
  /** The events that followers have not read. */
  readonly unread: UnreadEvents;
  readonly journals: Journals;
  readonly scenarios: ScenarioBook;
  readonly unassigned: UnassignedRequests;
  /** The vendors by name. */
  readonly vendors: ReadonlyMap<string, VendorHttp>;
  /** Every vendor route, in order of registration. */
  readonly routes: VendorRoute[];
  /** The held requests of all sandboxes. */
  readonly held: Capacity;
  /** The open event streams of all sandboxes. */
  readonly followers: Capacity;
  readonly requestCounts: RequestCounts;
  readonly exchangeOrder: ExchangeOrder;
  /** The answers that clients got. */
  readonly coverage: Coverage;
  /** Awaited before control resets or deletes a sandbox, for a program that keeps what its clients did; never rejects. */
  beforeEmptied?: (sandbox: Sandbox) => Promise<void>;
  /** Returns how a client reached the server through the trusted proxies. */
  readonly clientSideOf: (request: FastifyRequest) => ClientSide;
  /** Returns whether pages may use the server under this value of the Host header. */
  readonly isOwnHost: (host: string) => boolean;
  /** The largest body other than an upload, in bytes; it also caps every vendor's own limit. */
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
    /** The sandbox that the request belongs to. */
    sandbox: Sandbox;
    /** The account of the request's key; set on every route that needs a key. */
    account: Account;
    /** The user of the account. */
    user: string;
    /** The sandbox's time, read once when the request arrived. */
    now: Instant;
    entry: JournalEntry;
    /** The journal with the request's entry; a reset gives the sandbox a new journal. */
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
