/** Tests that event streams, waits and HEAD pass Debian's nginx and HAProxy with the settings of their packages. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectFauxgen } from "../../src/index.ts";
import { folderOf } from "../support/folder.ts";
import { listenForTest } from "../support/server.ts";

/** Longer than any proxy needs to pass an event on, and shorter than the wait for one that is collected. */
const AT_ONCE_MS = 10_000;

/** Returns the package's own settings, and names the package if it is missing. */
function packaged(file: string, debianPackage: string): string {
  if (!existsSync(file)) throw new Error(`This needs Debian's ${debianPackage}: apt-get install ${debianPackage}`);
  return readFileSync(file, "utf8");
}

const proxies = {
  /** Debian's nginx.conf; only its user, files and sites are replaced, because this is not the machine's own nginx. */
  nginx: (scratch: string, port: number, target: string) => {
    const own = packaged("/etc/nginx/nginx.conf", "nginx-light")
      .replace(/^user .*$/m, "daemon off;")
      .replaceAll(/\/var\/log\/nginx|\/run(?=\/nginx\.pid)/g, scratch)
      .replace(/^include \/etc\/nginx\/modules-enabled.*$/m, "")
      .replace(/^\s*include \/etc\/nginx\/conf\.d.*$/m, "")
      .replace(
        /include \/etc\/nginx\/sites-enabled.*$/m,
        `server { listen 127.0.0.1:${port}; location / { proxy_pass ${target}; } }`,
      );
    const file = join(scratch, "nginx.conf");
    writeFileSync(file, own);
    mkdirSync(join(scratch, "logs"));
    return ["/usr/sbin/nginx", "-p", scratch, "-c", file, "-e", join(scratch, "error.log")];
  },
  /** Debian's haproxy.cfg without what needs root, and with a frontend and a backend. */
  haproxy: (scratch: string, port: number, target: string) => {
    const own = packaged("/etc/haproxy/haproxy.cfg", "haproxy").replaceAll(
      /^\s*(?:chroot|stats|user|group|daemon|log\s+\/dev).*$/gm,
      "",
    );
    const file = join(scratch, "haproxy.cfg");
    const sites = `frontend own\n  bind 127.0.0.1:${port}\n  default_backend emulator\nbackend emulator\n  server only ${new URL(target).host}\n`;
    writeFileSync(file, `${own}\n${sites}`);
    return ["/usr/sbin/haproxy", "-db", "-q", "-f", file];
  },
} as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a proxy before a new server, and returns both origins. */
async function startBehind(name: keyof typeof proxies) {
  const server = await listenForTest();
  const scratch = folderOf({});
  const port = await freePort();
  const [program = "", ...args] = proxies[name](scratch, port, server.url);
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  await expect
    .poll(
      () => {
        if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
        return isListening(port);
      },
      { timeout: AT_ONCE_MS },
    )
    .toBe(true);
  return { server, origin: `http://127.0.0.1:${port}` };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

/** Follows a stream, and returns a function that reads until the text holds `wanted`. */
async function follow(url: string, headers: Record<string, string> = {}) {
  const goAway = new AbortController();
  onTestFinished(() => {
    goAway.abort();
  });
  const answer = await fetch(url, { headers, signal: goAway.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    status: answer.status,
    close: () => {
      goAway.abort();
    },
    until: async (wanted: string | RegExp): Promise<string> => {
      while (typeof wanted === "string" ? !text.includes(wanted) : !wanted.test(text)) {
        const part = await reader?.read();
        if (part?.done !== false) throw new Error(`The stream ended: ${text}`);
        text += part.value;
      }
      return text;
    },
  };
}

describe.each(["nginx", "haproxy"] as const)("behind %s", (name) => {
  it("control's events arrive as they happen, and a reader resumes after the last one that it saw", async () => {
    const { server, origin } = await startBehind(name);
    const sandbox = await (await connectFauxgen(server.url)).sandbox("proxied", { clock: { mode: "frozen" } });
    const url = `${origin}/_fauxgen/sandboxes/proxied/events?kinds=generation.`;
    const stream = await follow(url);
    const { id } = await sandbox.generations.create({ vendor: "vivix" });
    const seen = await stream.until(new RegExp(`"${id}".*\\n\\n`));
    stream.close();
    await sandbox.clock.advance("1h");
    const again = await follow(url, { "last-event-id": /^id: (.+)$/m.exec(seen)?.[1] ?? "" });
    const missed = await again.until(/"to":"succeeded".*\n\n/);
    expect(missed).not.toContain("events.lost");
    expect(missed).not.toContain("generation.created");
  });

  it("oxen's events arrive as they happen, a wait ends with its generation, and HEAD is answered", async () => {
    const { server, origin } = await startBehind(name);
    const sandbox = await (await connectFauxgen(server.url)).sandbox("proxied", { clock: { mode: "frozen" } });
    const stream = await follow(`${origin}/api/events`, { authorization: "Bearer fx_proxied_main" });
    expect(stream.status).toBe(200);
    const oxen = await sandbox.generations.create({ vendor: "oxen" });
    const sync = await sandbox.generations.create({ vendor: "sync" });
    const waiting = fetch(`${origin}/v2/generate/${sync.id}?wait=true`, {
      headers: { "x-api-key": "fx_proxied_main" },
    });
    await sandbox.waiters.atLeast(1);
    await sandbox.clock.advance("1h");
    expect(await (await waiting).json()).toMatchObject({ status: "COMPLETED" });
    expect(await stream.until(oxen.id)).toContain("event: media_generation_completed\n");
    for (const path of ["/_fauxgen/ready", "/v2/models"]) {
      const head = await fetch(`${origin}${path}`, { method: "HEAD", headers: { "x-api-key": "fx_proxied_main" } });
      expect({ path, status: head.status }).toEqual({ path, status: 200 });
    }
  });
});
