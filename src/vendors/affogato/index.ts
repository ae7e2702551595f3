/**
 * Defines the vendor Affogato, formerly RenderNet, which makes images and videos. Clients get results by polling. The
 * source is docs.rendernet.ai/api-reference.
 */
import type { Vendor } from "../vendor.ts";
import { conduct } from "./conduct.ts";
import { correctCharge, prices } from "./generations/pricing.ts";
import { accountState, defaultState } from "./account.ts";
import { admit } from "./admission.ts";
import { controlnets, loras, models, styles, voices } from "./catalogue.ts";
import { capabilities } from "./capabilities.ts";
import { choices } from "./choices.ts";
import { finishReply } from "./finish-reply.ts";
import { assets } from "./assets/store.ts";
import { characters } from "./characters/store.ts";
import { planDirectCreate } from "./generations/direct-create.ts";
import { attributesOf } from "./generations/store.ts";
import { notSupported } from "./not-supported.ts";
import { outcomes } from "./outcomes.ts";
import { outputCard } from "./output-card.ts";
import { routes } from "./routes.ts";
import { settings } from "./settings.ts";

export const affogato: Vendor = {
  ...capabilities,
  title: "Affogato",
  realHosts: ["api.rendernet.ai"],
  realDomains: ["rendernet.ai", "affogato.ai"],
  prefixes: ["/pub/v1", "/pub/v2"],
  vintages: ["1.0"],
  // The key has no documented form [seed: only the header's name].
  apiKey: ({ headers }) => {
    const key = headers["x-api-key"];
    return typeof key === "string" ? key : undefined;
  },
  keyHeaders: ["x-api-key"],
  keyFrom: (selfDescribing) => selfDescribing,
  bodyLimit: 1024 * 1024,
  admit,
  finishReply,
  plugin: routes,
  accountState,
  defaultState,
  settings,
  fixtures: [models, styles, loras, controlnets, voices, prices],
  planDirectCreate,
  attributesOf,
  documents: [assets, characters],
  onTransition: correctCharge,
  outputCard,
  exposedHeaders: ["retry-after"],
  // MyPage reads the key from RENDERNET_API_KEY and hard-codes the host; SelfAI, a .NET app, reads
  // RenderNetOptions:BaseUrl with the path [client]. RENDERNET_BASE_URL is our own name.
  environment: (baseUrl, apiKey) => ({
    RENDERNET_BASE_URL: baseUrl,
    RENDERNET_API_KEY: apiKey,
    RenderNetOptions__BaseUrl: `${baseUrl}/pub/v1`,
  }),
  conduct,
  outcomes,
  notSupported,
  choices,
};
