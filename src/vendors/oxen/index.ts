/** Defines the vendor Oxen.ai: a queue of image and video generations, and synchronous routes. */
import { exposedMediaHeaders } from "../../media/serve/send.ts";
import { conduct } from "./conduct.ts";
import type { Vendor } from "../vendor.ts";
import { accountState, defaultState, correctCharge } from "./account.ts";
import { models } from "./catalogue.ts";
import { attributesOf } from "./generations/store.ts";
import { favorites } from "./models/store.ts";
import { planDirectCreate } from "./queue/direct-create.ts";
import { notFound } from "./errors.ts";
import { capabilities } from "./capabilities.ts";
import { choices } from "./choices.ts";
import { ownerOf } from "./files/routes.ts";
import { notSupported } from "./not-supported.ts";
import { webhookFacts } from "./webhook-facts.ts";
import { outcomes } from "./outcomes.ts";
import { outputCard } from "./output-card.ts";
import { routes } from "./routes.ts";
import { settings } from "./settings.ts";
import { vintages } from "./vintage.ts";

const BEARER = /^Bearer +(\S+)$/i;

export const oxen: Vendor = {
  ...capabilities,
  title: "Oxen.ai",
  realHosts: ["hub.oxen.ai", "dev.hub.oxen.ai"],
  realDomains: ["oxen.ai"],
  prefixes: ["/api/ai", "/api/events", "/api/repos"],
  vintages,
  apiKey: (request) => BEARER.exec(request.headers.authorization ?? "")?.[1],
  keyHeaders: ["authorization"],
  keyFrom: (selfDescribing) => selfDescribing,
  // Clients inline images: up to 18 MB in one request [client].
  bodyLimit: 32 * 1024 * 1024,
  plugin: routes,
  accountState,
  defaultState,
  settings,
  fixtures: [models],
  planDirectCreate,
  attributesOf,
  documents: [favorites],
  onTransition: correctCharge,
  ownerOf,
  // Oxen's file routes answer this 404; the paths below /_media are on the same host and answer it too.
  mediaNotFound: () => ({ contentType: "application/json; charset=utf-8", body: JSON.stringify(notFound().body) }),
  outputCard,
  exposedHeaders: exposedMediaHeaders,
  environment: (baseUrl, apiKey) => ({
    OXEN_API_KEY: apiKey,
    OXEN_BASE_URL: `${baseUrl}/api/ai`,
    OXEN_HOST: new URL(baseUrl).host,
  }),
  conduct,
  outcomes,
  webhookFacts,
  notSupported,
  choices,
};
