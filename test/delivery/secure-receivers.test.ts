/** Tests receivers on https with a real process, because Node reads the trusted authorities at its start. */
import { createServer } from "node:https";
import { createServer as createPlainServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWallClock } from "../../src/engine/base/clock.ts";
import { createAuthority, createServerCertificate } from "../../src/tls/certificates.ts";
import { runCommand } from "../support/command.ts";
import { verifySync } from "../support/verify-webhook.ts";
import { lipsync } from "../support/sync.ts";
import { folderOf } from "../support/folder.ts";
import { postJson } from "../support/requests.ts";

interface Told {
  readonly status: string;
  readonly attempts: readonly { readonly ending: string; readonly error?: { code: string; message: string } }[];
}

const now = createWallClock().now();
const issuer = await createAuthority(now);
const authority = issuer.certificate;
const { certificate, key } = await createServerCertificate(issuer, ["localhost", "127.0.0.1"], now);

async function listen<Listening extends Server>(server: Listening): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** Sends a webhook to `url` from a process that trusts `trusted`, and returns the attempts that it records. */
async function tell(url: string, trusted: string | undefined): Promise<Told> {
  const name = "authority.pem";
  const env = trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: join(folderOf({ [name]: trusted }), name) };
  const command = runCommand(["--port", "0", "--json"], { env });
  const started = JSON.parse(await command.firstLine()) as { url: string };
  const post = async (path: string, headers: Record<string, string>, body: unknown): Promise<void> => {
    const response = await postJson(`${started.url}${path}`, body, headers);
    expect(response.ok, await response.text()).toBe(true);
  };
  const sandbox = "/_fauxgen/sandboxes/default";
  await post(`${sandbox}/clock/freeze`, {}, {});
  await post("/v2/generate", { "x-api-key": "fx_default_main" }, { ...lipsync, webhookUrl: url });
  await post(`${sandbox}/clock/advance`, {}, { by: "1m" });
  const { items } = (await (await fetch(`${started.url}${sandbox}/webhooks/deliveries`)).json()) as { items: [Told] };
  return items[0];
}

/** Starts a receiver with a certificate for localhost; returns its port and the webhooks that it got. */
async function startSecureReceiver(): Promise<{ port: number; received: Parameters<typeof verifySync>[0][] }> {
  const received: Parameters<typeof verifySync>[0][] = [];
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.end();
    });
  });
  return { port: await listen(server), received };
}

describe("for a receiver on https,", () => {
  it("the webhook arrives if the receiver's authority is trusted", async () => {
    const { port, received } = await startSecureReceiver();
    const told = await tell(`https://localhost:${port}/hook`, authority);
    expect(told).toMatchObject({ status: "delivered", attempts: [{ ending: "answered" }] });
    expect(received.map((one) => verifySync(one).raw)).toEqual([true]);
    expect(received[0]?.headers.host).toBe(`localhost:${port}`);
  });

  it("the webhook does not arrive if the authority is unknown, and the attempts say what to do", async () => {
    const { port, received } = await startSecureReceiver();
    const { status, attempts } = await tell(`https://localhost:${port}/hook`, undefined);
    expect(status).toBe("failed");
    expect(attempts.map(({ ending }) => ending)).toEqual(Array.from({ length: 4 }, () => "unreachable"));
    expect(attempts[0]?.error).toMatchObject({
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(received).toEqual([]);
  });

  it("the webhook does not arrive if the certificate has another name", async () => {
    const { port, received } = await startSecureReceiver();
    const { attempts } = await tell(`https://app.localhost:${port}/hook`, authority);
    expect(attempts[0]?.error).toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
      message: expect.stringContaining("app.localhost"),
    });
    expect(received).toEqual([]);
  });

  it("the webhook does not arrive if the receiver does not use TLS, and the attempts say so", async () => {
    const port = await listen(createPlainServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    const { attempts } = await tell(`https://localhost:${port}/hook`, authority);
    expect(attempts[0]).toMatchObject({
      ending: "unreachable",
      error: { message: expect.stringContaining("Use http: in the URL.") },
    });
  });
});
