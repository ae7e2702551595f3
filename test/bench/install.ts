/**
 * What it takes to install fauxgen beside its peers: packages and megabytes in a project of its own.
 *
 *   node test/bench/install.ts        a table for docs/containers.md
 *
 * Asks the registry for a dozen packages, so it is run by hand. Install scripts are not run: no browser, no binary.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack, run } from "../package/packed.ts";

const PEERS = [
  "@copilotkit/aimock@1.43.0",
  "wiremock@3.13.2",
  "json-server",
  "@stoplight/prism-cli",
  "@mockoon/cli",
  "emulate@0.12.2",
];

interface Installed {
  readonly name: string;
  readonly version: string;
  readonly packages: number;
  readonly megabytes: number;
}

async function install(folder: string, spec: string): Promise<Installed> {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}");
  const { code, stderr } = await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", spec], folder);
  if (code !== 0) throw new Error(`${spec} could not be installed:\n${stderr}`);
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const [name = spec] = Object.keys(dependencies);
  const { packages } = JSON.parse(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  const { stdout } = await run("du", ["-sk", "node_modules"], folder);
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  return {
    name,
    version,
    packages: Object.keys(packages).length,
    megabytes: Math.round(Number.parseInt(stdout, 10) / 102.4) / 10,
  };
}

const packed = await pack();
try {
  process.stdout.write("| package | version | packages | MB on disk |\n| --- | --- | ---: | ---: |\n");
  for (const [index, spec] of [packed.tarball, ...PEERS].entries()) {
    const { name, version, packages, megabytes } = await install(join(packed.scratch, String(index)), spec);
    process.stdout.write(`| ${name} | ${version} | ${packages} | ${megabytes.toFixed(1)} |\n`);
  }
} finally {
  packed.remove();
}
