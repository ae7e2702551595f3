/**
 * Chooses the certificate of the HTTPS listener: the user's own, or one that is signed by a local authority. An
 * authority is made at every start and its key stays in memory, unless `--tls-authority-key` names a file to keep it.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { ConfigError, nameAsWritten, type Config, type SettingName } from "../config.ts";
import type { Instant } from "../engine/base/clock.ts";
import { realHosts } from "../vendors/real-hosts.ts";
import {
  createAuthority,
  createServerCertificate,
  flawOfCredentials,
  isAuthority,
  type Credentials,
} from "./certificates.ts";

/** Names of this machine, for which every certificate is valid. */
const OWN_NAMES = ["localhost", "127.0.0.1", "::1"] as const;

/**
 * Returns the listener's certificate and key. Writes the authority's certificate for clients to trust, unless the user
 * has a certificate. Throws {@link ConfigError} for files that cannot be used.
 */
export async function chooseCredentials(config: Config, now: Instant): Promise<Credentials> {
  const own = await readOwn(config, now);
  if (own !== undefined) return own;
  const authority = await authorityFor(config, now);
  const listening = ["0.0.0.0", "::"].includes(config.host) ? [] : [config.host.replace(/%.*$/, "")];
  const names = new Set([...Object.values(realHosts).flat(), ...OWN_NAMES, ...listening, ...config.tlsNames]);
  return createServerCertificate(authority, [...names], now);
}

/** Reads the user's own certificate and key; returns undefined if there are none. */
async function readOwn(config: Config, now: Instant): Promise<Credentials | undefined> {
  const { tlsCert, tlsKey } = config;
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsKey === undefined) throw unusable(config, "tlsCert", "needs its private key: add --tls-key FILE");
  if (tlsCert === undefined) throw unusable(config, "tlsKey", "needs its certificate: add --tls-cert FILE");
  if (config.tlsNames.length > 0)
    throw unusable(
      config,
      "tlsNames",
      "names can be added only to a certificate that fauxgen makes, without --tls-cert",
    );
  const own = {
    certificate: await read(config, "tlsCert", tlsCert),
    key: await read(config, "tlsKey", tlsKey),
  };
  refuseFlaws(config, own, { certificate: ["tlsCert", tlsCert], key: ["tlsKey", tlsKey] }, now);
  return own;
}

/** Returns the kept authority, or makes one; its certificate is in the file that clients trust. */
async function authorityFor(config: Config, now: Instant): Promise<Credentials> {
  const { tlsAuthority, tlsAuthorityKey } = config;
  if (tlsAuthorityKey !== undefined && existsSync(tlsAuthorityKey)) {
    if (!existsSync(tlsAuthority))
      throw unusable(
        config,
        "tlsAuthorityKey",
        `${tlsAuthorityKey} exists, but not its certificate ${tlsAuthority}. Restore that file, or remove the key to make a new authority`,
      );
    const kept = {
      certificate: await read(config, "tlsAuthority", tlsAuthority),
      key: await read(config, "tlsAuthorityKey", tlsAuthorityKey),
    };
    const files = { certificate: ["tlsAuthority", tlsAuthority], key: ["tlsAuthorityKey", tlsAuthorityKey] } as const;
    refuseFlaws(config, kept, files, now);
    if (!isAuthority(kept.certificate)) throw unusable(config, "tlsAuthority", `${tlsAuthority} is not an authority`);
    return kept;
  }
  const made = await createAuthority(now);
  await write(config, "tlsAuthority", made.certificate);
  if (tlsAuthorityKey !== undefined) await write(config, "tlsAuthorityKey", made.key);
  return made;
}

type Files = Readonly<Record<keyof Credentials, readonly [setting: SettingName, file: string]>>;

function refuseFlaws(config: Config, credentials: Credentials, files: Files, now: Instant): void {
  const flaw = flawOfCredentials(credentials, now);
  if (flaw === undefined) return;
  const [setting, file] = files[flaw.of];
  throw unusable(config, setting, `${file} ${flaw.why}`);
}

async function read(config: Config, setting: SettingName, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unusable(config, setting, `${file} cannot be read (${codeOf(error)})`);
  }
}

async function write(config: Config, setting: "tlsAuthority" | "tlsAuthorityKey", text: string): Promise<void> {
  const file = config[setting] ?? "";
  try {
    // A program with the key can pose as any host to the clients that trust the authority.
    await writeFile(file, text, { mode: setting === "tlsAuthorityKey" ? 0o600 : 0o644 });
  } catch (error) {
    throw unusable(
      config,
      setting,
      `${file} cannot be written${codeOf(error) === "ENOENT" ? ": its folder does not exist" : ` (${codeOf(error)})`}`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function unusable(config: Config, setting: SettingName, why: string): ConfigError {
  return new ConfigError(`${nameAsWritten(config, setting)}: ${why}`);
}
