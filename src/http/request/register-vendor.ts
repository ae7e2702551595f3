/**
 * Registers one vendor's part of the server: its routes with absolute paths, and its own 404 below each prefix. Each
 * part is encapsulated, so that a vendor's hooks and errors do not affect other vendors' routes.
 */
import type { FastifyInstance } from "fastify";
import { pathOf } from "../parsing/paths.ts";
import type { OwnerOf } from "./open-entry.ts";
import { installPipeline } from "./pipeline.ts";
import { adviceOnRoute } from "../errors/route-advice.ts";
import type { VendorHttp } from "./vendor-http.ts";

export interface RegisterVendorOptions {
  readonly vendor: VendorHttp;
  readonly routes: (scope: FastifyInstance) => Promise<void>;
  readonly ownerOf?: OwnerOf | undefined;
}

/** Registers a vendor's routes in a separate scope. */
export async function registerVendor(
  app: FastifyInstance,
  { vendor, ownerOf, routes }: RegisterVendorOptions,
): Promise<void> {
  await app.register(async (scope) => {
    installPipeline(scope, { vendor, ownerOf });
    listRoutes(scope, vendor);
    await routes(scope);
    for (const prefix of vendor.prefixes) {
      await scope.register(
        async (below) => {
          answerUnknownRoutes(below, vendor);
        },
        { prefix },
      );
    }
  });
}

/** Limits the bodies of the scope's routes, and lists the routes for rules and `GET /_fauxgen/operations`. */
function listRoutes(scope: FastifyInstance, vendor: VendorHttp): void {
  const { maxBodyBytes, routes } = scope.httpContext;
  scope.addHook("onRoute", (route) => {
    route.bodyLimit = Math.min(route.bodyLimit ?? vendor.bodyLimit, maxBodyBytes);
    const operation = route.config?.operation;
    if (operation === undefined) return;
    // HEAD is answered wherever GET is, so it is not listed.
    for (const method of [route.method].flat().filter((one) => one !== "HEAD"))
      routes.push({ vendor: vendor.name, operation, method, path: route.url });
  });
}

function answerUnknownRoutes(scope: FastifyInstance, { name, errors }: VendorHttp): void {
  const { unassigned, routes } = scope.httpContext;
  scope.setNotFoundHandler((request) => {
    const path = pathOf(request.url);
    if (request.entry.isAssigned && request.method !== "OPTIONS")
      unassigned.add("no-route", request.sandbox.name, request.entry);
    const own = routes.filter(({ vendor }) => vendor === name);
    const advice = adviceOnRoute(own, request.method, path) ?? "See /_fauxgen/operations for the routes.";
    throw errors
      .routeNotFound(request.method, path)
      .explained("ROUTE_UNKNOWN", `No route ${request.method} ${path}. ${advice}`);
  });
}
