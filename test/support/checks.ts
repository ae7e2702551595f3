/**
 * Runs the checks of the sources in parallel: `node test/support/checks.ts`. Prints the output of each failed check,
 * and exits with 1 if a check fails. A shell's `&` would lose the exit codes.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const CHECKS = ["tsc", "tsc -p src/board", "prettier --check --log-level warn .", "eslint .", "knip"];

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a check, and returns whether it passes. */
async function passes(check: string): Promise<boolean> {
  const [tool = "", ...args] = check.split(" ");
  const child = spawn(process.execPath, [`node_modules/.bin/${tool}`, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code === 0) return true;
  process.stderr.write(`${stdout}${stderr}\n${check}: failed with ${String(code)}\n`);
  return false;
}

const passed = await Promise.all(CHECKS.map(passes));
process.exitCode = passed.every(Boolean) ? 0 : 1;
