/**
 * Defines the types of the control API's requests and responses. They derive from the API's own schemas, so they always
 * match. They are imported as types only, so a test that only connects loads no server code.
 */
import type { z } from "zod";
import type { shownAccount } from "../control/sandboxes/accounts.ts";
import type { advanced, shownClock } from "../control/clock/routes.ts";
import type { shownGeneration } from "../control/generations/shown.ts";
import type { newTemplate, shownTemplate } from "../control/fixtures/template.ts";
import type { health } from "../control/reference/health.ts";
import type { shownRequest } from "../control/requests/shown.ts";
import type { shownUnassigned } from "../control/reference/lookups.ts";
import type { shownRule } from "../control/rules/routes.ts";
import type { shownScenario } from "../control/rules/scenarios.ts";
import type { shownSandbox } from "../control/sandboxes/routes.ts";
import type { wantedCount, wantedRequest } from "../control/requests/verification.ts";
import type { verified, verifiedSequence } from "../control/requests/verify-routes.ts";
import type { shownHeldRequest } from "../control/generations/waiters.ts";
import type { shownDelivery, deliverySummary, shownEndpoint } from "../control/webhooks/shown.ts";
import type { FindingId } from "../control/conduct/finding-kinds.ts";
import type { Conduct, ShownFinding } from "../control/conduct/routes.ts";
import type { CoverageDocument, Share } from "../control/coverage/document.ts";
import type { Duration } from "../engine/base/durations.ts";
import type { requestMatch } from "../engine/rule/request-match.ts";
import type { ruleDocument } from "../engine/rule/rule-document.ts";
import type { scenarioDocument } from "../engine/scenario/document.ts";
import type { sandboxSettings } from "../engine/sandbox/settings.ts";
import type { Operation } from "../http/journal/operations.ts";
import type { VendorName } from "./vendor-names.ts";

export type Health = z.output<typeof health>;

/** The short name of a vendor's route. Routes of several vendors with the same meaning share a name. */
export type { Operation };

/** The HTTP methods that vendors accept. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** The fields whose values the library's types restrict to known names. */
interface Names {
  readonly vendor?: VendorName;
  readonly operation?: Operation;
  readonly method?: HttpMethod | Lowercase<HttpMethod>;
}

/** The requests that a rule or a verification matches. */
export type RequestPattern = Omit<z.input<typeof requestMatch>, keyof Names> & Names;

/** The settings of a sandbox, in the format of `PUT sandboxes/{s}`. */
export type SandboxSettings = Omit<z.input<typeof sandboxSettings>, "rules" | "scenarios"> & {
  readonly rules?: NewRule[];
  readonly scenarios?: Record<string, NewScenario>;
};
export type SandboxDocument = z.output<typeof shownSandbox>;

export type ClockDocument = z.output<typeof shownClock>;
/** The result of an advance. */
export type Advanced = z.output<typeof advanced>;

/** A rule to add. */
export type NewRule = Omit<z.input<typeof ruleDocument>, "when"> & { readonly when?: RequestPattern };
/** What every sandbox gets, in the format of `PUT template`, with media as bytes. */
export type NewTemplate = Omit<z.input<typeof newTemplate>, "rules" | "scenarios" | "media"> & {
  readonly rules?: NewRule[];
  readonly scenarios?: Record<string, NewScenario>;
  readonly media?: Readonly<Record<string, Uint8Array>>;
};
/** What every sandbox has. */
export type TemplateDocument = z.output<typeof shownTemplate>;

/** A rule with its hits. */
export type Rule = z.output<typeof shownRule>;

/** A scenario to add to a sandbox. */
export type NewScenario = Omit<z.input<typeof scenarioDocument>, "faults"> & {
  readonly faults?: (Omit<NonNullable<z.input<typeof scenarioDocument>["faults"]>[number], "operation" | "method"> &
    Pick<Names, "operation" | "method">)[];
};
/** A scenario, and the vendors that can show it. */
export type Scenario = z.output<typeof shownScenario>;

/** The saved state of a whole sandbox. */
export interface Bundle {
  readonly format: "fauxgen-bundle";
  /** The name of the saved sandbox; the bundle can only be restored under this name. */
  readonly sandbox: string;
  readonly [part: string]: unknown;
}

export type Phase = Generation["phase"];
export type Generation = z.output<typeof shownGeneration>;
export type HeldRequest = z.output<typeof shownHeldRequest>;
/** A request of the journal. */
export type JournalRequest = z.output<typeof shownRequest>;
export type Delivery = z.output<typeof deliverySummary>;
/** A delivery with its exact bytes and headers. */
export type DeliveryDetail = z.output<typeof shownDelivery>;
export type WebhookEndpoint = z.output<typeof shownEndpoint>;

/** The filters that every list accepts. */
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
  /** The event that the request waits for: the end of a generation, the end of a delay, or no event. */
  readonly kind?: HeldRequest["kind"];
  readonly generation?: string;
};

export type RequestMatch = Match & {
  readonly operation?: Operation;
  readonly method?: HttpMethod | Lowercase<HttpMethod>;
  /** The exact path, without the query. */
  readonly path?: string;
  readonly status?: number;
  readonly state?: JournalRequest["state"];
  readonly generation?: string;
  /** False omits the bodies. */
  readonly bodies?: boolean;
};

export type DeliveryMatch = Match & {
  readonly status?: Delivery["status"];
  /** The id of the generation or batch that the webhook reports. */
  readonly subject?: string;
  readonly event?: string;
  readonly url?: string;
};

/** A generation to create without a client. */
export interface NewGeneration {
  readonly vendor: VendorName;
  readonly account?: string;
  /** The request body of a client, in the vendor's format; the vendor's defaults apply. */
  readonly request?: unknown;
  /** The scenario's name, or `name=CODE`. */
  readonly scenario?: string;
  /** The initial phase; by default the scenario's first phase. */
  readonly phase?: Phase;
  /** Holds the generation in that phase until it is released. */
  readonly hold?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly label?: string;
}

/** The expectation of a verification: the requests to match and their number. */
export type Expectation = SequenceStep & {
  /** The expected number of requests; by default at least one. */
  readonly count?: z.input<typeof wantedCount>;
  /** The real time to wait for these requests; by default no time. */
  readonly within?: Duration;
};

/** One step of a sequence. */
export type SequenceStep = Omit<z.input<typeof wantedRequest>, keyof Names> & Names;

/** The number of matching requests, and the number of older requests that the journal dropped and did not count. */
export type Verified = z.output<typeof verified>;
/** The request of each step. */
export type VerifiedSequence = z.output<typeof verifiedSequence>;

export type AccountDocument = z.output<typeof shownAccount>;

/** A request that reached no sandbox or no route, and the reason. */
export type UnassignedRequest = z.output<typeof shownUnassigned>;

/** A route of a vendor. */
export interface VendorOperation {
  readonly vendor: string;
  readonly operation: string;
  readonly method: string;
  /** The path with its parameters, such as `/v2/generate/:id`. */
  readonly path: string;
}

/** An event of a sandbox. */
export interface SandboxEvent {
  readonly sandbox: string;
  /** The kind of event, such as `request.arrived`, `generation.transition`, `waiter.held`, `delivery.changed`. */
  readonly kind: string;
  /** The instant on the sandbox's clock. */
  readonly at: string;
  readonly [detail: string]: unknown;
}

/** What a client did wrong, with the requests and deliveries that show it. */
export type Finding = ShownFinding;

/** The id of a kind of finding, such as `retry-after-ignored`. */
export type { FindingId };
/** The findings about a sandbox, and how many requests had left the journal. */
export type { Conduct };

/** Which of the vendors' listed answers clients met, and what provokes the others. */
export type { CoverageDocument };
/** Listed answers, the number that was met, and their share in percent. */
export type { Share };
