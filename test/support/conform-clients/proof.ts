/**
 * Lists the clients that prove the cases: sound ones, which pass all, and broken ones, each of which fails exactly the
 * cases of what is wrong with it.
 */
import * as broken from "./broken.ts";
import { renderAsDocumented } from "./documented-loops.ts";
import { sound, type Render } from "./in-process.ts";
import { believesWebhooks, readsOnePage } from "./own.ts";

export interface SoundRow {
  readonly name: string;
  readonly vendor: string;
  readonly render: Render;
  readonly hasWebhook?: boolean;
}

export const soundRows: readonly SoundRow[] = [
  ...["sync", "oxen", "affogato", "vivix"].map((vendor) => ({ name: "polling", vendor, render: sound("polling") })),
  { name: "long-poll", vendor: "sync", render: sound("long-poll") },
  { name: "webhook", vendor: "sync", render: sound("webhook"), hasWebhook: true },
  { name: "webhook", vendor: "vivix", render: sound("webhook"), hasWebhook: true },
  { name: "batch", vendor: "oxen", render: sound("batch") },
  { name: "batch", vendor: "affogato", render: sound("batch") },
  { name: "batch", vendor: "vivix", render: sound("batch") },
  { name: "all", vendor: "oxen", render: sound("all") },
];

export interface BrokenRow extends SoundRow {
  readonly family: string;
  /** The cases that are tried, without the vendor; others of the same family and of its neighbours are among them. */
  readonly tried: readonly string[];
  /** The cases that it fails, of those. */
  readonly fails: readonly string[];
}

export const brokenRows: readonly BrokenRow[] = [
  {
    family: "lifecycle",
    name: "waits for the success only",
    vendor: "sync",
    render: broken.waitsForSuccess,
    tried: [
      "lifecycle/already-over",
      "lifecycle/ends-between-reads",
      "lifecycle/fails",
      "lifecycle/rejected",
      "lifecycle/vanishes",
    ],
    fails: ["lifecycle/fails", "lifecycle/rejected"],
  },
  {
    family: "throttling",
    name: "reads no dates",
    vendor: "vivix",
    render: broken.readsNoDates,
    tried: ["throttling/*", "lifecycle/fails"],
    fails: ["throttling/create-date", "throttling/read-date"],
  },
  {
    family: "throttling",
    name: "hammers",
    vendor: "sync",
    render: broken.hammers,
    tried: ["throttling/create-seconds", "throttling/read-seconds", "throttling/concurrency", "lifecycle/fails"],
    fails: ["throttling/create-seconds", "throttling/read-seconds"],
  },
  {
    family: "money",
    name: "orders again",
    vendor: "oxen",
    render: broken.ordersAgain,
    tried: [
      "money/*made",
      "money/bad-request",
      "money/out-of-credits",
      "transport/create-reset-after",
      "server/read-500-once",
    ],
    fails: [
      "money/500-though-made",
      "money/504-though-made",
      "money/answer-cut-though-made",
      "transport/create-reset-after",
    ],
  },
  {
    family: "server",
    name: "dies of pages",
    vendor: "sync",
    render: broken.diesOfPages,
    tried: ["server/*", "transport/read-reset-once"],
    fails: ["server/read-503-plain", "server/read-502-page", "server/read-504-page"],
  },
  // At sync, a redirect leads to the file.
  ...["vivix", "sync"].map((vendor) => ({
    family: "transport",
    name: "keeps halves",
    vendor,
    render: broken.keepsHalves,
    tried: ["transport/download-*", "transport/read-*", "server/read-cut"],
    fails: ["transport/download-cut", "transport/download-cut-always"],
  })),
  {
    family: "transport",
    name: "gives up",
    vendor: "affogato",
    render: broken.givesUp,
    tried: ["transport/read-*", "server/read-cut", "server/read-bad-chunk", "lifecycle/fails", "money/bad-request"],
    fails: ["server/read-cut", "server/read-bad-chunk", "transport/read-reset-once", "transport/read-closed"],
  },
  {
    family: "evolution",
    name: "reads by position",
    vendor: "vivix",
    render: broken.readsByPosition,
    tried: ["evolution/*", "lifecycle/fails"],
    fails: [
      "evolution/more-fields-create",
      "evolution/more-fields-read",
      "evolution/keys-reversed",
      "evolution/times-otherwise",
      "evolution/other-success-status",
    ],
  },
  ...["sync", "oxen", "affogato", "vivix"].map((vendor) => ({
    family: "evolution",
    name: "checks ids",
    vendor,
    render: broken.checksIds,
    tried: ["evolution/other-ids", "evolution/more-fields-create", "evolution/keys-reversed"],
    fails: ["evolution/other-ids"],
  })),
  {
    family: "evolution",
    name: "takes every event",
    vendor: "oxen",
    render: broken.takesEveryEvent,
    tried: ["evolution/foreign-event", "evolution/more-fields-*", "transport/events-missed"],
    fails: ["evolution/foreign-event"],
  },
  {
    family: "time",
    name: "trusts its clock",
    vendor: "oxen",
    render: broken.trustsItsClock,
    tried: ["time/*", "evolution/more-headers"],
    fails: ["time/server-ahead", "time/server-behind"],
  },
  {
    family: "webhooks",
    name: "believes webhooks",
    vendor: "sync",
    render: believesWebhooks,
    hasWebhook: true,
    tried: [
      "webhooks/bad-signature",
      "webhooks/wrong-secret",
      "webhooks/unsigned",
      "webhooks/old-timestamp",
      "webhooks/more-fields",
      "webhooks/forged-success",
      "webhooks/huge",
    ],
    fails: [
      "webhooks/bad-signature",
      "webhooks/wrong-secret",
      "webhooks/unsigned",
      "webhooks/old-timestamp",
      "webhooks/forged-success",
    ],
  },
  {
    family: "pages",
    name: "reads one page",
    vendor: "sync",
    render: readsOnePage,
    tried: ["pages/*", "lifecycle/already-over"],
    fails: ["pages/beyond-the-first"],
  },
  {
    family: "lifecycle",
    name: "is always satisfied",
    vendor: "affogato",
    render: broken.alwaysSatisfied,
    tried: [
      "lifecycle/fails",
      "lifecycle/already-over",
      "money/bad-request",
      "money/key-refused",
      "transport/download-cut-always",
    ],
    fails: ["lifecycle/fails", "money/bad-request", "money/key-refused", "transport/download-cut-always"],
  },
];

/** The cases that the loops of all pages fail, of those that are tried. */
const FAILED_BY_LOOPS = [
  "server/download-empty",
  "server/download-page",
  "server/read-500-once",
  "server/read-502-page",
  "server/read-503-plain",
  "server/read-504-page",
  "server/read-bad-chunk",
  "server/read-cut",
  "throttling/read-bare",
  "throttling/read-date",
  "throttling/read-seconds",
  "throttling/read-unavailable",
  "transport/read-closed",
  "transport/read-reset-once",
];

/** The loops of the vendors' pages, which say what happens when all goes well and when a job fails. */
export const loopRows: readonly BrokenRow[] = [
  { vendor: "sync", more: [] },
  { vendor: "oxen", more: [] },
  { vendor: "affogato", more: [] },
  { vendor: "vivix", more: ["throttling/shared-budget"] },
].map(({ vendor, more }) => ({
  family: "loop",
  name: "documented",
  vendor,
  render: ({ vendor: pages, around }) => renderAsDocumented(pages, around),
  tried: [
    "lifecycle/fails",
    "lifecycle/vanishes",
    "money/*made",
    "server/*",
    "throttling/read-*",
    "transport/read-*",
    "evolution/*-ids",
    ...more,
  ],
  fails: [...FAILED_BY_LOOPS, ...more],
}));
