/** Installs the packages of a run, fauxgen and its peers, into temporary folders. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/run.ts";

export interface Installed {
  /** The folder whose `node_modules` contains the package. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** The number of installed packages, including this one. */
  readonly packages: number;
  readonly megabytes: number;
}

/** Installs a package (`name@version` or a tarball) into a new folder, without install scripts. */
export async function install(folder: string, spec: string): Promise<Installed> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  const { code, stderr } = await run("npm", ["install", ...options, spec], folder);
  const complaint = stderr.split("\n").filter((line) => !line.startsWith("npm warn"));
  if (code !== 0) throw new Error(`npm could not install ${spec}: ${complaint.join(" ")}`);
  const [name = spec] = Object.keys(
    readJson<{ dependencies: Record<string, string> }>(folder, "package.json").dependencies,
  );
  const lock = readJson<{ packages: Record<string, unknown> }>(folder, "node_modules/.package-lock.json");
  // Packages for other platforms are in the lock file but not in the folder.
  const packages = Object.keys(lock.packages).filter((path) => existsSync(join(folder, path))).length;
  const { stdout } = await run("du", ["-sk", "node_modules"], folder);
  const { version } = readJson<{ version: string }>(folder, `node_modules/${name}/package.json`);
  return { folder, name, version, packages, megabytes: Number.parseInt(stdout, 10) / 1024 };
}

function readJson<Json>(folder: string, file: string): Json {
  return JSON.parse(readFileSync(join(folder, file), "utf8")) as Json;
}
