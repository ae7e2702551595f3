/** Packages installed for a run into folders that are thrown away: fauxgen as it would be published, and its peers. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/run.ts";

export interface Installed {
  /** Where it was installed, in `node_modules`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** All that came with it, itself included. */
  readonly packages: number;
  readonly megabytes: number;
}

/** Installs one package (`name@version` or a tarball) into a new folder. Install scripts are not run: no browser, no binary. */
export async function install(folder: string, spec: string): Promise<Installed> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  const { code, stderr } = await run("npm", ["install", ...options, spec], folder);
  const complaint = stderr.split("\n").filter((line) => !line.startsWith("npm warn"));
  if (code !== 0) throw new Error(`${spec} could not be installed: ${complaint.join(" ")}`);
  const [name = spec] = Object.keys(
    readJson<{ dependencies: Record<string, string> }>(folder, "package.json").dependencies,
  );
  const lock = readJson<{ packages: Record<string, unknown> }>(folder, "node_modules/.package-lock.json");
  // Packages for other platforms stand in the lock file and not in the folder.
  const packages = Object.keys(lock.packages).filter((path) => existsSync(join(folder, path))).length;
  const { stdout } = await run("du", ["-sk", "node_modules"], folder);
  const { version } = readJson<{ version: string }>(folder, `node_modules/${name}/package.json`);
  return { folder, name, version, packages, megabytes: Number.parseInt(stdout, 10) / 1024 };
}

function readJson<Json>(folder: string, file: string): Json {
  return JSON.parse(readFileSync(join(folder, file), "utf8")) as Json;
}
