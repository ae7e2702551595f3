/**
 * What the control API takes and answers, as types. They are the API's own schemas, imported as types alone, so that
 * neither side can drift and a test that only connects loads nothing of the server.
 */
import type { z } from "zod";
import type { accountDocument } from "../control/sandboxes/accounts.ts";
import type { advanced, clockDocument } from "../control/clock/routes.ts";
import type { generationDocument } from "../control/generations/document.ts";
import type { health } from "../control/reference/health.ts";
import type { requestDocument } from "../control/requests/document.ts";
import type { unassignedDocument } from "../control/reference/lookups.ts";
import type { shownRule } from "../control/rules/routes.ts";
import type { shownScenario } from "../control/rules/scenarios.ts";
import type { sandboxDocument } from "../control/sandboxes/routes.ts";
import type { wantedCount, wantedRequest } from "../control/requests/verification.ts";
import type { verified, verifiedSequence } from "../control/requests/verify-routes.ts";
import type { waiterDocument } from "../control/generations/waiters.ts";
import type { deliveryDocument, deliverySummary, endpointDocument } from "../control/webhooks/document.ts";
import type { Duration } from "../engine/base/durations.ts";
import type { requestMatch } from "../engine/rule/request-match.ts";
import type { ruleDocument } from "../engine/rule/rules.ts";
import type { scenarioDocument } from "../engine/scenario/document.ts";
import type { sandboxSettings } from "../engine/sandbox/settings.ts";
import type { Operation } from "../http/journal/operations.ts";
import type { VendorName } from "./vendor-names.ts";

export type Health = z.output<typeof health>;

/** The short name of a vendor's route, shared by vendors where the meaning is. */
export type { Operation };

/** HTTP methods that vendors take. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** Names that a compiler can check, in place of any text. */
interface Names {
  readonly vendor?: VendorName;
  readonly operation?: Operation;
  readonly method?: HttpMethod | Lowercase<HttpMethod>;
}

/** Which requests a rule or a verification speaks of. */
export type RequestPattern = Omit<z.input<typeof requestMatch>, keyof Names> & Names;

/** Settings of a sandbox, as `PUT sandboxes/{s}` takes them. */
export type SandboxSettings = Omit<z.input<typeof sandboxSettings>, "rules" | "scenarios"> & {
  readonly rules?: NewRule[];
  readonly scenarios?: Record<string, NewScenario>;
};
export type SandboxDocument = z.output<typeof sandboxDocument>;

export type ClockDocument = z.output<typeof clockDocument>;
/** What an advance did. */
export type Advanced = z.output<typeof advanced>;

/** A rule to add. */
export type NewRule = Omit<z.input<typeof ruleDocument>, "when"> & { readonly when?: RequestPattern };
/** A rule with its hits. */
export type Rule = z.output<typeof shownRule>;

/** A scenario to put into a sandbox. */
export type NewScenario = Omit<z.input<typeof scenarioDocument>, "faults"> & {
  readonly faults?: (Omit<NonNullable<z.input<typeof scenarioDocument>["faults"]>[number], "operation" | "method"> &
    Pick<Names, "operation" | "method">)[];
};
/** A scenario, and the vendors that can show it. */
export type Scenario = z.output<typeof shownScenario>;

/** Everything of a sandbox, as it was saved. */
export interface Bundle {
  readonly format: "fauxgen-bundle";
  /** The sandbox that it was saved from, and can be restored as. */
  readonly sandbox: string;
  readonly [part: string]: unknown;
}

export type Phase = Generation["phase"];
export type Generation = z.output<typeof generationDocument>;
export type HeldRequest = z.output<typeof waiterDocument>;
/** A request of the journal. */
export type JournalRequest = z.output<typeof requestDocument>;
export type Delivery = z.output<typeof deliverySummary>;
/** A delivery with its exact bytes and headers. */
export type DeliveryDetail = z.output<typeof deliveryDocument>;
export type WebhookEndpoint = z.output<typeof endpointDocument>;

/** What lists of every kind can be filtered by. */
export type Match = {
  readonly vendor?: VendorName;
  readonly account?: string;
  readonly label?: string;
};

export type GenerationMatch = Match & {
  readonly phase?: Phase;
  readonly kind?: string;
  readonly id?: string;
};

export type HeldRequestMatch = Match & {
  /** What it waits for: the end of a generation, the end of a delay, or nothing. */
  readonly kind?: HeldRequest["kind"];
  readonly generation?: string;
};

export type RequestMatch = Match & {
  readonly operation?: Operation;
  readonly method?: HttpMethod | Lowercase<HttpMethod>;
  /** The path without its query, exactly. */
  readonly path?: string;
  readonly status?: number;
  readonly state?: JournalRequest["state"];
  readonly generation?: string;
  /** False leaves the bodies out. */
  readonly bodies?: boolean;
};

export type DeliveryMatch = Match & {
  readonly status?: Delivery["status"];
  /** Id of the generation or batch that it tells of. */
  readonly subject?: string;
  readonly event?: string;
  readonly url?: string;
};

/** A generation to create without a client. */
export interface NewGeneration {
  readonly vendor: VendorName;
  readonly account?: string;
  /** What a client would ask for, as the vendor takes it; the vendor's own defaults fill in. */
  readonly request?: unknown;
  /** Name, or name=CODE. */
  readonly scenario?: string;
  /** The phase it is created in; the scenario's first by default. */
  readonly phase?: Phase;
  /** Keep it in that phase until it is released. */
  readonly hold?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly label?: string;
}

/** What a verification asks for: requests that match, as many as `count` says. */
export type Expectation = SequenceStep & {
  /** At least one where nothing is said. */
  readonly count?: z.input<typeof wantedCount>;
  /** How long to wait for it, in real time; without it, looked at once. */
  readonly within?: Duration;
};

/** One step of a sequence. */
export type SequenceStep = Omit<z.input<typeof wantedRequest>, keyof Names> & Names;

/** How many requests matched, and how many older ones the journal had dropped, uncounted. */
export type Verified = z.output<typeof verified>;
/** The request of each step. */
export type VerifiedSequence = z.output<typeof verifiedSequence>;

export type AccountDocument = z.output<typeof accountDocument>;

/** A request that reached no sandbox or no route, and why. */
export type UnassignedRequest = z.output<typeof unassignedDocument>;

/** Something that happened, as it happens. */
export interface SandboxEvent {
  readonly sandbox: string;
  /** Such as `request.arrived`, `generation.transition`, `waiter.held`, `delivery.changed`. */
  readonly kind: string;
  /** On the sandbox's clock. */
  readonly at: string;
  readonly [detail: string]: unknown;
}
