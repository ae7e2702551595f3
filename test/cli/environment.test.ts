/** Tests the environment variables by which clients and tests find a server. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentFor, type EnvironmentOptions } from "../../src/cli/environment.ts";
import { Failure } from "../../src/cli/failure.ts";
import { vendors } from "../../src/vendors/index.ts";
import { endOf } from "../support/command.ts";

const url = "http://127.0.0.1:4600";
const holder = { sandbox: "w1", account: "free" };

const environmentWith = (options: Partial<EnvironmentOptions>) =>
  environmentFor(url, holder, { assignments: [], inherited: {}, ...options });

describe("the environment of a server", () => {
  it("has the server's URL, and each vendor's URL, key and variables of known clients", () => {
    const environment = environmentWith({});
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
    const environment = environmentWith({});
    for (const { name, webhooks } of vendors)
      expect(environment[`FAUXGEN_${name.toUpperCase()}_WEBHOOK_SECRET`]).toBe(webhooks?.defaultSecret);
  });

  it("replaces {vivix.url} and {vivix.key} in the values of --set", () => {
    const environment = environmentWith({ assignments: ["A={vivix.url}/api/v1", "B={vivix.key}", "C=a={b c}"] });
    expect(environment).toMatchObject({ A: `${url}/api/v1`, B: "vvx_live_fx_w1_free", C: "a={b c}" });
  });

  it.each([
    { assignment: "A={vivx.url}", said: "{vivx.url} is not known. Did you mean {vivix.url}" },
    { assignment: "=x", said: 'write NAME=VALUE, where VALUE may hold {sync.url} (got "=x")' },
  ])("refuses --set $assignment", ({ assignment, said }) => {
    const attempt = (): unknown => environmentWith({ assignments: [assignment] });
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(said);
  });

  it("excepts the server and this machine from proxies, beside the hosts that are excepted already", () => {
    const hosts = "localhost,127.0.0.1,::1";
    expect(environmentWith({})).toMatchObject({
      NO_PROXY: "127.0.0.1,localhost,::1",
      no_proxy: "127.0.0.1,localhost,::1",
    });
    const inherited = { NO_PROXY: "a.test, .b.test", no_proxy: "a.test c.test" };
    const environment = environmentFor("http://fauxgen:4600", holder, { assignments: [], inherited });
    expect(environment["NO_PROXY"]).toBe(`a.test,.b.test,c.test,fauxgen,${hosts}`);
    expect(environment["no_proxy"]).toBe(environment["NO_PROXY"]);
    for (const every of [{ NO_PROXY: "*" }, { no_proxy: "*", NO_PROXY: "a.test" }])
      expect(environmentFor("http://fauxgen:1", holder, { assignments: [], inherited: every })).toMatchObject({
        NO_PROXY: "*",
        no_proxy: "*",
      });
    expect(environmentFor("http://[fd00::7]:1", holder, { assignments: [], inherited: {} })["NO_PROXY"]).toBe(
      `fd00::7,${hosts}`,
    );
  });

  it("has the variables by which programs trust an authority, if one is given", () => {
    expect(Object.keys(environmentWith({}))).not.toContain("SSL_CERT_FILE");
    const environment = environmentWith({ authority: "ca.pem" });
    for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
      expect(environment[name]).toBe(join(process.cwd(), "ca.pem"));
  });

  it("is printed by fauxgen env for the configured server or for --url", async () => {
    const configured = await endOf(["env", "--format", "json"], { env: { FAUXGEN_PORT: "4711", FAUXGEN_HOST: "::" } });
    expect(JSON.parse(configured.stdout)).toMatchObject({ FAUXGEN_URL: "http://127.0.0.1:4711" });
    const named = await endOf(["env", "--format", "json", "--url", "http://fauxgen:4600/", "--sandbox", "w7"]);
    expect(JSON.parse(named.stdout)).toMatchObject({
      FAUXGEN_VIVIX_URL: "http://fauxgen:4600",
      FAUXGEN_VIVIX_KEY: "vvx_live_fx_w7_main",
    });
    const trusting = await endOf(["env", "--format", "json", "--trust", "--tls-authority", "/certs/ca.pem"]);
    expect(JSON.parse(trusting.stdout)).toMatchObject({ SSL_CERT_FILE: "/certs/ca.pem" });
    expect(await endOf(["env", "--format", "yaml"])).toMatchObject({ code: 2, stdout: "" });
  });
});
