/** Tests that every example of the reference of control works when it is sent unchanged, in the order of its group. */
import { describe, expect, it } from "vitest";
import { controlGroups } from "../../../src/control/reference/groups.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestApp } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";
import { keyHeaders } from "../../../src/http/request/key-header.ts";

interface Documented {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
}

/** Operations that end a generation: each needs one that has not ended. */
const ENDING: ReadonlySet<string> = new Set(["failGeneration", "cancelGeneration", "finishGeneration"]);

describe("the reference of control", () => {
  it("groups every operation, and each example works when it is sent unchanged", { timeout: 60_000 }, async () => {
    const app = await buildTestApp();
    const origin = await listenOn(app);
    const document = (await control(app, "GET", "openapi/control.json")).body;
    expect(document.tags.length).toBeGreaterThan(5);
    const operations = Object.entries<Record<string, Documented>>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
    );
    const order = controlGroups.flatMap(({ operations: ids }) => Object.keys(ids));
    operations.sort((a, b) => order.indexOf(a.operationId) - order.indexOf(b.operationId));
    expect(operations.map(({ operationId }) => operationId)).toEqual(order);
    expect(operations.length).toBeGreaterThan(60);
    const groups: string[] = document.tags.map(({ name }: { name: string }) => name);
    expect(operations.flatMap(({ tags }) => tags).filter((tag) => !groups.includes(tag))).toEqual([]);
    const vivix = vendors.find(({ name }) => name === "vivix");
    if (vivix === undefined) throw new Error("vivix is missing");
    await fetch(`${origin}/api/v1/generate`, {
      method: "POST",
      headers: { "content-type": "application/json", ...keyHeaders(vivix, vivix.keyFrom("fx_default_main")) },
      body: JSON.stringify({ model: "grok-imagine-image-quality", prompt: "a lighthouse" }),
    });
    let bundle: unknown;
    const failures: unknown[] = [];
    for (const { path, method, operationId, parameters = [], requestBody } of operations) {
      if (ENDING.has(operationId))
        await control(app, "POST", "sandboxes/default/generations", {
          vendor: operationId === "cancelGeneration" ? "oxen" : "vivix",
        });
      const url = parameters.reduce(
        (text, { name, in: place, example }) => (place === "path" ? text.replace(`{${name}}`, String(example)) : text),
        path,
      );
      const example = requestBody?.content["application/json"]?.example;
      // A bundle is what saveBundle answers, so no example of it can be written down.
      const body = operationId === "restoreBundle" ? bundle : example;
      const stop = new AbortController();
      const response = await fetch(`${origin}${url}`, {
        method,
        signal: stop.signal,
        ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      const isStream = response.headers.get("content-type") === "text/event-stream";
      if (isStream) stop.abort();
      else if (operationId === "saveBundle") bundle = await response.json();
      else if (!response.ok) failures.push([operationId, response.status, (await response.text()).slice(0, 200)]);
      if (operationId === "putWebhookMode") await deliver(app);
    }
    expect(failures).toEqual([]);
  });
});

/** Makes a webhook, so that there is a latest delivery. */
async function deliver(app: Parameters<typeof control>[0]): Promise<void> {
  await control(app, "POST", "sandboxes/default/generations", { vendor: "vivix" });
  await control(app, "POST", "sandboxes/default/clock/advance", { by: "1m" });
}
