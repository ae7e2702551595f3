/** The control API, `/_fauxgen`: how tests steer the emulator. Never journaled, never subject to faults. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { forbidSniffing, guardControl } from "./access.ts";
import { accountRoutes } from "./accounts.ts";
import { bundleRoutes } from "./bundle.ts";
import { catalogueRoutes } from "./catalogue.ts";
import { clockRoutes } from "./clock.ts";
import { healthRoutes } from "./health.ts";
import { fixtureRoutes } from "./fixtures.ts";
import { eventRoutes } from "./events.ts";
import { generationRoutes } from "./generations.ts";
import { lookupRoutes } from "./lookups.ts";
import { referenceRoutes } from "./reference.ts";
import { reportRoutes } from "./report.ts";
import { requestRoutes } from "./requests.ts";
import { ruleRoutes } from "./rules.ts";
import { sandboxRoutes } from "./sandboxes.ts";
import { scenarioRoutes } from "./scenarios.ts";
import { answerControlErrors, checkControlRequests, type ControlOptions } from "./scope.ts";
import { steeringRoutes } from "./steering.ts";
import { verificationRoutes } from "./verify-routes.ts";
import { waiterRoutes } from "./waiters.ts";
import { webhookRoutes } from "./webhooks.ts";

export type { ControlOptions };

export const controlRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { config, vendors, context }) => {
  app.addHook("onRequest", forbidSniffing);
  app.addHook("onRequest", guardControl(config));
  answerControlErrors(app);
  checkControlRequests(app);
  const parts = [
    healthRoutes,
    sandboxRoutes,
    accountRoutes,
    clockRoutes,
    waiterRoutes,
    webhookRoutes,
    generationRoutes,
    steeringRoutes,
    requestRoutes,
    ruleRoutes,
    scenarioRoutes,
    verificationRoutes,
    eventRoutes,
    reportRoutes,
    bundleRoutes,
    catalogueRoutes,
    fixtureRoutes,
    lookupRoutes,
    referenceRoutes,
  ];
  // Called, not registered: they share one scope, and each registration costs a start more than its routes do.
  for (const routes of parts) await routes(app, { config, vendors, context });
};
