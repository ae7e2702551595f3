/**
 * Serves HTTPS beside HTTP, for clients that use the vendors' host names and require TLS. Each start creates a local
 * authority; its certificate is written to a file that the user chooses, and its key never leaves memory.
 */
// The certificate library needs this import, before its own.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { writeFile } from "node:fs/promises";
import https from "node:https";
import { isIP, type AddressInfo, type Socket } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { FastifyInstance } from "fastify";
import type { Instant } from "./engine/base/clock.ts";
import type { TransportOptions } from "./http/server/transport.ts";
import { refuseUnreadable } from "./http/server/unreadable.ts";
import { realHosts } from "./vendors/real-hosts.ts";

const KEYS = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR_MS = 3_600_000;
/** Clients refuse certificates that are valid for more than 398 days. */
const VALID_MS = 397 * 24 * HOUR_MS;

export interface Certificates {
  /** The authority's certificate, which clients must trust. PEM. */
  readonly authority: string;
  readonly certificate: string;
  /** Private key of the server's certificate. PEM. */
  readonly key: string;
}

/** Creates an authority and a certificate for the vendors' hosts, this machine's own names, and `hosts`. */
export async function createCertificates(now: Instant, hosts: readonly string[] = []): Promise<Certificates> {
  const { subtle } = webcrypto;
  // The certificates are valid from an hour ago, so that a client whose clock is slow accepts them.
  const validity = { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + VALID_MS) };
  const [authorityKeys, serverKeys] = await Promise.all([
    subtle.generateKey(KEYS, true, ["sign", "verify"]),
    subtle.generateKey(KEYS, true, ["sign", "verify"]),
  ]);
  const authorityName = "CN=fauxgen local authority";
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: "01",
      name: authorityName,
      keys: authorityKeys,
      signingAlgorithm: KEYS,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
      ...validity,
    },
    webcrypto,
  );
  const names = [...Object.values(realHosts).flat(), "localhost", "127.0.0.1", "::1", ...hosts];
  const server = await X509CertificateGenerator.create(
    {
      serialNumber: "02",
      subject: "CN=fauxgen",
      issuer: authorityName,
      publicKey: serverKeys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: KEYS,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) > 0 ? "ip" : "dns", value }))),
      ],
      ...validity,
    },
    webcrypto,
  );
  const key = Buffer.from(await subtle.exportKey("pkcs8", serverKeys.privateKey)).toString("base64");
  return {
    authority: authority.toString("pem"),
    certificate: server.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

export interface TlsOptions {
  readonly host: string;
  readonly port: number;
  /** Where the authority's certificate is written. */
  readonly authorityFile: string;
  readonly backlog: number;
  readonly transport: TransportOptions;
  readonly now: Instant;
}

export interface TlsListener {
  /** Creates the certificates, writes the authority's, listens, and returns the port. Call it once the app listens. */
  readonly listen: () => Promise<number>;
}

/** Adds an HTTPS listener that closes with the app. Call it before the app is ready, because it adds closing hooks. */
export function addTlsListener(app: FastifyInstance, options: TlsOptions): TlsListener {
  const { host, port, backlog, transport, authorityFile, now } = options;
  const server = https.createServer({ ...transport }, (request, response) => {
    app.routing(request, response);
  });
  server.on("clientError", refuseUnreadable);
  const sockets = new Set<Socket>();
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  app.addHook("preClose", (done) => {
    server.close();
    server.closeIdleConnections();
    done();
  });
  // Held requests have been answered by now; the remaining connections are cut.
  app.addHook("onClose", (_instance, done) => {
    for (const socket of sockets) socket.destroy();
    done();
  });
  return {
    listen: async () => {
      const { authority, certificate, key } = await createCertificates(
        now,
        ["0.0.0.0", "::"].includes(host) ? [] : [host],
      );
      await writeFile(authorityFile, authority);
      server.setSecureContext({ key, cert: certificate });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host, port, backlog }, resolve);
      });
      return (server.address() as AddressInfo).port;
    },
  };
}
