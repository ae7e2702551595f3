/** Tests the three ways in which a client with a hard-coded vendor host reaches the emulator. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const CLIENT = path("hard-coded-host/client.ts");

/**
 * A script for a new network namespace, which has only a loopback device, with its own hosts file. The vendors' names
 * resolve to the emulator on the ports 80 and 443. $1 is the hosts file, $2 the authority, $3 the client.
 */
const BY_ALIAS = `
set -eu
ip link set lo up
mount --bind "$1" /etc/hosts
ready=$(mktemp -u); mkfifo "$ready"
node ${path("../../src/cli.ts")} --host 127.0.0.1 --port 80 --tls --tls-port 443 --tls-authority "$2" --timing instant --json > "$ready" 2>&1 &
read -r _ < "$ready"
rm "$ready"
NODE_EXTRA_CA_CERTS="$2" node "$3" && code=0 || code=$?
kill %1
exit $code
`;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "fauxgen-hosts-"));
  return () => {
    rmSync(scratch, { recursive: true });
  };
});

it("a client reaches the emulator by a host alias and a trusted authority", async () => {
  const hosts = join(scratch, "hosts");
  writeFileSync(hosts, `127.0.0.1 localhost ${vendors.map(({ realHosts }) => realHosts[0]).join(" ")}\n`);
  const args = ["--net", "--mount", "bash", "-c", BY_ALIAS, "by-alias", hosts, join(scratch, "ca.pem"), CLIENT];
  const { code, stdout, stderr } = await run("unshare", args, scratch);
  expect({ code, stdout }, `This needs unshare, ip and the rights to use them.\n${stderr}`).toEqual({
    code: 0,
    stdout: "COMPLETED https://api.sync.so video/mp4\n",
  });
});

it("a client reaches the emulator by the preload", async () => {
  const { url } = await listenForTest({ timing: "instant" });
  const args = [`FAUXGEN_URL=${url}`, process.execPath, "--import", path("../../src/intercept/preload.ts"), CLIENT];
  const { stdout, stderr } = await run("env", args, scratch);
  expect(stdout, stderr).toMatch(/^COMPLETED \S+ video\/mp4\n$/);
  expect(stderr).toContain(`fauxgen/intercept: api.sync.so -> ${url}`);
});

it("a client reaches the emulator by a base URL", async () => {
  const { url } = await listenForTest({ timing: "instant" });
  const { code, stdout, stderr } = await run("env", [`SYNC_BASE_URL=${url}`, process.execPath, CLIENT], scratch);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `COMPLETED ${url} video/mp4\n`, stderr: "" });
});
