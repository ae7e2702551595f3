/** Builds worlds for the tests of conduct: clients send requests to Acme, and control judges them. */
import type { ConfigInput } from "../../../src/config.ts";
import type { Conduct, ShownFinding } from "../../../src/control/conduct/routes.ts";
import type { SandboxSettingsInput } from "../../../src/engine/sandbox/settings.ts";
import type { VendorConduct } from "../../../src/vendors/conduct.ts";
import type { Vendor } from "../../../src/vendors/vendor.ts";
import { madeUpVendors } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { buildWebhookWorld, type WebhookWorld } from "../../support/acme-webhooks.ts";
import type { TestRequest } from "../../support/app.ts";

export interface ConductWorld extends WebhookWorld {
  readonly ask: (request: TestRequest, account?: string) => ReturnType<WebhookWorld["send"]>;
  /** Adds a rule. */
  readonly rule: (rule: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly judge: (query?: string) => Promise<Conduct>;
  /** Returns the ids of the findings, sorted. */
  readonly found: (query?: string) => Promise<string[]>;
  readonly finding: (id: string) => Promise<ShownFinding>;
}

function withFacts(vendor: Vendor, facts: Partial<VendorConduct>): Vendor {
  return vendor.conduct === undefined ? vendor : { ...vendor, conduct: { ...vendor.conduct, ...facts } };
}

/** Builds a world with realistic timing and a running clock, which only moves a little by itself; `facts` replace facts about Acme. */
export async function buildConductWorld(
  settings: SandboxSettingsInput = { timing: "realistic" },
  values?: ConfigInput,
  facts?: Partial<VendorConduct>,
  vendors: readonly Vendor[] = madeUpVendors,
): Promise<ConductWorld> {
  const list = facts === undefined ? vendors : vendors.map((vendor) => withFacts(vendor, facts));
  const world = await buildWebhookWorld(values, undefined, list);
  const { app, sandbox } = world;
  const control = async (method: "GET" | "PUT" | "POST", path: string, body?: unknown) => {
    const answer = await app.inject({
      method,
      url: `/_fauxgen/sandboxes/${sandbox.name}${path}`,
      ...(body !== undefined && { payload: body as object }),
    });
    if (answer.statusCode >= 300) throw new Error(answer.body);
    return answer;
  };
  await control("PUT", "", settings);
  await control("POST", "/clock/resume");
  const judge = async (query = "") => (await control("GET", `/conduct${query}`)).json<Conduct>();
  return {
    ...world,
    ask: (request, account = "main") => world.send(acme, account, request),
    rule: async (rule) => {
      await control("POST", "/rules", rule);
    },
    judge,
    found: async (query) => (await judge(query)).findings.map(({ id }) => id).sort(),
    finding: async (id) => {
      const found = (await judge()).findings.find((each) => each.id === id);
      if (found === undefined) throw new Error(`No finding ${id}`);
      return found;
    },
  };
}
