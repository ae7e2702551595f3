/** Words which route a request was perhaps meant for, if its own path has none. */
import { normalPath } from "../../engine/rule/normal-path.ts";
import { pathPattern } from "../../engine/rule/path-pattern.ts";
import { nearestNames } from "../../wording/nearest.ts";

interface NamedRoute {
  readonly method: string;
  readonly path: string;
}

/** How many routes are named. */
const MOST_NAMED = 3;

/** Names the methods of this path, else the nearest routes; undefined if none is near. */
export function adviceOnRoute(routes: readonly NamedRoute[], method: string, path: string): string | undefined {
  const samePath = routesAt(routes, path);
  if (samePath.length > 0) return `This path takes ${methodsOf(samePath).join(" or ")}.`;
  const near = nearestPaths(routes, method, path);
  if (near.length === 0) return undefined;
  const named = near.slice(0, MOST_NAMED).map((each) => {
    const methods = methodsOf(routes.filter((route) => route.path === each));
    return methods.includes(method) ? `${method} ${each}` : `${methods.join("|")} ${each}`;
  });
  return `Did you mean ${named.join(" or ")}?`;
}

/**
 * Returns the nearest paths: those of the path without its dots and doubled slashes, else those that have it as their
 * end or are its end (a base URL with a part too few or too many), else those with the most similar text.
 */
function nearestPaths(routes: readonly NamedRoute[], method: string, path: string): string[] {
  const plain = new URL(path.replace(/^\/*/, "/").replace(/\/{2,}/g, "/"), "http://host").pathname;
  for (const near of [routesAt(routes, plain), routesWithEnd(routes, plain)]) {
    const ofMethod = near.filter((route) => route.method === method);
    if (near.length > 0) return [...new Set((ofMethod.length > 0 ? ofMethod : near).map((route) => route.path))];
  }
  return nearestNames(plain, [...new Set(routes.map((route) => route.path))]);
}

function routesAt<Route extends NamedRoute>(routes: readonly Route[], path: string): Route[] {
  return routes.filter((route) => pathPattern(route.path).test(normalPath(path)));
}

/** Returns the routes that share their last segments with a path, as far as one of them is long. */
function routesWithEnd(routes: readonly NamedRoute[], path: string): NamedRoute[] {
  const sent = segmentsOf(normalPath(path));
  return routes.filter((route) => {
    const known = segmentsOf(route.path);
    const count = Math.min(sent.length, known.length);
    const end = known.slice(-count);
    // The end of a route that begins with a parameter fits almost any path.
    if (count === 0 || sent.length === known.length || /^[:*]/.test(end[0] ?? "")) return false;
    return pathPattern(`/${end.join("/")}`).test(`/${sent.slice(-count).join("/")}`);
  });
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function methodsOf(routes: readonly NamedRoute[]): string[] {
  return [...new Set(routes.map((route) => route.method))];
}
