/** Builds servers and sandboxes for tests, and reuses servers among tests. */
import type { FastifyInstance } from "fastify";
import type { Response } from "light-my-request";
import { onTestFinished } from "vitest";
import { buildApp } from "../../src/app.ts";
import { readConfig, type Config, type ConfigInput } from "../../src/config.ts";
import type { WallClock } from "../../src/engine/base/clock.ts";
import { advance } from "../../src/engine/sandbox/advance.ts";
import { parseDuration } from "../../src/engine/base/durations.ts";
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";
import { keyHeaders as keyHeadersOf } from "../../src/http/request/key-header.ts";
import { vendors } from "../../src/vendors/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";

/** A sandbox of a server under test, with a frozen clock. */
export interface TestWorld {
  readonly app: FastifyInstance;
  readonly sandbox: Sandbox;
  /**
   * Sends a request with the key of an account of the sandbox (`main`), with a key that is registered for a second user of
   * it (`main_colleague`), or without a key if the account is undefined.
   */
  readonly send: (vendor: Vendor, account: string | undefined, request: TestRequest) => Promise<Response>;
  readonly advance: (by: string) => Promise<void>;
}

export interface TestRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
  readonly url: string;
  readonly body?: unknown;
  /** A literal key instead of the account's. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Builds a server without a socket, and closes it when the test ends. It checks responses against their schemas. */
export async function buildTestApp(
  values: ConfigInput = {},
  list: readonly Vendor[] = vendors,
  wall?: WallClock,
): Promise<FastifyInstance> {
  const app = await buildApp({
    config: silentConfig(values),
    vendors: list,
    checksResponses: true,
    ...(wall !== undefined && { wall }),
  });
  onTestFinished(async () => {
    // A connection may stay open whose client was answered before it had sent all.
    const spare = setTimeout(() => {
      app.server.closeAllConnections();
    }, 5000);
    await app.close();
    clearTimeout(spare);
  });
  return app;
}

/**
 * Provides a server and a sandbox with a frozen clock. The server may have served an earlier test, but has no data of
 * it: building a server takes thirty times as long as emptying it.
 */
export async function buildTestWorld(
  values: ConfigInput = {},
  name = "world",
  list: readonly Vendor[] = vendors,
): Promise<TestWorld> {
  return worldIn(Object.keys(values).length === 0 ? await lendTestApp(list) : await buildTestApp(values, list), name);
}

/** Creates a sandbox with a frozen clock in an existing server. */
export function worldIn(app: FastifyInstance, name: string): TestWorld {
  const sandbox = app.httpContext.sandboxes.obtain(name);
  sandbox.clock.freeze();
  sandbox.steering.publish();
  return {
    app,
    sandbox,
    send: async (vendor, account, { method, url, body, key, headers }) =>
      app.inject({
        method,
        url,
        headers: {
          ...keyHeaders(vendor, key ?? keyOf(app, sandbox, vendor, account)),
          ...headers,
        },
        ...(body !== undefined && { payload: body as object }),
      }),
    advance: async (by) => {
      await advance(sandbox, (now) => now + (parseDuration(by) ?? Number.NaN));
    },
  };
}

/** Returns the key of an account, or of a second user, whose key it registers. */
function keyOf(
  { httpContext }: FastifyInstance,
  sandbox: Sandbox,
  vendor: Vendor,
  account: string | undefined,
): string | undefined {
  if (account === undefined) return undefined;
  const [owner = "", user] = account.split("_");
  if (user === undefined) return vendor.keyFrom(`fx_${sandbox.name}_${owner}`);
  const key = `${vendor.keyPrefix ?? ""}${user}-of-${owner}-in-${sandbox.name}`;
  httpContext.sandboxes.registerKey(sandbox, owner, key, { user });
  return key;
}

/** A server with the default configuration, which several tests use one after the other. */
interface Lent {
  readonly app: FastifyInstance;
  isClosed: boolean;
}

/** The servers that no test is using, by the list of their vendors. */
const idle = new Map<readonly Vendor[], Lent[]>();

/** Lends a server to one test at a time. The next test reuses it, unless this test left state outside its sandboxes. */
async function lendTestApp(list: readonly Vendor[]): Promise<FastifyInstance> {
  const unused = idle.get(list) ?? [];
  idle.set(list, unused);
  const lent = unused.pop() ?? (await buildLent(list));
  const { app } = lent;
  onTestFinished(async () => {
    if (lent.isClosed) return;
    if (isMarked(app)) {
      await app.close();
      return;
    }
    for (const sandbox of app.httpContext.sandboxes.all()) app.httpContext.sandboxes.delete(sandbox);
    app.httpContext.coverage.run.clear();
    unused.push(lent);
  });
  return app;
}

async function buildLent(list: readonly Vendor[]): Promise<Lent> {
  const app = await buildApp({ config: silentConfig({}), vendors: list, checksResponses: true });
  const lent = { app, isClosed: false };
  lent.app.addHook("onClose", async () => {
    lent.isClosed = true;
  });
  return lent;
}

/** Returns whether a test left state outside its sandboxes: a socket, a request, a template, or a webhook delivery. */
function isMarked({ server, httpContext, outbox, template }: FastifyInstance): boolean {
  const { sandboxes, unassigned, held, followers } = httpContext;
  const isTelling = sandboxes.all().some((sandbox) => outbox.list(sandbox).length > 0);
  return (
    server.listening || template.isSent || unassigned.count > 0 || held.count > 0 || followers.count > 0 || isTelling
  );
}

function silentConfig(values: ConfigInput): Config {
  return readConfig([{ values: { logLevel: "silent", ...values }, nameOf: String }]);
}

/** Returns the headers by which a key is sent to a vendor. */
export function keyHeaders(vendor: Vendor, key: string | undefined): Record<string, string> {
  return key === undefined ? {} : keyHeadersOf(vendor, key);
}
