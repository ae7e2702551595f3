/**
 * Tests that `fauxgen exec` runs a command beside a server and ends as the command ends, and tests `fauxgen
 * healthcheck`.
 */
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { join } from "node:path";
import { folderOf } from "../../support/folder.ts";
import { endOf, runCommand } from "../../support/command.ts";

const node = (script: string): string[] => ["--", process.execPath, "-e", script];

describe("fauxgen exec", () => {
  it("runs a command with a server in its environment, and exits with the command's code", async () => {
    const script = `
      const { FAUXGEN_URL, FAUXGEN_VIVIX_URL, FAUXGEN_VIVIX_KEY, BASE } = process.env;
      fetch(FAUXGEN_VIVIX_URL + "/api/v1/credits", { headers: { authorization: "Bearer " + FAUXGEN_VIVIX_KEY } })
        .then((answer) => console.log(answer.status, BASE === FAUXGEN_URL + "/api/v1"))
        .then(() => { process.exitCode = 7; });`;
    const { code, stdout, stderr } = await endOf(["exec", "--set", "BASE={vivix.url}/api/v1", ...node(script)]);
    expect({ code, stdout }).toEqual({ code: 7, stdout: "200 true\n" });
    // A command that fails is followed by what the server saw.
    expect(stderr).toMatch(
      /^\nsandbox default: clock running .*\n1 request:\n {2}1 \S+ GET \/api\/v1\/credits -> 200 \(by main\)\ncoverage: /,
    );
  });

  it("lets the command reach the server past the environment's proxy", async () => {
    const script = 'fetch(process.env.FAUXGEN_URL + "/_fauxgen/health").then(({ status }) => console.log(status))';
    const proxy = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9", NODE_USE_ENV_PROXY: "1" };
    expect(await endOf(["exec", ...node(script)], { env: proxy })).toMatchObject({ code: 0, stdout: "200\n" });
  });

  it("with --trust, the command trusts the authority of --tls", async () => {
    const authority = join(folderOf({}), "ca.pem");
    const script = `
      const { FAUXGEN_URL, NODE_EXTRA_CA_CERTS } = process.env;
      process.stdout.write(NODE_EXTRA_CA_CERTS + " " + require("node:fs").existsSync(NODE_EXTRA_CA_CERTS));`;
    const tls = ["--tls", "--tls-port", "0", "--tls-authority", authority];
    expect(await endOf(["exec", "--trust", ...tls, ...node(script)])).toMatchObject({ stdout: `${authority} true` });
    expect(await endOf(["exec", "--trust", ...node(script)])).toMatchObject({
      code: 2,
      stderr: "fauxgen: exec: --trust is used only with --tls\n",
    });
  });

  it("uses a free port unless a port is configured", async () => {
    const taken = createServer();
    taken.listen(0, "127.0.0.1");
    await once(taken, "listening");
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    expect(await endOf(["exec", ...node("")], { env: { FAUXGEN_CONTROL: "open" } })).toMatchObject({ code: 0 });
    const { code, stderr } = await endOf(["exec", ...node("")], { env: { FAUXGEN_PORT: String(port) } });
    expect(code).toBe(1);
    expect(stderr).toContain(`:${port} is in use`);
  });

  it("passes signals to the command, and exits with its exit code", async () => {
    const script = `
      process.on("SIGTERM", () => process.exit(3));
      setInterval(() => undefined, 1000);
      console.log("waiting");`;
    const command = runCommand(["exec", ...node(script)]);
    await command.firstLine();
    command.child.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ code: 3 });
  });

  it("exits with 128 and the number of the signal that ended the command", async () => {
    expect(await endOf(["exec", ...node("process.kill(process.pid, 'SIGKILL')")])).toMatchObject({ code: 137 });
  });

  it("names a command that is not found, in one line", async () => {
    expect(await endOf(["exec", "--", "no-such-command"])).toMatchObject({
      code: 127,
      stderr: "fauxgen: exec: command not found: no-such-command\n",
    });
  });
});

describe("fauxgen healthcheck", () => {
  it("exits with 0 if the configured server is ready, and with 1 and one line if it is not running", async () => {
    const server = runCommand(["--port", "0", "--json"]);
    const { port } = JSON.parse(await server.firstLine()) as { port: number };
    const env = { FAUXGEN_PORT: String(port), FAUXGEN_HOST: "0.0.0.0" };
    expect(await endOf(["healthcheck"], { env })).toMatchObject({ code: 0, stdout: "", stderr: "" });
    server.child.kill("SIGTERM");
    await server.ended;
    expect(await endOf(["healthcheck"], { env })).toMatchObject({
      code: 1,
      stderr: `fauxgen: not healthy: 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n`,
    });
  });
});
