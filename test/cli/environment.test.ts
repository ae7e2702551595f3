/** Tests the environment variables by which clients and tests find a server. */
import { describe, expect, it } from "vitest";
import { environmentFor, formatEnvironment } from "../../src/cli/environment.ts";
import { Failure } from "../../src/cli/failure.ts";
import { vendors } from "../../src/vendors/index.ts";
import { endOf } from "../support/command.ts";

const url = "http://127.0.0.1:4600";
const holder = { sandbox: "w1", account: "free" };

describe("the environment of a server", () => {
  it("has the server's URL, and each vendor's URL, key and variables of known clients", () => {
    const environment = environmentFor(url, holder, []);
    expect(environment["FAUXGEN_URL"]).toBe(url);
    for (const vendor of vendors) {
      const key = vendor.keyFrom("fx_w1_free");
      expect(environment).toMatchObject({
        [`FAUXGEN_${vendor.name.toUpperCase()}_URL`]: url,
        [`FAUXGEN_${vendor.name.toUpperCase()}_KEY`]: key,
        ...vendor.environment(url, key),
      });
    }
  });

  it("has the webhook secret of each vendor that signs webhooks", () => {
    const environment = environmentFor(url, holder, []);
    for (const { name, webhooks } of vendors)
      expect(environment[`FAUXGEN_${name.toUpperCase()}_WEBHOOK_SECRET`]).toBe(webhooks?.defaultSecret);
  });

  it("replaces {vivix.url} and {vivix.key} in the values of --set", () => {
    const environment = environmentFor(url, holder, ["A={vivix.url}/api/v1", "B={vivix.key}", "C=a={b c}"]);
    expect(environment).toMatchObject({ A: `${url}/api/v1`, B: "vvx_live_fx_w1_free", C: "a={b c}" });
  });

  it.each([
    { assignment: "A={vivx.url}", said: "{vivx.url} is not known. Did you mean {vivix.url}" },
    { assignment: "=x", said: 'write NAME=VALUE, where VALUE may hold {sync.url} (got "=x")' },
  ])("refuses --set $assignment", ({ assignment, said }) => {
    const attempt = (): unknown => environmentFor(url, holder, [assignment]);
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(said);
  });

  it.each([
    { format: "shell", line: `export A='it'\\''s $HOME'\n` },
    { format: "dotenv", line: `A="it's $HOME"\n` },
    { format: "github", line: `A=it's $HOME\n` },
    { format: "json", line: `{\n  "A": "it's $HOME"\n}\n` },
  ] as const)("is printed in the format $format", ({ format, line }) => {
    expect(formatEnvironment({ A: "it's $HOME" }, format)).toBe(line);
  });

  it("is printed by fauxgen env for the configured server or for --url", async () => {
    const configured = await endOf(["env", "--format", "json"], { env: { FAUXGEN_PORT: "4711", FAUXGEN_HOST: "::" } });
    expect(JSON.parse(configured.stdout)).toMatchObject({ FAUXGEN_URL: "http://127.0.0.1:4711" });
    const named = await endOf(["env", "--format", "json", "--url", "http://fauxgen:4600/", "--sandbox", "w7"]);
    expect(JSON.parse(named.stdout)).toMatchObject({
      FAUXGEN_VIVIX_URL: "http://fauxgen:4600",
      FAUXGEN_VIVIX_KEY: "vvx_live_fx_w7_main",
    });
    expect(await endOf(["env", "--format", "yaml"])).toMatchObject({ code: 2, stdout: "" });
  });
});
