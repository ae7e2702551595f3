/**
 * Defines the made-up vendor Bolt, for tests that need a second vendor beside Acme: it lists tasks, which Acme cannot
 * do, and its webhooks have no timestamp and go only to the receiver of a request.
 */
import { createHmac } from "node:crypto";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { WebhookMessage, WebhookToSign } from "../../../src/delivery/webhooks.ts";
import { uuidFrom } from "../../../src/engine/base/ids.ts";
import type { Transition } from "../../../src/engine/generation/generations.ts";
import { isTerminal } from "../../../src/engine/model/phases.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { createGeneration, type VendorCapabilities } from "../../../src/http/request/creating.ts";
import type { Vendor } from "../../../src/vendors/vendor.ts";
import { errors } from "./errors.ts";
import { attributesOf, type Attributes } from "./store.ts";

const capabilities: VendorCapabilities = {
  name: "bolt",
  errors,
  capabilities: {
    phases: ["queued", "processing", "succeeded", "failed"],
    results: ["succeeded", "failed"],
    webhooks: "signed",
  },
  failure: (code) => (code === undefined ? { code: null, message: "The task failed." } : undefined),
  failureCodes: [],
};

const taskBody = z.looseObject({ webhook: z.url().optional() });
const task = z.strictObject({ task: z.uuid() });

const routes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/bolt/tasks",
    { config: { operation: "createGeneration" }, schema: { body: taskBody, response: { 201: task } } },
    async (request, reply) => {
      const { account, body } = request;
      const created = createGeneration(request, reply, capabilities, {
        draft: () => ({
          id: uuidFrom(account.nextDigest("bolt", "task")),
          model: "nut",
          medium: "audio",
          facts: {},
          request: body,
          attributes: { webhook: body.webhook } satisfies Attributes,
          outputs: [],
          outputsHavePublicIds: false,
          cost: 0,
        }),
      });
      reply.code(201);
      return { task: created.id };
    },
  );

  app.get(
    "/bolt/tasks",
    { config: { operation: "listGenerations" }, schema: { response: { 200: z.array(task) } } },
    async ({ sandbox, account }) =>
      sandbox.generations
        .list({ accountId: account.id, vendor: "bolt" }, { order: "oldest" })
        .map(({ id }) => ({ task: id })),
  );
};

function messagesOf(_sandbox: Sandbox, { generation, to }: Transition): WebhookMessage[] {
  const { webhook: url } = attributesOf(generation);
  if (!isTerminal(to) || url === undefined) return [];
  return [{ url, secret: "bolt-default-secret", event: "task.over", payload: { task: generation.id } }];
}

function headersOf({ body, secret }: WebhookToSign): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "Bolt-Signature": createHmac("sha256", secret).update(body).digest("hex"),
  };
}

export const bolt: Vendor = {
  ...capabilities,
  title: "Bolt",
  realHosts: ["api.bolt.test"],
  prefixes: ["/bolt"],
  vintages: ["1"],
  apiKey: ({ headers }) => (typeof headers["x-bolt-key"] === "string" ? headers["x-bolt-key"] : undefined),
  keyHeaders: ["x-bolt-key"],
  keyFrom: (selfDescribing) => selfDescribing,
  bodyLimit: 1024 * 1024,
  plugin: routes,
  accountState: z.strictObject({}),
  defaultState: () => ({}),
  settings: z.strictObject({}),
  fixtures: [],
  attributesOf,
  webhooks: {
    kind: "signed",
    defaultSecret: "bolt-default-secret",
    messagesOf,
    headersOf,
    retryDelaysMs: [],
    timeoutMs: 10_000,
  },
  exposedHeaders: [],
  environment: (baseUrl, apiKey) => ({ BOLT_URL: baseUrl, BOLT_KEY: apiKey }),
  outcomes: [
    {
      operation: "createGeneration",
      status: 201,
      source: "doc",
      provoke: { account: "main", method: "POST", path: "/bolt/tasks", body: {} },
    },
  ],
};
