/** The server, part by part. */
import fastify, { LogController, type FastifyError, type FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { ConfigError, nameAsWritten, settings, type Config } from "./config.ts";
import type { ControlOptions } from "./control/scope.ts";
import { isInContainer } from "./delivery/container.ts";
import { createWebhooks, type Webhooks } from "./delivery/create-webhooks.ts";
import { listEndpoints } from "./delivery/endpoints.ts";
import { createWallClock, type WallClock } from "./engine/base/clock.ts";
import type { SandboxTemplate } from "./engine/sandbox/sandbox.ts";
import { KeyTaken, Sandboxes } from "./engine/sandbox/sandboxes.ts";
import { ScenarioBook } from "./engine/sandbox/scenario-book.ts";
import { builtInScenarios } from "./engine/scenario/built-in.ts";
import { decorateRequests, newEntry } from "./http/request/open-entry.ts";
import { allowOtherOrigins } from "./http/server/cors.ts";
import type { FixtureFolder } from "./fixtures/folder.ts";
import { FixtureLibrary, FixtureUnusable } from "./fixtures/library.ts";
import { readJsonBodies } from "./http/server/json-bodies.ts";
import { Journals } from "./http/journal/journal.ts";
import { addLazyServer } from "./http/server/lazy-server.ts";
import { Capacity } from "./http/request/capacity.ts";
import { rememberRoutes } from "./http/server/openapi.ts";
import { Problem, sendProblem } from "./http/errors/problem.ts";
import { RequestCounts } from "./http/journal/request-counts.ts";
import { readableUrl, refuseHeaders, refuseUnreadable } from "./http/server/unreadable.ts";
import { problem, unforeseenProblem } from "./http/errors/problems.ts";
import { transportOptions } from "./http/server/transport.ts";
import { UnassignedRequests } from "./http/journal/unassigned.ts";
import { readScenarios } from "./fixtures/shipped-scenarios.ts";
import { answerPlainly, registerVendorScope } from "./http/request/pipeline.ts";
import { serializerCompilerFor, validatorCompiler } from "./http/parsing/validation.ts";
import type { HttpContext } from "./http/request/vendor-http.ts";
import { MediaLibrary } from "./media/serve/library.ts";
import { mediaPrefix, mediaRoutes } from "./media/serve/routes.ts";
import { exposedMediaHeaders } from "./media/serve/send.ts";
import { Store } from "./store/store.ts";
import type { Vendor } from "./vendors/vendor.ts";

export interface AppOptions {
  readonly config: Config;
  readonly vendors: readonly Vendor[];
  readonly wall?: WallClock;
  /** Check every response against its schema, strictly: what tests do. */
  readonly checksResponses?: boolean;
  /** Send no webhook before the server listens, so that receivers can call back; without it, none waits. */
  readonly sendsOnceListening?: boolean;
  /** Load control when it is first asked for, so that a server is ready sooner. */
  readonly loadsControlLazily?: boolean;
}

/** Bytes of a body that control takes, unless a route says otherwise. */
const CONTROL_BODY_BYTES = 1024 * 1024;

/** How long shutdown waits for receivers that are being told something. */
const DELIVERY_GRACE_MS = 1000;

/** How often idle sandboxes are looked for at least. */
const IDLE_LOOK_MS = 60_000;

/** Builds the server, ready to listen. Throws `StoreUnusable`, `FixtureUnusable` and `ConfigError`. */
export async function buildApp({
  config,
  vendors,
  wall = createWallClock(),
  checksResponses = false,
  sendsOnceListening = false,
  loadsControlLazily = false,
}: AppOptions): Promise<FastifyInstance> {
  const app = createServer(config, vendors);
  const folder = await readFolder(config, vendors);
  const fixtures = new FixtureLibrary(folder?.document.catalogues);
  for (const fixture of vendors.flatMap((vendor) => vendor.fixtures)) fixtures.mapOf(fixture);
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
  const scenarios = new ScenarioBook(readScenarios(builtInScenarios, folder?.document.scenarios));
  const template: { current: SandboxTemplate } = { current: { rules: [], accounts: {} } };
  const context = createContext(config, vendors, wall, checksResponses, app, webhooks, scenarios, template);

  const media = new MediaLibrary(
    config.fixtures,
    vendors.map(({ name }) => name),
  );
  const equip = (server: FastifyInstance): void => {
    server.setValidatorCompiler(validatorCompiler);
    server.setSerializerCompiler(serializerCompilerFor(checksResponses));
    server.decorate("fixtures", fixtures);
    server.decorate("outbox", webhooks.outbox);
    server.decorate("media", media);
    decorateRequests(server, context);
    readJsonBodies(server);
    rememberRoutes(server, app.rememberedRoutes);
    // Before any route: those that are registered earlier would answer errors in the framework's own words.
    answerUnassigned(server, vendors);
  };
  equip(app);
  allowOtherOrigins(app, [...vendors, { prefixes: [mediaPrefix], exposedHeaders: exposedMediaHeaders }]);
  for (const vendor of vendors) {
    await registerVendorScope(app, {
      vendorHttp: vendor,
      context,
      ...(vendor.ownerOf !== undefined && { ownerOf: vendor.ownerOf }),
      routes: async (scope) => {
        // Not registered, which would keep its hooks from the scope's own 404s.
        await vendor.plugin(scope.withTypeProvider<ZodTypeProvider>(), {});
      },
    });
  }
  await app.register(mediaRoutes, { vendors });
  const control: ControlOptions = { config, vendors, context };
  if (loadsControlLazily)
    addLazyServer(app, ["/_fauxgen", "/_fauxgen/*", "/metrics"], async () => {
      const server = createServer(config, vendors);
      equip(server);
      await addControl(server, control);
      await server.ready();
      return server;
    });
  else await addControl(app, control);
  refuseHeaders(app);
  if (folder !== undefined) {
    // Rules name routes, which there are only now; nothing is stored of a folder that is refused.
    const { rules = [], accounts = {} } = folder.document;
    try {
      const { fixtureFlaws, refuseFlaws } = await import("./control/fixtures/check.ts");
      refuseFlaws(await fixtureFlaws(control, folder));
      template.current = { rules, accounts };
      context.sandboxes.applyTemplate(template.current);
    } catch (error) {
      await app.close();
      if (error instanceof KeyTaken) throw new FixtureUnusable(`${folder.path}: accounts: ${error.message}`);
      throw error;
    }
  }
  try {
    await checkDefaultScenario(config, vendors, scenarios);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

/** Throws `ConfigError` for a default scenario, or a code of it, that there is not: every create would be refused. */
async function checkDefaultScenario(config: Config, vendors: readonly Vendor[], book: ScenarioBook): Promise<void> {
  if (config.scenario === settings.scenario.default) return;
  const { checkScenarioText } = await import("./control/rules/rule-check.ts");
  try {
    checkScenarioText(book.list(undefined), vendors, config.scenario, nameAsWritten(config, "scenario"));
  } catch (error) {
    if (error instanceof Problem) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

function createServer(config: Config, vendors: readonly Vendor[]): FastifyInstance {
  const transport = transportOptions(config);
  const app = fastify({
    logger: config.logLevel === "silent" ? false : { level: config.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    // No id is too long for the router, so that it is the vendor who does not know it.
    routerOptions: { maxParamLength: config.maxHeaderBytes, ignoreTrailingSlash: true },
    http: transport,
    // The framework sets these once more, to its own defaults if need be.
    requestTimeout: transport.requestTimeout,
    keepAliveTimeout: transport.keepAliveTimeout,
    exposeHeadRoutes: false,
    bodyLimit: Math.min(CONTROL_BODY_BYTES, config.maxBodyBytes),
    rewriteUrl: (request) => readableUrl(request, config.maxHeaders),
    schemaController: { compilersFactory: { buildValidator: neverCompile, buildSerializer: neverCompile } },
    // Held requests are answered by `preClose`; idle keep-alive connections then need not be waited for.
    forceCloseConnections: "idle",
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => {
      const vendor = vendorOf(vendors, request.url);
      // No hook has run and nothing is known of the request yet: it gets the vendor's words and no more.
      if (vendor === undefined) sendProblem(reply, problem("bad-request", error.message));
      else answerPlainly(reply, vendor.errors.malformedBody());
    },
  });
  // A request's line names it; a logger of its own for each would cost a tenth of a status read.
  app.log.child = () => app.log;
  return app;
}

async function addControl(app: FastifyInstance, options: ControlOptions): Promise<void> {
  const [{ controlRoutes }, { metricsRoutes }] = await Promise.all([
    import("./control/routes.ts"),
    import("./control/reference/metrics.ts"),
  ]);
  await app.register(controlRoutes, { prefix: "/_fauxgen", ...options });
  await app.register(metricsRoutes, options);
}

/** The user's own fixtures; throws `FixtureUnusable` for what can be seen to be wrong before there are routes. */
async function readFolder({ fixtures }: Config, vendors: readonly Vendor[]): Promise<FixtureFolder | undefined> {
  if (fixtures === undefined) return undefined;
  const [{ FixtureFolder }, { refuseFlaws }] = await Promise.all([
    import("./fixtures/folder.ts"),
    import("./control/fixtures/check.ts"),
  ]);
  const folder = await FixtureFolder.read(fixtures, vendors);
  refuseFlaws(folder.flaws);
  return folder;
}

function createContext(
  config: Config,
  vendors: readonly Vendor[],
  wall: WallClock,
  checksResponses: boolean,
  app: FastifyInstance,
  { outbox, dispatcher }: Webhooks,
  scenarios: ScenarioBook,
  template: { readonly current: SandboxTemplate },
): HttpContext {
  const byName = new Map(vendors.map((vendor) => [vendor.name, vendor]));
  const store = new Store(config.data);
  const journals = new Journals({
    maxEntries: config.journalEntries,
    maxBytes: config.journalBytes,
    maxBodyBytes: 64 * 1024,
  });
  const sandboxes = new Sandboxes(
    {
      wall,
      store,
      defaults: {
        seed: config.seed,
        timing: config.timing,
        progression: "time",
        scenario: config.scenario,
        mediaUrl: config.publicUrl,
        vintages: config.vintages,
        catalogue: config.catalogue,
        uploadLimits: { perFile: config.uploadBytes, total: config.uploadTotalBytes },
        maxGenerations: config.maxGenerations,
      },
      defaultState: (vendor, account) => ({
        ...byName.get(vendor)?.defaultState(account),
        ...template.current.accounts[account]?.vendors?.[vendor],
      }),
      template: () => template.current,
      onAccountsListed: (sandbox, accounts) => {
        for (const [name, { endpoints = {} }] of Object.entries(accounts))
          for (const [vendor, listed] of Object.entries(endpoints))
            listEndpoints(
              sandbox,
              sandbox.account(name),
              vendor,
              listed,
              byName.get(vendor)?.webhooks?.defaultSecret ?? "",
            );
      },
      onTransition: (sandbox, transition) => {
        byName.get(transition.generation.vendor)?.onTransition?.(sandbox, transition);
        return outbox.announce(sandbox, transition);
      },
      onResume: (sandbox) => {
        outbox.resume(sandbox);
      },
      onReset: (sandbox) => {
        journals.forget(sandbox);
        scenarios.forget(sandbox);
      },
      onError: (error) => {
        app.log.error(error, "what was due in a sandbox failed and is tried again");
      },
    },
    { unknownKeys: config.unknownKeys, maxSandboxes: config.maxSandboxes },
  );
  // What a file keeps is kept for its owner, however long nobody asks for it.
  if (config.data === undefined) dropIdleSandboxes(app, sandboxes, wall, config.sandboxTtl);
  app.addHook("preClose", async () => {
    await dispatcher.stop(DELIVERY_GRACE_MS);
    sandboxes.close();
  });
  app.addHook("onClose", async () => {
    store.close();
  });
  return {
    sandboxes,
    journals,
    scenarios,
    vendors: byName,
    startedAt: wall.now(),
    unassigned: new UnassignedRequests(),
    routes: [],
    held: new Capacity(config.maxHeld),
    followers: new Capacity(config.maxFollowers),
    requestCounts: new RequestCounts(),
    maxBodyBytes: config.maxBodyBytes,
    explains: config.explain,
    checksResponses,
  };
}

function dropIdleSandboxes(app: FastifyInstance, sandboxes: Sandboxes, wall: WallClock, idleMs: number): void {
  const everyMs = Math.max(1000, Math.min(IDLE_LOOK_MS, idleMs / 4));
  const look = (): void => {
    stop = wall.after(everyMs, look);
    sandboxes.dropIdle(idleMs);
  };
  let stop = wall.after(everyMs, look);
  app.addHook("preClose", (done) => {
    stop();
    done();
  });
}

/** Stands for Fastify's own compilers, which take long to load and which the ones of zod replace at once. */
function neverCompile(): never {
  throw new Error("The compilers of this server were not set.");
}

/** What is below no vendor's prefix. */
function answerUnassigned(app: FastifyInstance, vendors: readonly Vendor[]): void {
  const prefixes = vendors.map((vendor) => `${vendor.prefixes.join(", ")} (${vendor.name})`).join("; ");
  app.get("/", async (_request, reply) => reply.redirect("/_fauxgen/"));
  app.setNotFoundHandler((request, reply) => {
    const { sandboxes, unassigned } = app.httpContext;
    const now = sandboxes.default.wall.now();
    const entry = newEntry(request, unassigned.count + 1, now, now);
    entry.state = "answered";
    entry.status = 404;
    unassigned.add("no-vendor", undefined, entry);
    sendProblem(
      reply,
      problem(
        "no-such-vendor",
        `${request.method} ${request.url} is below no vendor's prefix. There are: ${prefixes}; control is below /_fauxgen.`,
      ),
    );
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Problem) {
      sendProblem(reply, error);
      return;
    }
    const answer = unforeseenProblem(error);
    if (answer.status >= 500) request.log.error(error);
    sendProblem(reply, answer);
  });
}

function vendorOf(vendors: readonly Vendor[], url: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`)));
}
