/** What a folder of fixtures says, as one document: what files are checked against, and what is sent to a running server. */
import { z } from "zod";
import { ruleDocument } from "../engine/rules.ts";
import { scenarioDocument, scenarioName } from "../engine/scenario-document.ts";
import { accountSettings, sandboxName } from "../engine/settings.ts";

export const catalogueItems = z
  .array(z.record(z.string(), z.unknown()))
  .meta({ description: "Items of one list of a vendor's; one that is called as one there is takes its place" });

export const rulesFile = z
  .array(ruleDocument)
  .meta({ description: "Rules that every sandbox is born with; the first listed is asked first" });

export const accountsFile = z
  .record(sandboxName, accountSettings)
  .meta({ description: "Accounts by name: literal keys, and plan, credits and webhook endpoints at each vendor" });

export const fixtureDocument = z.strictObject({
  catalogues: z
    .record(z.string(), z.record(z.string(), catalogueItems))
    .optional()
    .meta({ description: "By vendor and list, such as `models`" }),
  scenarios: z.record(scenarioName, scenarioDocument).optional(),
  rules: rulesFile.optional(),
  accounts: accountsFile.optional(),
});

export type FixtureDocument = z.output<typeof fixtureDocument>;
