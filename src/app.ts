/** Builds the server from its parts: the context, the vendors, the media routes, control and the fixtures. */
import { checkVintages } from "./app/check-vintages.ts";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { createContext } from "./app/context.ts";
import { checkDefaultScenario, ServerFixtures } from "./app/fixtures.ts";
import { createServer, equipServer, type ServerParts } from "./app/server.ts";
import type { Config } from "./config.ts";
import type { ControlOptions } from "./control/scope.ts";
import { isInContainer } from "./delivery/container.ts";
import { createWebhooks, type Webhooks } from "./delivery/create-webhooks.ts";
import { createWallClock, type WallClock } from "./engine/base/clock.ts";
import { registerVendor } from "./http/request/register-vendor.ts";
import { allowOtherOrigins } from "./http/server/cors.ts";
import { addLazyServer } from "./http/server/lazy-server.ts";
import { refuseRewritten } from "./http/server/unreadable.ts";
import { MediaLibrary } from "./media/serve/library.ts";
import { mediaPrefix, mediaRoutes } from "./media/serve/routes.ts";
import { exposedMediaHeaders } from "./media/serve/send.ts";
import type { Vendor } from "./vendors/vendor.ts";

export interface AppOptions {
  readonly config: Config;
  readonly vendors: readonly Vendor[];
  readonly wall?: WallClock;
  /** Whether every response is checked strictly against its schema, as tests do. */
  readonly checksResponses?: boolean;
  /** Whether webhooks wait until the server listens, so that receivers can call back. */
  readonly sendsOnceListening?: boolean;
  /** Whether control is loaded on its first request, so that the server is ready sooner. */
  readonly loadsControlLazily?: boolean;
}

/** Builds the server, ready to listen. Throws `StoreUnusable`, `FixtureUnusable` and `ConfigError`. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, vendors, wall = createWallClock(), checksResponses = false } = options;
  const app = createServer({ config, vendors });
  const fixtures = await ServerFixtures.read(config, vendors);
  const { template } = fixtures;
  const webhooks = openWebhooks({ ...options, app, wall });
  const context = createContext({ app, config, vendors, wall, webhooks, template, checksResponses });
  const control: ControlOptions = { config, vendors, context };
  const parts: ServerParts = {
    vendors,
    context,
    template,
    outbox: webhooks.outbox,
    media: new MediaLibrary(config.fixtures, vendors, wall),
    routes: [],
  };

  equipServer(app, parts);
  allowOtherOrigins(app, {
    spaces: [...vendors, { prefixes: [mediaPrefix], exposedHeaders: exposedMediaHeaders }],
    origins: config.cors,
  });
  await registerVendors(app, vendors);
  await app.register(mediaRoutes, { hosts: vendors });
  if (options.loadsControlLazily === true) addLazyControl(app, control, parts);
  else await registerControl(app, control);
  refuseRewritten(
    app,
    options.vendors.flatMap(({ realHosts }) => realHosts),
  );

  try {
    await fixtures.apply(control, {
      sandboxes: context.sandboxes,
      media: parts.media,
      wall,
      onError: (error) => {
        app.log.error(error, "a template could not be taken back from every sandbox");
      },
    });
    checkVintages(config, vendors);
    await checkDefaultScenario(control);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

interface WebhookOptions extends AppOptions {
  readonly app: FastifyInstance;
  readonly wall: WallClock;
}

function openWebhooks({ app, config, vendors, wall, sendsOnceListening = false }: WebhookOptions): Webhooks {
  const webhooks = createWebhooks({
    wall,
    webhooksOf: (name) => vendors.find((vendor) => vendor.name === name)?.webhooks,
    mode: config.webhooks,
    allow: config.webhooksAllow,
    rewrite: config.webhookHostRewrite,
    maxPerSandbox: config.maxDeliveries,
    isContained: isInContainer(),
    log: app.log,
  });
  if (sendsOnceListening) webhooks.dispatcher.close();
  app.addHook("onListen", async () => {
    webhooks.dispatcher.open();
  });
  return webhooks;
}

async function registerVendors(app: FastifyInstance, vendors: readonly Vendor[]): Promise<void> {
  for (const vendor of vendors) {
    await registerVendor(app, {
      vendor,
      ownerOf: vendor.ownerOf,
      routes: async (scope) => {
        // Called directly: the hooks of a registered plugin would not run for the scope's own 404s.
        await vendor.plugin(scope.withTypeProvider<ZodTypeProvider>(), {});
      },
    });
  }
}

/** Serves control from a second server, which is built on the first control request. */
function addLazyControl(app: FastifyInstance, control: ControlOptions, parts: ServerParts): void {
  addLazyServer(app, ["/_fauxgen", "/_fauxgen/*", "/metrics"], async () => {
    const server = createServer(control);
    equipServer(server, parts);
    await registerControl(server, control);
    await server.ready();
    return server;
  });
}

async function registerControl(server: FastifyInstance, control: ControlOptions): Promise<void> {
  // The imports run one after the other: Jest on Node.js 22 cannot link a module that two imports need at once.
  const { controlRoutes } = await import("./control/routes.ts");
  const { metricsRoutes } = await import("./control/reference/metrics.ts");
  await server.register(controlRoutes, { prefix: "/_fauxgen", ...control });
  await server.register(metricsRoutes, control);
}
