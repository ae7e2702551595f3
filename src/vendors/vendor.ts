/** What a vendor is. Each folder beside this file exports one; `index.ts` lists them. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { VendorWebhooks } from "../delivery/webhooks.ts";
import type { Failure, OutputOutcome } from "../engine/model/generation.ts";
import type { Transition } from "../engine/generation/generations.ts";
import type { Phase } from "../engine/model/phases.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { WebhookKind } from "../engine/model/webhook-faults.ts";
import type { OwnerOf } from "../http/request/open-entry.ts";
import type { DirectCreate, PlannedJob } from "../http/request/creating.ts";
import type { AnyFixture, FixtureLibrary } from "../fixtures/library.ts";
import type { Outcome, Source } from "../http/errors/outcome.ts";
import type { VendorHttp } from "../http/request/vendor-http.ts";
import type { FileHost } from "../media/serve/file-host.ts";

/** Something that is documented, or known to exist, and that the emulator does not do. */
export interface NotSupported {
  readonly what: string;
  readonly why: string;
  /** Where it is known from. */
  readonly source: Source;
}

/** Something about what a vendor sends by itself, webhooks and events. */
export interface WebhookFact {
  readonly what: string;
  readonly how: string;
  readonly source: Source;
  /** Test files that hold it, below `test/` and without `.test.ts`. */
  readonly tests: readonly string[];
}

export interface Vendor extends VendorHttp, FileHost {
  /** What the vendor calls itself. */
  readonly title: string;
  /** The hosts whose place the emulator takes: the API's own, then others that its documentation uses. */
  readonly realHosts: readonly [string, ...string[]];
  /** Documented versions of its API; the first is the default. */
  readonly vintages: readonly [string, ...string[]];
  /** The phases and output outcomes that its answers can show. */
  readonly expressible: {
    readonly phases: readonly Phase[];
    readonly outcomes: readonly OutputOutcome[];
    readonly webhooks?: WebhookKind;
  };
  /**
   * Its failure of this code (the usual one when undefined) for a generation that ends `failed` or `rejected`;
   * undefined when it has no such code.
   */
  readonly failure: (
    code: string | undefined,
    phase: "failed" | "rejected",
    fixtures?: FixtureLibrary,
  ) => Failure | undefined;
  readonly failureCodes: readonly string[];
  /** Its routes, with absolute paths and `config.operation` on each. */
  readonly plugin: FastifyPluginAsyncZod;
  /** Plan, credits and limits of an account here. */
  readonly accountState: z.ZodType<Readonly<Record<string, unknown>>>;
  /** Answers what an account of this name has at first; a name that it does not know gets what `main` gets. */
  readonly defaultState: (account: string) => Readonly<Record<string, unknown>>;
  /** Settings of this vendor that a sandbox may change. */
  readonly settings: z.ZodType<Readonly<Record<string, unknown>>>;
  /** Its catalogues, read and checked when the server starts. */
  readonly fixtures: readonly AnyFixture[];
  /**
   * Makes a job of what a test orders through control, with its own defaults for whatever is not said. Throws its own
   * errors; absent while generations can only be made by its clients.
   */
  readonly planDirectCreate?: (order: DirectCreate) => PlannedJob;
  /** Effects of a transition (settling credits, activating assets), inside the transaction that announces it. */
  readonly onTransition?: (sandbox: Sandbox, transition: Transition) => void;
  /** The webhooks that it sends; absent for none. */
  readonly webhooks?: VendorWebhooks;
  /** Which sandbox a request without a usable key belongs to, where a URL of the vendor's own form says so. */
  readonly ownerOf?: OwnerOf;
  /** Response headers that a page's script may read. */
  readonly exposedHeaders: readonly string[];
  /** Turns an account's self-describing key `fx_<sandbox>_<account>` into one of this vendor's form. */
  readonly keyFrom: (selfDescribing: string) => string;
  /** Environment variables that its known clients read, from a base URL (no trailing slash) and a key. */
  readonly environment: (baseUrl: string, apiKey: string) => Readonly<Record<string, string>>;
  /** Every answer that can be provoked, and how. */
  readonly outcomes: readonly Outcome[];
  /** What it sends by itself, for `docs/fidelity.md`; absent where nothing is known to be. */
  readonly webhookFacts?: readonly WebhookFact[];
  /** What its real API has and the emulator does not, for `docs/fidelity.md`. */
  readonly notSupported?: readonly NotSupported[];
}
