/**
 * Acme Pictures, an invented vendor that shows how to write one: each request makes one picture, read or awaited. The
 * Acme of test/support/acme is a different one, on which the tests of rules run that are not a vendor's.
 */
import { z } from "zod";
import type { Vendor } from "../vendor.ts";
import { accountState, defaultState, settleInk } from "./account.ts";
import { capabilities } from "./capabilities.ts";
import { outcomes } from "./outcomes.ts";
import { routes } from "./routes.ts";
import { BODY_LIMIT } from "./schemas.ts";

const KEY = /^Token +(\S+)$/i;

export const acme: Vendor = {
  ...capabilities,
  title: "Acme Pictures",
  realHosts: ["api.acme.test"],
  prefixes: ["/acme/v1"],
  vintages: ["1"],
  apiKey: ({ headers }) => KEY.exec(headers.authorization ?? "")?.[1],
  keyHeaders: ["authorization"],
  keyScheme: "Token",
  keyFrom: (selfDescribing) => selfDescribing,
  bodyLimit: BODY_LIMIT,
  plugin: routes,
  accountState,
  defaultState,
  settings: z.strictObject({}),
  fixtures: [],
  onTransition: settleInk,
  exposedHeaders: [],
  environment: (baseUrl, apiKey) => ({ ACME_URL: baseUrl, ACME_KEY: apiKey }),
  outcomes,
};
