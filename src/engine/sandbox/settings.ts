/** Parses the document of a sandbox: every setting that affects its clients, each with a server-wide default. */
import { z } from "zod";
import { baseUrl } from "../base/web-url.ts";
import { clockRate, instant } from "../base/time-codecs.ts";
import { parseScenarioText } from "../rule/marker.ts";
import { ruleDocument } from "../rule/rule-document.ts";
import { scenarioDocument, scenarioName } from "../scenario/document.ts";
import { progression } from "../model/progression.ts";
import { timing } from "../model/timing.ts";

const name = z.string().regex(/^[a-z0-9-]{1,40}$/, "use 1 to 40 characters of a-z, 0-9 and -");

/** The settings of an account in a sandbox's document or in a user's file. */
export const accountSettings = z.strictObject({
  /** Literal API keys of the account, each unique server-wide. */
  keys: z
    .array(
      z.union([
        z.string(),
        z.strictObject({ key: z.string().min(1), vendor: z.string().optional(), user: name.optional() }),
      ]),
    )
    .optional(),
  /** State at each vendor (plan, credits, limits), as that vendor defines it. */
  vendors: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  /**
   * Webhook endpoints by vendor, if that vendor's accounts have any; the secret is its published constant by default.
   */
  endpoints: z
    .record(
      z.string(),
      z.array(
        z.strictObject({
          url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
          secret: z.string().min(1).optional(),
        }),
      ),
    )
    .optional(),
});

export type AccountSettings = z.output<typeof accountSettings>;

export const sandboxSettings = z.strictObject({
  seed: z.union([z.string(), z.number()]).transform(String).optional(),
  now: instant.optional(),
  clock: z
    .strictObject({
      mode: z.enum(["running", "frozen"]).optional(),
      rate: clockRate.optional(),
    })
    .optional(),
  timing: timing.optional(),
  progression: progression.optional(),
  scenario: z
    .string()
    .refine((text) => parseScenarioText(text) !== undefined, "write a scenario name, or name=CODE")
    .optional(),
  catalogue: z.union([z.enum(["open", "strict"]), z.record(z.string(), z.enum(["open", "strict"]))]).optional(),
  /** The sandbox's own items in a vendor's catalogues: by vendor, list (such as `models`) and name. */
  catalogueItems: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).optional(),
  limits: z.enum(["default", "enforced", "off"]).optional(),
  /** Whether a key of an account that is not there makes the account, or is refused. */
  unknownAccounts: z.enum(["make", "refuse"]).optional(),
  /** Ids of generations as the vendor makes them today, or longer and of another form, as it may make them one day. */
  ids: z.enum(["usual", "long"]).optional(),
  vintages: z.record(z.string(), z.string()).optional(),
  /** Settings of one vendor, as that vendor defines them. */
  vendors: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  webhooks: z.strictObject({ mode: z.enum(["deliver", "collect"]).optional() }).optional(),
  mediaUrl: baseUrl.optional(),
  /** Whether videos have a sound track. */
  sound: z.boolean().optional(),
  uploadLimits: z
    .strictObject({ perFile: z.number().int().positive().optional(), total: z.number().int().positive().optional() })
    .optional(),
  accounts: z.record(name, accountSettings).optional(),
  rules: z.array(ruleDocument).optional(),
  /** Findings of conduct that this sandbox judges in another way, by id. */
  conduct: z
    .record(
      z.string(),
      z.strictObject({
        severity: z.enum(["error", "warning", "note", "ignore"]),
        reason: z.string().min(1).max(500),
      }),
    )
    .optional(),
  /** The sandbox's own scenarios, by name. */
  scenarios: z.record(scenarioName, scenarioDocument).optional(),
});

/** What `PUT sandboxes/{s}` accepts, after parsing. */
export type SandboxSettings = z.output<typeof sandboxSettings>;
export type SandboxSettingsInput = z.input<typeof sandboxSettings>;

export const sandboxName = name;
