#!/usr/bin/env node
/**
 * The command `fauxgen`. This file only checks that Node.js is new enough, in syntax that older ones can read, and
 * loads nothing else before it has: better-sqlite3 crashes on a Node.js that is too old instead of saying so.
 */
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`fauxgen needs Node.js 22.18 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
// The first process of a container is not ended by a signal that nobody listens to, as the server does once it is ready.
if (process.pid === 1) {
  process.on("SIGTERM", () => {
    if (process.listenerCount("SIGTERM") === 1) process.exit(143);
  });
}
// Compiled code is kept in the system's folder for temporary files: it halves the time to the first answer.
module.enableCompileCache();
void import("./cli/main.ts").then(({ main }) => main(process.argv.slice(2)));
