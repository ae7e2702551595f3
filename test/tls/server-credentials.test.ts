/** Tests which certificate the HTTPS listener has: one of a new authority, of a kept authority, or the user's own. */
// The certificate library needs this import, before its own.
import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { X509CertificateGenerator } from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { readConfig, type ConfigInput } from "../../src/config.ts";
import { createAuthority, createServerCertificate } from "../../src/tls/certificates.ts";
import { chooseCredentials } from "../../src/tls/server-credentials.ts";
import { realHosts } from "../../src/vendors/real-hosts.ts";
import { folderOf } from "../support/folder.ts";
import { listenForTest } from "../support/server.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const YEAR_MS = 365 * 24 * 3_600_000;

async function choose(values: ConfigInput, folder = folderOf({})) {
  const file = join(folder, "ca.pem");
  const config = readConfig([{ values: { tls: true, tlsAuthority: file, ...values }, nameOf: (name) => `--${name}` }]);
  const { certificate, key } = await chooseCredentials(config, NOW);
  const authority = existsSync(file) ? new X509Certificate(readFileSync(file)) : undefined;
  return { certificate: new X509Certificate(certificate), key, authority, file };
}

describe("a certificate", () => {
  it("is valid for every real host, this machine's names, the listening address, and the added names", async () => {
    const { certificate, authority } = await choose({
      host: "10.0.0.9",
      tlsNames: "fauxgen, host.docker.internal,*.example.test,[fd00::7]",
    });
    const names = [
      ...Object.values(realHosts).flat(),
      "localhost",
      "fauxgen",
      "host.docker.internal",
      "a.example.test",
    ];
    for (const name of names)
      expect({ name, host: certificate.checkHost(name) }).not.toMatchObject({ host: undefined });
    for (const address of ["127.0.0.1", "::1", "10.0.0.9", "fd00::7"])
      expect(certificate.checkIP(address), address).toBeDefined();
    expect(certificate.checkHost("example.com")).toBeUndefined();
    expect(authority !== undefined && certificate.checkIssued(authority)).toBe(true);
    expect(authority?.ca).toBe(true);
  });

  it("is valid for less than 398 days, and from before its start", async () => {
    const { certificate } = await choose({});
    const [from, to] = [certificate.validFrom, certificate.validTo].map((text) => Date.parse(text)) as [number, number];
    expect(from).toBeLessThan(NOW);
    expect(to - from).toBeLessThan(398 * 24 * 3_600_000);
    expect(to - from).toBeGreaterThan(0.9 * YEAR_MS);
  });

  it.each(["a b", "https://example.test", "example.test:443", "*", "a.*.test", "-x"])(
    "is refused the name %j",
    async (tlsNames) => {
      await expect(choose({ tlsNames })).rejects.toThrow("--tlsNames: write names or addresses without a port");
    },
  );
});

describe("an authority", () => {
  it("is made anew at every start, with another name, key and number", async () => {
    const folder = folderOf({});
    const [first, second] = [await choose({}, folder), await choose({}, folder)];
    expect(second.authority?.subject).not.toBe(first.authority?.subject);
    expect(second.authority?.serialNumber).not.toBe(first.authority?.serialNumber);
    expect(second.certificate.checkIssued(first.authority ?? second.certificate)).toBe(false);
  });

  it("is kept if a file for its key is named, which only its owner may read", async () => {
    const folder = folderOf({});
    const tlsAuthorityKey = join(folder, "ca.key");
    const first = await choose({ tlsAuthorityKey }, folder);
    const second = await choose({ tlsAuthorityKey }, folder);
    expect(second.authority?.fingerprint256).toBe(first.authority?.fingerprint256);
    expect(second.certificate.serialNumber).not.toBe(first.certificate.serialNumber);
    expect(first.authority !== undefined && second.certificate.verify(first.authority.publicKey)).toBe(true);
    expect(statSync(tlsAuthorityKey).mode & 0o777).toBe(0o600);
  });

  it("is not made again if one of its files is missing, does not fit or has expired", async () => {
    const folder = folderOf({ "other.key": (await createAuthority(NOW)).key, "empty.key": "" });
    const tlsAuthorityKey = join(folder, "ca.key");
    const { file } = await choose({ tlsAuthorityKey }, folder);
    const refused = async (why: RegExp, key = "ca.key") => {
      await expect(choose({ tlsAuthorityKey: join(folder, key) }, folder)).rejects.toThrow(why);
    };
    await refused(/^--tlsAuthorityKey: .*other\.key is not the key of the certificate$/, "other.key");
    await refused(/^--tlsAuthorityKey: .*empty\.key has no unencrypted private key in PEM/, "empty.key");
    rmSync(file);
    await refused(/^--tlsAuthorityKey: .*ca\.key exists, but not its certificate .*ca\.pem\. Restore that file/);
    const old = await createAuthority(NOW - 11 * YEAR_MS);
    writeFileSync(file, old.certificate);
    writeFileSync(tlsAuthorityKey, old.key);
    await refused(/^--tlsAuthority: .*ca\.pem expired on /);
    const authority = await createAuthority(NOW);
    const server = await createServerCertificate(authority, ["localhost"], NOW);
    writeFileSync(file, server.certificate);
    writeFileSync(tlsAuthorityKey, server.key);
    await refused(/^--tlsAuthority: .*ca\.pem is not an authority$/);
  });

  it("that cannot be written is named", async () => {
    await expect(choose({ tlsAuthority: join(folderOf({}), "no", "ca.pem") })).rejects.toThrow(
      /^--tlsAuthority: .*ca\.pem cannot be written: its folder does not exist$/,
    );
  });
});

/** Makes a certificate with a key that is smaller than OpenSSL takes. */
async function smallCredentials(): Promise<Record<string, string>> {
  const { subtle } = webcrypto;
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  };
  const keys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const dates = { notBefore: new Date(NOW), notAfter: new Date(NOW + YEAR_MS) };
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: "CN=small.test", keys, signingAlgorithm: algorithm, ...dates },
    webcrypto,
  );
  const key = Buffer.from(await subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    "small.pem": certificate.toString("pem"),
    "small.key": `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

describe("an own certificate", () => {
  it("is served instead, and no authority is written", async () => {
    const own = await createServerCertificate(await createAuthority(NOW), ["own.test"], NOW);
    const folder = folderOf({ "own.pem": own.certificate, "own.key": own.key });
    const chosen = await choose({ tlsCert: join(folder, "own.pem"), tlsKey: join(folder, "own.key") });
    expect(chosen.certificate.subjectAltName).toBe("DNS:own.test");
    expect(chosen.key).toBe(own.key);
    expect(chosen.authority).toBeUndefined();
  });

  it("is refused with the setting's name if it or its key cannot be used", async () => {
    const [own, other] = await Promise.all(
      ["own.test", "other.test"].map(async (name) =>
        createServerCertificate(await createAuthority(NOW), [name], NOW - (name === "other.test" ? 2 * YEAR_MS : 0)),
      ),
    );
    const folder = folderOf({
      "own.pem": own?.certificate ?? "",
      "own.key": own?.key ?? "",
      "old.pem": other?.certificate ?? "",
      "old.key": other?.key ?? "",
      "text.pem": "no certificate",
      "damaged-chain.pem": `${own?.certificate ?? ""}-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n`,
      ...(await smallCredentials()),
    });
    const refused = async (cert: string | undefined, key: string | undefined, why: string, more: ConfigInput = {}) => {
      const path = (name: string | undefined) => (name === undefined ? undefined : join(folder, name));
      await expect(choose({ tlsCert: path(cert), tlsKey: path(key), ...more })).rejects.toThrow(why);
    };
    await refused("own.pem", undefined, "--tlsCert: needs its private key: add --tls-key FILE");
    await refused(undefined, "own.key", "--tlsKey: needs its certificate: add --tls-cert FILE");
    await refused("own.pem", "old.key", "old.key is not the key of the certificate");
    await refused("old.pem", "old.key", "old.pem expired on ");
    await refused("damaged-chain.pem", "own.key", "damaged-chain.pem cannot be used (bad base64 decode)");
    await refused("small.pem", "small.key", "small.pem cannot be used (ee key too small)");
    await refused("text.pem", "own.key", "text.pem has no certificate in PEM");
    await refused("own.pem", "text.pem", "text.pem has no unencrypted private key in PEM");
    await refused("none.pem", "own.key", "none.pem cannot be read (ENOENT)");
    await refused("own.pem", "own.key", "--tlsNames: names can be added only to", { tlsNames: "more.test" });
    await expect(listenForTest({ tlsCert: join(folder, "own.pem") })).rejects.toThrow(
      "tlsCert: is used only with --tls",
    );
  });
});
