/** Serves the routes of a sandbox's accounts: their keys, and their state at each vendor. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { describeKey, hashKey } from "../../engine/base/keys.ts";
import { Turns } from "../../engine/base/turns.ts";
import { hintOf } from "../../wording/key-hint.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { sandboxName } from "../../engine/sandbox/settings.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { problem } from "../../http/errors/problems.ts";
import { handle, handlesOf } from "./handles.ts";
import { showInstant, shownInstant } from "../instants.ts";
import { vendorNamed } from "../names.ts";
import { checkAccountState, checkKeyForm } from "./document-check.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

const shownKey = z.strictObject({
  hint: z.string().meta({ description: "Part of the key, enough to recognise it" }),
  vendor: z.string().nullable().meta({ description: "The vendor that accepts the key; null if every vendor does" }),
  user: z.string(),
  revokedAt: shownInstant.nullable(),
});

export const shownAccount = z.strictObject({
  name: z.string(),
  keys: z
    .array(shownKey)
    .meta({ description: "Registered and revoked keys; the self-describing key needs no registration" }),
  vendors: z.record(z.string(), handle.extend({ state: z.record(z.string(), z.unknown()) })),
});

const newKey = z.strictObject({
  key: z.string().min(1).max(500),
  vendor: z.string().optional(),
  user: sandboxName.optional(),
});

const accountParams = sandboxParams.extend({ account: sandboxName });
const tags = ["control"] as const;

export const accountRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { vendors, context }) => {
  const { sandboxes } = context;
  const show = (
    sandbox: Sandbox,
    name: string,
    origin: string,
    keys = keysByAccount(sandbox),
  ): z.output<typeof shownAccount> => {
    const account = sandbox.account(name);
    const handles = handlesOf(vendors, sandbox, name, origin);
    return {
      name,
      keys: (keys.get(name) ?? []).map(({ hint, vendor, user, revokedAt }) => ({
        hint,
        vendor,
        user,
        revokedAt: revokedAt === null ? null : showInstant(revokedAt),
      })),
      vendors: Object.fromEntries(
        Object.entries(handles).map(([vendor, access]) => [vendor, { ...access, state: { ...account.state(vendor) } }]),
      ),
    };
  };
  const knownAccount = (sandbox: Sandbox, name: string): string => {
    if (sandbox.accounts.names().includes(name)) return name;
    throw problem(
      "no-such-account",
      `Sandbox "${sandbox.name}" has no account ${name}; it has ${sandbox.accounts.names().join(", ")}. A key fx_${sandbox.name}_${name} or a PUT creates it.`,
    );
  };

  app.get(
    "/sandboxes/:s/accounts",
    {
      schema: {
        operationId: "listAccounts",
        summary: "List accounts with their keys and their state at each vendor",
        tags,
        params: sandboxParams,
        response: { 200: z.strictObject({ items: z.array(shownAccount) }) },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const keys = keysByAccount(sandbox);
      const turns = new Turns(sandbox.wall);
      const items: z.output<typeof shownAccount>[] = [];
      for (const name of sandbox.accounts.names()) {
        items.push(show(sandbox, name, originOf(request), keys));
        await turns.pause();
      }
      return { items };
    },
  );

  app.get(
    "/sandboxes/:s/accounts/:account",
    {
      schema: {
        operationId: "getAccount",
        summary: "Read an account",
        tags,
        params: accountParams,
        response: { 200: shownAccount },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return show(sandbox, knownAccount(sandbox, request.params.account), originOf(request));
    },
  );

  app.put(
    "/sandboxes/:s/accounts/:account",
    {
      schema: {
        operationId: "putAccount",
        summary: "Create an account, or change its plan, credits or limits until the next reset",
        tags,
        params: accountParams,
        body: z.strictObject({ vendors: z.record(z.string(), z.record(z.string(), z.unknown())).optional() }).nullish(),
        response: { 200: shownAccount },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const name = request.params.account;
      const changes = Object.entries(request.body?.vendors ?? {});
      sandbox.write(() => {
        const account = sandbox.account(name);
        for (const [vendor, change] of changes) {
          const changed = vendorNamed(vendors, vendor, `body.vendors.${vendor}`);
          checkAccountState(changed, account.state(vendor), change, ["body", "vendors", vendor]);
          account.updateState(vendor, change);
        }
      });
      return show(sandbox, name, originOf(request));
    },
  );

  app.post(
    "/sandboxes/:s/accounts/:account/keys",
    {
      schema: {
        operationId: "registerKey",
        summary: "Register any text as a key of the account; keys are unique on the server",
        tags,
        params: accountParams,
        body: newKey,
        response: { 201: shownAccount },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { key, vendor, user } = request.body;
      if (vendor !== undefined) vendorNamed(vendors, vendor, "body.vendor");
      checkKeyForm(vendors, key, vendor, ["body", "key"]);
      sandbox.write(() => sandboxes.registerKey(sandbox, request.params.account, key, { vendor, user }));
      reply.code(201);
      return show(sandbox, request.params.account, originOf(request));
    },
  );

  app.post(
    "/sandboxes/:s/accounts/:account/keys/revoke",
    {
      schema: {
        operationId: "revokeKey",
        summary: "Revoke a registered or self-describing key until the next reset",
        tags,
        params: accountParams,
        body: z.strictObject({ key: z.string().min(1).max(500) }),
        response: { 200: shownAccount },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const account = knownAccount(sandbox, request.params.account);
      const { key } = request.body;
      if (typeof describeKey(key) !== "object" && sandbox.store.accounts.findKey(hashKey(key)) === undefined)
        throw problem("no-such-key", `The key ${hintOf(key)} is not registered.`);
      sandbox.write(() => sandboxes.revokeKey(sandbox, account, key));
      return show(sandbox, account, originOf(request));
    },
  );
};

/** Returns the registered keys of a sandbox by the name of their account. */
function keysByAccount(sandbox: Sandbox): ReadonlyMap<string, ReturnType<Sandbox["store"]["accounts"]["keysOf"]>> {
  return Map.groupBy(sandbox.store.accounts.keysOf(sandbox.rowId), ({ account }) => account);
}
