#!/usr/bin/env node
/**
 * Runs the command `fauxgen` after a check that Node.js is new enough. This file uses syntax that older versions can
 * read and imports nothing else before the check, because better-sqlite3 crashes on an old Node.js without a message.
 */
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`fauxgen needs Node.js 22.18 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
// SIGTERM does not end process 1 of a container without a handler. The server adds its own handler once it is ready.
if (process.pid === 1) {
  process.on("SIGTERM", () => {
    if (process.listenerCount("SIGTERM") === 1) process.exit(143);
  });
}
// The compile cache, in the system's temporary folder, halves the time to the first answer.
module.enableCompileCache();
void import("./cli/main.ts").then(({ main }) => main(process.argv.slice(2)));
