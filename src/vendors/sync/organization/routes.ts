/** Serves the account behind a key, the organisation's webhook secret and the health check. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { webhookSecretOf } from "../account.ts";
import { accountView, webhookSecret } from "./schemas.ts";
import { failures } from "../schemas.ts";
import { formatAccount } from "./views.ts";

export const organizationRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/v2/account",
    {
      config: { operation: "getAccount" },
      schema: {
        operationId: "AccountController_get",
        tags: ["Account"],
        summary: "Read the user, the organisation, its plan, limits and balance behind the key",
        response: { 200: accountView, ...failures },
      },
    },
    async (request) => formatAccount(request),
  );

  app.get(
    "/v2/organizations/webhook/secret",
    {
      config: { operation: "getWebhookSecret" },
      schema: {
        operationId: "OrganizationsController_getWebhookSecret",
        tags: ["Organizations"],
        summary: "Read the secret that signs webhooks",
        response: { 200: webhookSecret, ...failures },
      },
    },
    async (request) => ({ secret: webhookSecretOf(request.account) }),
  );

  // Needs no key [client: oas2025, with an empty schema].
  app.get(
    "/v2/healthcheck",
    {
      config: { operation: "checkHealth", access: "public" },
      schema: {
        operationId: "HealthcheckController_check",
        tags: ["Healthcheck"],
        summary: "Check that the API is up",
        response: { 200: z.undefined(), ...failures },
      },
    },
    async (_request, reply) => reply.code(200).send(),
  );
};
