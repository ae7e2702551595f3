/** Implements `fauxgen operations`, which lists the operation names that rules and verifications can match. */
import { buildApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { vendors } from "../vendors/index.ts";
import { align } from "./output.ts";

export async function describeOperations(only: string | undefined): Promise<string> {
  const config = readConfig([{ values: { logLevel: "silent" }, nameOf: String }]);
  const app = await buildApp({ config, vendors });
  await app.ready();
  const rows = app.httpContext.routes
    .filter(({ vendor }) => only === undefined || vendor === only)
    .map(({ vendor, operation, method, path }) => [vendor, operation, method, path]);
  await app.close();
  return [...align([["VENDOR", "OPERATION", "METHOD", "PATH"], ...rows]), ""].join("\n");
}
