/** Registers the control API, `/_fauxgen`, by which tests steer the emulator. It has no journal and no faults. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { forbidSniffing, guardControl } from "./access.ts";
import { accountRoutes } from "./sandboxes/accounts.ts";
import { boardRoutes } from "./board/routes.ts";
import { exampleRoutes } from "./reference/examples.ts";
import { uploadListRoutes } from "./sandboxes/uploads.ts";
import { nearMissRoutes } from "./requests/near-misses.ts";
import { outputFileRoutes } from "./generations/output-file.ts";
import { bundleRoutes } from "./sandboxes/bundle.ts";
import { catalogueRoutes } from "./sandboxes/catalogue.ts";
import { clockRoutes } from "./clock/routes.ts";
import { conductRoutes } from "./conduct/routes.ts";
import { coverageRoutes } from "./coverage/routes.ts";
import { healthRoutes } from "./reference/health.ts";
import { fixtureRoutes } from "./fixtures/routes.ts";
import { templateRoutes } from "./fixtures/template.ts";
import { eventRoutes } from "./reference/events.ts";
import { generationRoutes } from "./generations/routes.ts";
import { lookupRoutes } from "./reference/lookups.ts";
import { referenceRoutes } from "./reference/routes.ts";
import { reportRoutes } from "./requests/report.ts";
import { requestRoutes } from "./requests/routes.ts";
import { ruleRoutes } from "./rules/routes.ts";
import { sandboxRoutes } from "./sandboxes/routes.ts";
import { scenarioRoutes } from "./rules/scenarios.ts";
import { answerControlErrors, checkControlRequests, type ControlOptions } from "./scope.ts";
import { steeringRoutes } from "./generations/steering.ts";
import { verificationRoutes } from "./requests/verify-routes.ts";
import { waiterRoutes } from "./generations/waiters.ts";
import { webhookRoutes } from "./webhooks/routes.ts";

export type { ControlOptions };

export const controlRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { config, vendors, context }) => {
  app.addHook("onRequest", forbidSniffing);
  app.addHook("onRequest", guardControl(config));
  answerControlErrors(app);
  checkControlRequests(app, context.sandboxes.default.wall);
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
    conductRoutes,
    coverageRoutes,
    bundleRoutes,
    catalogueRoutes,
    fixtureRoutes,
    templateRoutes,
    lookupRoutes,
    exampleRoutes,
    uploadListRoutes,
    nearMissRoutes,
    outputFileRoutes,
    referenceRoutes,
    boardRoutes,
  ];
  // Called directly in a shared scope: registering each part would make the start slower than its routes do.
  for (const routes of parts) await routes(app, { config, vendors, context });
};
