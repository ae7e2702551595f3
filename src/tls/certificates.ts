/**
 * Makes certificates: an authority, and a server's certificate that it signs. They have every extension that strict
 * verifiers ask for [RFC 5280]: key identifiers, criticality, and key usages.
 */
// The certificate library needs this import, before its own.
import "reflect-metadata";
import { createPrivateKey, X509Certificate as Certificate, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Instant } from "../engine/base/clock.ts";

const KEYS = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR_MS = 3_600_000;
/** Clients refuse certificates of servers that are valid for more than 398 days. */
const SERVER_MS = 397 * 24 * HOUR_MS;
/** An authority is trusted once and may be kept, so it lives longer than the certificates that it signs. */
const AUTHORITY_MS = 10 * 365 * 24 * HOUR_MS;

/** A certificate with its private key, both in PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** Creates an authority. Its name is its own, so that a client may trust authorities of several starts. */
export async function createAuthority(now: Instant): Promise<Credentials> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const serialNumber = randomSerial();
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber,
      name: `CN=fauxgen local authority ${serialNumber.slice(0, 8)}`,
      keys,
      signingAlgorithm: KEYS,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
      ...validity(now, AUTHORITY_MS),
    },
    webcrypto,
  );
  return { certificate: `${authority.toString("pem")}\n`, key: await exportKey(keys.privateKey) };
}

/** Creates a server's certificate for these host names and addresses, signed by the authority. */
export async function createServerCertificate(
  authority: Credentials,
  names: readonly string[],
  now: Instant,
): Promise<Credentials> {
  const { subtle } = webcrypto;
  const issuer = new X509Certificate(authority.certificate);
  const der = createPrivateKey(authority.key).export({ type: "pkcs8", format: "der" });
  const signingKey = await subtle.importKey("pkcs8", new Uint8Array(der), KEYS, false, ["sign"]);
  const keys = await subtle.generateKey(KEYS, true, ["sign", "verify"]);
  const server = await X509CertificateGenerator.create(
    {
      serialNumber: randomSerial(),
      subject: "CN=fauxgen",
      issuer: issuer.subjectName,
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: KEYS,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) > 0 ? "ip" : "dns", value }))),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
      ],
      ...validity(now, SERVER_MS),
    },
    webcrypto,
  );
  return { certificate: `${server.toString("pem")}\n`, key: await exportKey(keys.privateKey) };
}

/** Returns why a certificate and a key cannot be used together at an instant; undefined if they can. */
export function flawOfCredentials({ certificate, key }: Credentials, now: Instant): CredentialFlaw | undefined {
  let parsed: Certificate;
  try {
    parsed = new Certificate(certificate);
  } catch {
    return { of: "certificate", why: "has no certificate in PEM (-----BEGIN CERTIFICATE-----)" };
  }
  let isOwn: boolean;
  try {
    isOwn = parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    return { of: "key", why: "has no unencrypted private key in PEM (-----BEGIN PRIVATE KEY-----)" };
  }
  if (!isOwn) return { of: "key", why: "is not the key of the certificate" };
  if (Date.parse(parsed.validTo) <= now) return { of: "certificate", why: `expired on ${parsed.validTo}` };
  return flawToOpenssl(certificate, key);
}

/** Returns why a server could not use these, such as a key that is too small, or a damaged certificate in the chain. */
function flawToOpenssl(cert: string, key: string): CredentialFlaw | undefined {
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error)
      .split("::")
      .slice(-1);
    return { of: "certificate", why: `cannot be used (${reason})` };
  }
}

export interface CredentialFlaw {
  readonly of: "certificate" | "key";
  readonly why: string;
}

/** Returns whether a certificate may sign others. */
export function isAuthority(certificate: string): boolean {
  return new Certificate(certificate).ca;
}

/** The certificates are valid from an hour ago, so that a client whose clock is slow accepts them. */
function validity(now: Instant, lastsMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + lastsMs) };
}

/** Returns 16 random bytes in hexadecimal: a client refuses two certificates of one issuer with the same number. */
function randomSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  // A serial number is a positive integer [RFC 5280, 4.1.2.2].
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const text = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${text.replaceAll(/.{64}(?=.)/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
}
