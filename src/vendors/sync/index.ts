/**
 * Defines the vendor sync. (sync.so), which makes lipsync videos. Clients get results by polling, held requests or
 * webhooks. The sources are the seed, the documentation and the SDKs.
 */
import type { Vendor } from "../vendor.ts";
import { conduct } from "./conduct.ts";
import { accountState, defaultState } from "./account.ts";
import { admit } from "./admission.ts";
import { builtInVoices } from "./voices/built-in-voices.ts";
import { assets } from "./assets/store.ts";
import { announcements } from "./assets/uploads.ts";
import { batches, batchRecords, countInBatch } from "./batches/store.ts";
import { models } from "./catalogue.ts";
import { errorCatalogue } from "./error-catalogue.ts";
import { capabilities } from "./capabilities.ts";
import { choices } from "./choices.ts";
import { finishReply } from "./finish-reply.ts";
import { planDirectCreate } from "./generations/direct-create.ts";
import { attributesOf } from "./generations/store.ts";
import { notSupported } from "./not-supported.ts";
import { webhookFacts } from "./webhook-facts.ts";
import { otherFile } from "./other-files.ts";
import { outcomes } from "./outcomes.ts";
import { outputCard } from "./generations/output-card.ts";
import { correctCharge } from "./organization/quota.ts";
import { sandboxOfToken } from "./result-token.ts";
import { deletedProjects, projects } from "./projects/store.ts";
import { routes } from "./routes.ts";
import { clones } from "./voices/store.ts";
import { settings } from "./settings.ts";
import { keyOf } from "./organization/source.ts";
import { vintages } from "./vintage.ts";
import { jobFailure, jobFailureCodes } from "./transcriptions/failures.ts";
import { webhooks } from "./webhook.ts";

export const sync: Vendor = {
  ...capabilities,
  // Rules and control name failures of every job; a create knows only those of its own kind.
  failure: (code, phase, fixtures) => capabilities.failure(code, phase, fixtures) ?? jobFailure(code),
  failureCodes: [...capabilities.failureCodes, ...jobFailureCodes],
  title: "sync.",
  realHosts: ["api.sync.so", "dev-api.sync.so", "api.synclabs.so"],
  realDomains: ["sync.so", "synclabs.so"],
  prefixes: ["/v2", "/api-json"],
  vintages,
  apiKey: keyOf,
  keyHeaders: ["x-api-key", "authorization"],
  keyFrom: (selfDescribing) => selfDescribing,
  bodyLimit: 1024 * 1024,
  admit,
  finishReply,
  ownerOf: sandboxOfToken,
  plugin: routes,
  accountState,
  defaultState,
  settings,
  fixtures: [errorCatalogue, models, builtInVoices],
  planDirectCreate,
  onTransition: (sandbox, transition) => {
    correctCharge(sandbox, transition);
    countInBatch(sandbox, transition);
  },
  attributesOf,
  documents: [assets, announcements, projects, deletedProjects, clones, batches, batchRecords],
  webhooks,
  otherFile,
  outputCard,
  exposedHeaders: ["retry-after", "x-sync-wait-mode", "x-sync-wait-timeout-seconds", "location"],
  // The SDKs read only the key; the tool server reads SYNC_BASE_URL [client].
  environment: (baseUrl, apiKey) => ({ SYNC_API_KEY: apiKey, SYNC_BASE_URL: baseUrl }),
  conduct,
  outcomes,
  webhookFacts,
  notSupported,
  choices,
};
