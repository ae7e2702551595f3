#!/usr/bin/env node
/**
 * The command `fauxgen`. This file checks that Node.js is new enough before it loads anything else, in syntax that
 * older versions can parse. Without the check, better-sqlite3 would crash on an old Node.js without an explanation.
 */
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`fauxgen needs Node.js 22.18 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
// The first process of a container ignores signals without a listener. The server adds a listener when it is ready.
if (process.pid === 1) {
  process.on("SIGTERM", () => {
    if (process.listenerCount("SIGTERM") === 1) process.exit(143);
  });
}
// Caches compiled code in the system's temporary folder, which halves the time to the first response.
module.enableCompileCache();
void import("./cli/main.ts").then(({ main }) => main(process.argv.slice(2)));
