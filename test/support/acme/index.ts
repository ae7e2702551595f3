/**
 * Defines the made-up vendor Acme, on which the tests of rules run that are not a vendor's: it has only what these
 * tests need. The Acme of test/fifth-vendor is a different one: the smallest possible vendor, an example for readers
 * who add one.
 */
import type { Vendor } from "../../../src/vendors/vendor.ts";
import { accountState, defaultState, settleCredits } from "./account.ts";
import { admit } from "./admission.ts";
import { conduct } from "./conduct.ts";
import { capabilities } from "./capabilities.ts";
import { finishReply } from "./finish-reply.ts";
import { outcomes } from "./outcomes.ts";
import { routes } from "./routes.ts";
import { settings } from "./settings.ts";
import { attributesOf } from "./store.ts";
import { planDirectCreate } from "./submission.ts";
import { webhooks } from "./webhook.ts";

const BEARER = /^Bearer +(\S+)$/i;

export const acme: Vendor = {
  ...capabilities,
  title: "Acme",
  realHosts: ["api.acme.test"],
  prefixes: ["/acme"],
  vintages: ["1", "2"],
  apiKey: ({ headers }) => BEARER.exec(headers.authorization ?? "")?.[1],
  keyHeaders: ["authorization"],
  keyFrom: (selfDescribing) => `acme_${selfDescribing}`,
  bodyLimit: 1024 * 1024,
  admit,
  finishReply,
  plugin: routes,
  accountState,
  defaultState,
  settings,
  fixtures: [],
  planDirectCreate,
  onTransition: settleCredits,
  attributesOf,
  webhooks,
  conduct,
  mediaNotFound: () => ({ contentType: "text/plain; charset=utf-8", body: "Acme has no such file." }),
  exposedHeaders: ["x-acme-request", "x-acme-credits"],
  environment: (baseUrl, apiKey) => ({ ACME_URL: baseUrl, ACME_KEY: apiKey }),
  outcomes,
};
