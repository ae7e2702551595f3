/**
 * Tests that clients of any language accept the certificates, and that clients with a hard-coded host reach the
 * emulator by `HTTPS_PROXY` and by nothing else.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { realHosts } from "../../src/vendors/real-hosts.ts";
import { folderOf } from "../support/folder.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";

const path = (file: string): string => fileURLToPath(new URL(`any-language/${file}`, import.meta.url));
const HOSTS = Object.values(realHosts).flat();
const URL_OF_VENDOR = "https://vivix-atelier.vercel.app/api/v1/credits";
const STORE_PASSWORD = "changeit";

/** The interpreter that sees Debian's Python packages. */
const PYTHON = "/usr/bin/python3";

beforeAll(() => {
  const needed = [
    ["curl", "--version"],
    ["openssl", "version"],
    ["java", "--version"],
    ["javac", "--version"],
    [PYTHON, "-c", "import requests, httpx"],
  ];
  for (const [program = "", ...args] of needed)
    if (spawnSync(program, args).status !== 0)
      throw new Error(
        `${program} ${args.join(" ")} is needed: apt-get install curl openssl openjdk-17-jdk-headless python3-requests python3-httpx`,
      );
});

/** Starts a server with TLS, and writes a truststore of its authority for Java. */
async function start() {
  const folder = folderOf({});
  const authority = join(folder, "ca.pem");
  const server = await listenForTest({ tls: true, tlsPort: 0, tlsAuthority: authority });
  return { ...server, folder, authority, tlsPort: new URL(server.tlsUrl ?? "").port };
}

type Started = Awaited<ReturnType<typeof start>>;

async function truststoreOf({ folder, authority }: Started): Promise<string> {
  const store = join(folder, "trust.p12");
  const args = ["-importcert", "-noprompt", "-alias", "fauxgen", "-file", authority, "-keystore", store];
  const made = await run("keytool", [...args, "-storetype", "PKCS12", "-storepass", STORE_PASSWORD], folder);
  if (made.code !== 0) throw new Error(made.stdout + made.stderr);
  return store;
}

/** Returns the certificate that the server presents, in PEM. */
function presented({ tlsPort }: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(tlsPort), rejectUnauthorized: false }, () => {
      const text = socket.getPeerCertificate().raw.toString("base64");
      socket.destroy();
      resolve(`-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`);
    }).once("error", reject);
  });
}

describe("the certificates", () => {
  it("are accepted by `openssl verify -x509_strict`, for every real host", async () => {
    const started = await start();
    const file = join(started.folder, "server.pem");
    writeFileSync(file, await presented(started));
    for (const host of [...HOSTS, "localhost"]) {
      const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", host];
      const ended = await run("openssl", [...args, "-CAfile", started.authority, file], started.folder);
      expect(ended, host).toEqual({ code: 0, stdout: `${file}: OK\n`, stderr: "" });
    }
  });

  it("are accepted by Python with VERIFY_X509_STRICT", async () => {
    const { tlsPort, authority, folder } = await start();
    for (const host of HOSTS) {
      const ended = await run(PYTHON, [path("strict_verifier.py"), tlsPort, authority, host], folder);
      expect(ended, host).toEqual({ code: 0, stdout: "TLSv1.3", stderr: "" });
    }
  });
});

/** The clients: their command, and the environment by which they find the proxy and trust the authority. */
const clients: Readonly<
  Record<string, (started: Started) => Promise<{ command: string[]; env: Readonly<Record<string, string>> }>>
> = {
  curl: async ({ url, authority }) => ({
    command: ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "authorization: Bearer KEY", "URL"],
    env: { HTTPS_PROXY: url, CURL_CA_BUNDLE: authority },
  }),
  "Python's requests": async ({ url, authority }) => ({
    command: [PYTHON, path("requests_client.py"), "URL", "KEY"],
    env: { HTTPS_PROXY: url, REQUESTS_CA_BUNDLE: authority },
  }),
  "Python's httpx": async ({ url, authority }) => ({
    command: [PYTHON, path("httpx_client.py"), "URL", "KEY"],
    env: { HTTPS_PROXY: url, SSL_CERT_FILE: authority },
  }),
  "Java's HttpClient": async (started) => ({
    command: [
      "java",
      "-XX:TieredStopAtLevel=1",
      "-Dhttps.proxyHost=127.0.0.1",
      `-Dhttps.proxyPort=${started.port}`,
      `-Djavax.net.ssl.trustStore=${await truststoreOf(started)}`,
      `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`,
      path("Client.java"),
      "URL",
      "KEY",
    ],
    env: {},
  }),
  "Node.js's fetch": async ({ url, authority }) => ({
    command: [
      process.execPath,
      "-e",
      'fetch("URL", { headers: { authorization: "Bearer KEY" } }).then(({ status }) => process.stdout.write(String(status)))',
    ],
    env: { HTTPS_PROXY: url, NODE_USE_ENV_PROXY: "1", NODE_EXTRA_CA_CERTS: authority },
  }),
};

describe.each(Object.entries(clients))("%s with a hard-coded host", (_, prepare) => {
  it("reaches the emulator by its HTTPS proxy, and gets no tunnel to another host", async () => {
    const started = await start();
    const { command, env } = await prepare(started);
    const ask = async (url: string) => {
      const [program = "", ...args] = command.map((word) =>
        word.replaceAll("URL", url).replaceAll("KEY", "vvx_live_fx_any-language_main"),
      );
      return run(program, args, started.folder, { NO_PROXY: "", no_proxy: "", ...env });
    };
    const { stdout, stderr } = await ask(URL_OF_VENDOR);
    expect(stdout, stderr).toBe("200");
    const sandbox = started.app.httpContext.sandboxes.find("any-language");
    if (sandbox === undefined) throw new Error("No request arrived.");
    const entries = started.app.httpContext.journals.of(sandbox).entries();
    expect(entries.map(({ operation, requestHeaders }) => [operation, requestHeaders.host])).toEqual([
      ["getCredits", "vivix-atelier.vercel.app"],
    ]);
    // The name resolves nowhere, so only the proxy can have refused it.
    const refused = await ask("https://other.invalid/");
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toMatch(/403|tunnel|proxy/i);
  });
});
