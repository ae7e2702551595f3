/** Tests that the emulator serves the vendors' real hosts over TLS with certificates of its local authority. */
import { readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { realHosts } from "../../src/vendors/real-hosts.ts";
import { listenForTest } from "../support/server.ts";
import { folderOf } from "../support/folder.ts";
import { headersOf, postGenerationTo } from "../support/vivix.ts";

async function listenWithTls() {
  const file = join(folderOf({}), "ca.pem");
  const server = await listenForTest({ tls: true, tlsPort: 0, tlsAuthority: file });
  return { server, authority: readFileSync(file, "utf8") };
}

/** Requests a path as a client whose `host` resolves to the emulator. */
function ask(
  tlsUrl: string | undefined,
  host: string,
  path: string,
  options: https.RequestOptions,
): Promise<{ status: number | undefined; body: string }> {
  const { port } = new URL(tlsUrl ?? "");
  return new Promise((resolve, reject) => {
    https
      .get(
        { host: "127.0.0.1", port, servername: host, path, headers: { host }, agent: false, ...options },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.once("end", () => {
            resolve({ status: response.statusCode, body });
          });
        },
      )
      .once("error", reject);
  });
}

describe("--tls", () => {
  it("serves every real host with a certificate that clients with the authority accept", async () => {
    const { server, authority } = await listenWithTls();
    for (const host of Object.values(realHosts).flat()) {
      expect(
        await ask(server.tlsUrl, host, "/_fauxgen/health", { ca: authority, headers: { host: "localhost" } }),
      ).toMatchObject({ status: 200 });
    }
    const { body } = await ask(server.tlsUrl, "api.sync.so", "/v2/models", { ca: authority });
    expect(JSON.parse(body)).toMatchObject({ statusCode: 401 });
  });

  it("is refused by clients that do not trust the authority or request another host", async () => {
    const { server, authority } = await listenWithTls();
    await expect(ask(server.tlsUrl, "api.sync.so", "/v2/models", {})).rejects.toThrow(/certificate/);
    await expect(ask(server.tlsUrl, "example.com", "/v2/models", { ca: authority })).rejects.toThrow(/altnames/);
  });

  it("builds media URLs with https, while HTTP also answers", async () => {
    const { server, authority } = await listenWithTls();
    const headers = headersOf("tls");
    const { id } = await createCompleted(server.url, headers);
    const read = await ask(server.tlsUrl, "vivix-atelier.vercel.app", `/api/v1/generations/${id}`, {
      ca: authority,
      headers: { ...headers, host: "vivix-atelier.vercel.app" },
    });
    expect(JSON.parse(read.body)).toMatchObject({
      output_url: expect.stringMatching(/^https:\/\/vivix-atelier\.vercel\.app\/_media\/tls\/vivix\//),
    });
    const plain = await fetch(`${server.url}/api/v1/generations/${id}`, { headers });
    expect(await plain.json()).toMatchObject({ output_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) });
  });
});

async function createCompleted(url: string, headers: Record<string, string>): Promise<{ id: string }> {
  await fetch(`${url}/_fauxgen/sandboxes/tls`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: '{"timing":"instant"}',
  });
  const created = await postGenerationTo(url, headers);
  return { id: ((await created.json()) as { generation_id: string }).generation_id };
}
