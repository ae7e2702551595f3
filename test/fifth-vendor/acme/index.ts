import { z } from "zod";
import type { Vendor } from "../../../src/vendors/vendor.ts";
import { capabilities } from "./capabilities.ts";
import { routes } from "./routes.ts";

export const acme: Vendor = {
  ...capabilities,
  title: "Acme Pictures",
  realHosts: ["api.acme.test"],
  prefixes: ["/acme/v1"],
  vintages: ["1"],
  apiKey: ({ headers }) => (typeof headers["x-acme-key"] === "string" ? headers["x-acme-key"] : undefined),
  keyHeaders: ["x-acme-key"],
  keyFrom: (selfDescribing) => selfDescribing,
  bodyLimit: 1024 * 1024,
  plugin: routes,
  accountState: z.strictObject({}),
  defaultState: () => ({}),
  settings: z.strictObject({}),
  fixtures: [],
  exposedHeaders: [],
  environment: (baseUrl, apiKey) => ({ ACME_URL: baseUrl, ACME_KEY: apiKey }),
  outcomes: [
    {
      operation: "createGeneration",
      status: 201,
      phase: "queued",
      source: "inferred",
      provoke: { account: "main", method: "POST", path: "/acme/v1/pictures", body: { prompt: "a hat" } },
    },
  ],
};
