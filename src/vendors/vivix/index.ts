/**
 * Defines the vendor Vivix Atelier (getvivix), which makes images and videos. Clients get results by polling or
 * webhooks. The source is the documentation's four endpoint pages.
 */
import type { Vendor } from "../vendor.ts";
import { conduct } from "./conduct.ts";
import { accountState, defaultState, correctCharge } from "./account.ts";
import { admit } from "./admission.ts";
import { models } from "./catalogue.ts";
import { capabilities } from "./capabilities.ts";
import { choices } from "./choices.ts";
import { planDirectCreate } from "./direct-create.ts";
import { fileNotFound, PROVIDER_HOST } from "./file-host.ts";
import { finishReply } from "./finish-reply.ts";
import { notSupported } from "./not-supported.ts";
import { webhookFacts } from "./webhook-facts.ts";
import { outcomes } from "./outcomes.ts";
import { outputCard } from "./output-card.ts";
import { routes } from "./routes.ts";
import { attributesOf } from "./store.ts";
import { settings } from "./settings.ts";
import { webhooks } from "./webhook.ts";

const BEARER = /^Bearer +(\S+)$/i;

export const vivix: Vendor = {
  ...capabilities,
  title: "Vivix Atelier",
  realHosts: ["vivix-atelier.vercel.app", "getvivix.com", "www.getvivix.com"],
  realDomains: ["getvivix.com"],
  prefixes: ["/api/v1"],
  vintages: ["2026-05"],
  // Every key begins with `vvx_live_` [doc]; a key without this prefix is a bad key, not a missing one.
  apiKey: (request) => BEARER.exec(request.headers.authorization ?? "")?.[1],
  keyHeaders: ["authorization"],
  keyPrefix: "vvx_live_",
  keyFrom: (selfDescribing) => `vvx_live_${selfDescribing}`,
  bodyLimit: 1024 * 1024,
  admit,
  finishReply,
  plugin: routes,
  accountState,
  defaultState,
  settings,
  fixtures: [models],
  planDirectCreate,
  attributesOf,
  onTransition: correctCharge,
  webhooks,
  otherFileHosts: [PROVIDER_HOST],
  mediaNotFound: fileNotFound,
  outputCard,
  exposedHeaders: ["x-request-id", "x-ratelimit-remaining", "x-credits-balance", "retry-after"],
  // No SDK exists, so clients read variables of their own choice; these names are our suggestion [inferred].
  environment: (baseUrl, apiKey) => ({ VIVIX_BASE_URL: baseUrl, VIVIX_API_KEY: apiKey }),
  conduct,
  outcomes,
  webhookFacts,
  notSupported,
  choices,
};
