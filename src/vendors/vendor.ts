/** Defines the interface of a vendor. Each folder beside this file exports one vendor; `index.ts` lists them. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { VendorWebhooks } from "../delivery/webhooks.ts";
import type { Failure, Generation, OutputResult } from "../engine/model/generation.ts";
import type { Transition } from "../engine/generation/generations.ts";
import type { Phase } from "../engine/model/phases.ts";
import type { StoredKind } from "../engine/sandbox/documents.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { WebhookKind } from "../engine/model/webhook-faults.ts";
import type { OwnerOf } from "../http/request/open-entry.ts";
import type { DirectCreate, PlannedJob } from "../http/request/creating.ts";
import type { AnyFixture, FixtureLibrary } from "../fixtures/library.ts";
import type { Outcome, Source } from "../http/errors/outcome.ts";
import type { VendorHttp } from "../http/request/vendor-http.ts";
import type { FileHost } from "../media/serve/file-host.ts";
import type { VendorConduct } from "./conduct.ts";

/** A documented or otherwise known feature that the emulator does not support. */
export interface NotSupported {
  readonly what: string;
  readonly why: string;
  /** The source that names the feature. */
  readonly source: Source;
}

/** A behaviour of the emulator that no source decides. */
export interface Choice {
  /** What the emulator does, as one sentence that can be read alone. */
  readonly choice: string;
  /** What the sources say about it, or leave open. */
  readonly because: string;
  /** The file with the behaviour, relative to the vendor's folder; a comment there has the tag `[inferred]`. */
  readonly file: string;
}

/** A fact about a vendor's webhooks or events. */
export interface WebhookFact {
  readonly what: string;
  readonly how: string;
  readonly source: Source;
  /** Test files that check the fact, relative to `test/` and without `.test.ts`. */
  readonly tests: readonly string[];
}

export interface Vendor extends VendorHttp, FileHost {
  /** The real hosts that the emulator replaces: the API's host first, then others that the documentation uses. */
  readonly realHosts: readonly [string, ...string[]];
  /** Domains that are the vendor's. Their other hosts are not emulated, and the preload refuses connections to them. */
  readonly realDomains?: readonly string[];
  /** Documented versions of the API; the first is the default. */
  readonly vintages: readonly [string, ...string[]];
  /** The phases and results of outputs that the vendor's responses can show. */
  readonly capabilities: {
    readonly phases: readonly Phase[];
    readonly results: readonly OutputResult[];
    readonly webhooks?: WebhookKind;
  };
  /**
   * Returns the failure with this code for a generation that ends `failed` or `rejected`. Without a code, returns the
   * usual failure. Returns undefined for a code that the vendor does not have.
   */
  readonly failure: (
    code: string | undefined,
    phase: "failed" | "rejected",
    fixtures?: FixtureLibrary,
  ) => Failure | undefined;
  readonly failureCodes: readonly string[];
  /** The vendor's routes; each has an absolute path and a `config.operation`. */
  readonly plugin: FastifyPluginAsyncZod;
  /** Schema of an account's plan, credits and limits. */
  readonly accountState: z.ZodType<Readonly<Record<string, unknown>>>;
  /** Returns the first state of an account by its name; an unknown name gets the state of `main`. */
  readonly defaultState: (account: string) => Readonly<Record<string, unknown>>;
  /** Settings of this vendor that a sandbox may change. */
  readonly settings: z.ZodType<Readonly<Record<string, unknown>>>;
  /** The vendor's catalogues; the server reads and checks them when it starts. */
  readonly fixtures: readonly AnyFixture[];
  /**
   * Plans a job that a test creates through the control API, with defaults for missing fields. Throws the vendor's own
   * errors. Absent for a vendor whose generations only clients can create.
   */
  readonly planDirectCreate?: (order: DirectCreate) => PlannedJob;
  /**
   * Applies the effects of a transition (settling credits, activating assets), inside the transaction that announces
   * it.
   */
  readonly onTransition?: (sandbox: Sandbox, transition: Transition) => void;
  /** Decodes what the vendor keeps in a generation; throws for a generation that it could not have made. */
  readonly attributesOf?: (generation: Generation) => unknown;
  /** The kinds of documents that the vendor keeps beside generations. */
  readonly documents?: readonly StoredKind[];
  /** The vendor's webhooks; absent for a vendor that sends none. */
  readonly webhooks?: VendorWebhooks;
  /** Returns the sandbox of a request without a usable key, if the request's URL names it in the vendor's own form. */
  readonly ownerOf?: OwnerOf;
  /** Response headers that a page's script may read. */
  readonly exposedHeaders: readonly string[];
  /** Turns an account's self-describing key `fx_<sandbox>_<account>` into one of this vendor's form. */
  readonly keyFrom: (selfDescribing: string) => string;
  /**
   * Returns the environment variables that the vendor's known clients read, for a base URL (no trailing slash) and a
   * key.
   */
  readonly environment: (baseUrl: string, apiKey: string) => Readonly<Record<string, string>>;
  /** What control must know to judge the conduct of a client; absent for a vendor whose clients are not judged. */
  readonly conduct?: VendorConduct;
  /** Every response that a test can provoke, and a request that provokes it. */
  readonly outcomes: readonly Outcome[];
  /** Facts about the vendor's webhooks and events, for `docs/fidelity`; absent when none are known. */
  readonly webhookFacts?: readonly WebhookFact[];
  /** Features of the real API that the emulator does not support, for `docs/fidelity`. */
  readonly notSupported?: readonly NotSupported[];
  /** Behaviours that no source decides, for `docs/fidelity`. */
  readonly choices?: readonly Choice[];
}
