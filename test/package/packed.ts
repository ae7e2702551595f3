/** Packs the package, and creates projects that install it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/run.ts";

/** The root folder of this repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** npm's summary of the packed package. */
interface PackSummary {
  readonly filename: string;
  /** The size of the tarball in bytes. */
  readonly size: number;
  /** The size of the files in the tarball in bytes. */
  readonly unpackedSize: number;
  readonly entryCount: number;
}

/** The package as it would be published. */
export interface Packed {
  readonly tarball: string;
  readonly summary: PackSummary;
  /** A folder for projects; each project needs a different name. */
  readonly scratch: string;
}

export interface RemovablePacked extends Packed {
  readonly remove: () => void;
}

/** Packs the package of a folder. The package's `prepack` script builds it first. */
export async function pack(folder = ROOT): Promise<RemovablePacked> {
  const scratch = mkdtempSync(join(tmpdir(), "fauxgen-package-"));
  const { code, stdout, stderr } = await run("npm", ["pack", "--json", "--pack-destination", scratch], folder);
  if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  const [packed] = JSON.parse(stdout.slice(stdout.lastIndexOf("\n[") + 1)) as PackSummary[];
  if (packed === undefined) throw new Error(`npm pack named no file:\n${stdout}`);
  return {
    tarball: join(scratch, packed.filename),
    summary: packed,
    scratch,
    remove: () => {
      rmSync(scratch, { recursive: true });
    },
  };
}

/** Returns the tsconfig.json of a project that is only type-checked. */
export function tsconfigOf(include: readonly string[]): string {
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    lib: ["es2024", "esnext.disposable"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  };
  return JSON.stringify({ compilerOptions, include });
}

/** Creates a project with these files, and installs the packed package and `others` from the registry. */
export async function makeProject(
  { tarball, scratch }: Packed,
  name: string,
  files: Readonly<Record<string, string>>,
  others: readonly string[] = [],
): Promise<string> {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball, ...others];
  const { code, stderr } = await run("npm", install, folder);
  if (code !== 0) throw new Error(`npm install failed:\n${stderr}`);
  return folder;
}
