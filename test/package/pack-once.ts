/** Packs the package once for all test files of a run, which get it by `inject("packed")`. */
import type { TestProject } from "vitest/node";
import { pack, type Packed } from "./packed.ts";

declare module "vitest" {
  interface ProvidedContext {
    packed: Packed;
  }
}

export default async function packOnce(project: TestProject): Promise<() => void> {
  const { tarball, summary, scratch, remove } = await pack();
  project.provide("packed", { tarball, summary, scratch });
  return remove;
}
