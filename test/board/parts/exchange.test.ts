/** Tests how the board sends the requests of the control client. */
import { expect, it } from "vitest";
import { exchange } from "../../../src/board/parts/exchange.ts";
import { ControlClient, FauxgenError } from "../../../src/client/control-client.ts";
import { listenWithAcme } from "../../support/acme.ts";

it("a control client of the board calls, reads text, and rejects with the problem of a refusal", async () => {
  const { url } = await listenWithAcme();
  const client = new ControlClient(url, exchange);
  expect(await client.call("PUT", "/sandboxes/shown", { body: { timing: "fast" } })).toMatchObject({ name: "shown" });
  expect(await client.text("/sandboxes/shown/report")).toContain("sandbox shown: clock running");
  await expect(client.call("GET", "/sandboxes/none")).rejects.toThrow(FauxgenError);
  await expect(client.call("GET", "/sandboxes/none")).rejects.toMatchObject({ status: 404, code: "no-such-sandbox" });
});

it("a control client of the board says that no server answers", async () => {
  const client = new ControlClient("http://127.0.0.1:9", exchange);
  await expect(client.text("/ready")).rejects.toThrow("No fauxgen server answers at http://127.0.0.1:9");
});
