/**
 * One vendor's part of the server: its routes with absolute paths, its own error shapes, and its own 404 below each
 * of its prefixes. Everything here is encapsulated, so that no vendor's hooks or errors reach another's routes.
 */
import type { FastifyError, FastifyInstance, RouteOptions } from "fastify";
import { answerError } from "./answer-error.ts";
import { holdAnswers } from "./answer-order.ts";
import { openEntry, authenticate, type OwnerOf } from "./open-entry.ts";
import { closeEntries } from "./close-entry.ts";
import { installFaults } from "./faults.ts";
import { pathOf } from "../parsing/paths.ts";
import type { HttpContext, VendorHttp } from "./vendor-http.ts";

export interface VendorScopeOptions {
  readonly vendorHttp: VendorHttp;
  readonly context: HttpContext;
  readonly routes: (scope: FastifyInstance) => Promise<void>;
  readonly ownerOf?: OwnerOf;
}

export async function registerVendorScope(app: FastifyInstance, options: VendorScopeOptions): Promise<void> {
  const { vendorHttp, context } = options;
  await app.register(async (scope) => {
    scope.addHook("onRequest", openEntry(context, vendorHttp, options.ownerOf));
    closeEntries(scope);
    installFaults(scope);
    holdAnswers(scope);
    scope.addHook("onRoute", (route) => {
      completeRoute(route, vendorHttp, context.maxBodyBytes);
      const operation = route.config?.operation;
      if (operation === undefined) return;
      for (const method of [route.method].flat())
        context.routes.push({ vendor: vendorHttp.name, operation, method, path: route.url });
    });
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      answerError(error, request, reply, vendorHttp.errors);
    });
    await options.routes(scope);
    for (const prefix of vendorHttp.prefixes) {
      await scope.register(
        async (below) => {
          below.setNotFoundHandler((request) => {
            const path = pathOf(request.url);
            if (request.entry.isAssigned && request.method !== "OPTIONS")
              context.unassigned.add("no-route", request.sandbox.name, request.entry);
            throw vendorHttp.errors
              .routeNotFound(request.method, path)
              .explained("ROUTE_UNKNOWN", `No route ${request.method} ${path}.`);
          });
        },
        { prefix },
      );
    }
  });
}

function completeRoute(route: RouteOptions, vendorHttp: VendorHttp, maxBodyBytes: number): void {
  route.bodyLimit = Math.min(route.bodyLimit ?? vendorHttp.bodyLimit, maxBodyBytes);
  if (route.config?.access === "public" || route.method === "OPTIONS") return;
  const own = route.onRequest === undefined ? [] : [route.onRequest].flat();
  route.onRequest = [authenticate, ...own];
}
