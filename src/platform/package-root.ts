/**
 * Finds the root of this package: the folder of its package.json, which also holds `fixtures/` and, once built,
 * `dist/`.
 */
import { findPackageJSON } from "node:module";
import { dirname, sep } from "node:path";

/** Ends with a separator. It is searched for, because built files and source files lie at different depths. */
export const packageRoot = `${dirname(findPackageJSON(".", import.meta.url) ?? import.meta.filename)}${sep}`;
