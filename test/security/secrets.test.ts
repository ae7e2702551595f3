/** Tests that a developer's own key is never shown, streamed or logged, wherever a client sends it. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startReceiver } from "../support/receiver.ts";
import { listenForTest } from "../support/server.ts";
import { sendRaw } from "../support/raw.ts";
import { postJson } from "../support/requests.ts";

const SECRET = "sk-live-0123456789abcdefghij";
const BODY = JSON.stringify({ model: "gpt-image-2", prompt: "a fox" });

describe("a literal key", () => {
  it.each([
    ["registered", true],
    ["unknown", false],
  ])("that is %s appears in no answer, stream or log", async (_what, isRegistered) => {
    let logged = "";
    const spy = vi.spyOn(process.stderr, "write").mockImplementation((part) => (logged += String(part)) !== "");
    onTestFinished(() => {
      spy.mockRestore();
    });
    const { url } = await listenForTest({ logLevel: "debug" });
    const control = `${url}/_fauxgen`;
    const json = { "content-type": "application/json" };
    const leave = new AbortController();
    let streamed = "";
    const stream = await fetch(`${control}/events`, { signal: leave.signal });
    const reading = (async () => {
      for await (const part of (stream.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
        streamed += String(part);
    })().catch(() => undefined);
    if (isRegistered) {
      const key = JSON.stringify({ key: SECRET });
      const made = await fetch(`${control}/sandboxes/default/accounts/main/keys`, {
        method: "POST",
        headers: json,
        body: key,
      });
      expect(made.status).toBe(201);
      expect(await made.text()).not.toContain(SECRET);
    }
    const headers = { ...json, authorization: `Bearer ${SECRET}`, "x-api-key": SECRET, cookie: `session=${SECRET}` };
    for (const [method, path] of [
      ["GET", "/v2/generations"],
      ["GET", `/v2/generations?api_key=${SECRET}`],
      ["GET", `/v2/no/such/route?a=b&x-api-key=${SECRET}&c=d`],
      ["POST", `/api/v1/generate?key=${SECRET}`],
      ["POST", "/api/ai/queue"],
      ["GET", `/pub/v1/assets?access_token=${SECRET}`],
      ["GET", `/nowhere?apikey=${SECRET}`],
      ["GET", `/_media/default/sync/x.png?authorization=${SECRET}`],
    ] as const)
      await (await fetch(`${url}${path}`, { method, headers, ...(method === "POST" && { body: BODY }) })).text();
    const shown: string[] = [];
    for (const path of [
      "sandboxes/default/requests?limit=1000",
      "sandboxes/default/report",
      "sandboxes/default/report?format=text",
      "sandboxes/default/bundle",
      "sandboxes/default/accounts",
      "sandboxes/default",
      "requests/unassigned",
    ])
      shown.push(await (await fetch(`${control}/${path}`)).text());
    const miss = { vendor: "sync", operation: "createGeneration", count: { exactly: 3 } };
    const verify = { method: "POST", headers: json, body: JSON.stringify(miss) };
    shown.push(await (await fetch(`${control}/sandboxes/default/requests/verify`, verify)).text());
    await expect.poll(() => streamed).toContain("request.finished");
    leave.abort();
    await reading;
    expect(shown.join("\n")).toContain("x-api-key=sk-l…ij&c=d");
    expect(logged).toContain("/v2/no/such/route");
    for (const text of [...shown, streamed, logged]) expect(text).not.toContain(SECRET.slice(4, -2));
  });
});

describe("a host name that points at this machine", () => {
  it.each(["rebound.evil.example", "169.254.169.254.nip.io", "localhost.evil.example", "127.0.0.1.evil.example"])(
    "such as %s does not open control",
    async (host) => {
      const { url, port } = await listenForTest();
      const ask = async (method: string, path: string, more = ""): Promise<string> =>
        sendRaw(url, `${method} ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\n${more}connection: close\r\n\r\n`);
      for (const [method, path] of [
        ["GET", "/_fauxgen/sandboxes"],
        ["POST", "/_fauxgen/sandboxes/default/reset"],
        ["GET", "/_fauxgen/events"],
        ["GET", "/metrics"],
        ["GET", "//_fauxgen/sandboxes"],
        ["GET", "/%5ffauxgen/sandboxes"],
      ] as const)
        expect(await ask(method, path), `${method} ${path}`).toMatch(/^HTTP\/1\.1 40[14] /);
      // The same with the matching origin, as a page of this host name would send it.
      const page = `origin: http://${host}:${port}\r\n`;
      expect(await ask("POST", "/_fauxgen/sandboxes/default/reset", page)).toMatch(/^HTTP\/1\.1 401 /);
    },
  );
});

it("the URLs of inputs are never fetched", async () => {
  const receiver = await startReceiver();
  const { url } = await listenForTest({ timing: "instant" });
  const file = `${receiver.url}/input.png`;
  const post = async (path: string, headers: Record<string, string>, body: unknown): Promise<number> =>
    (await postJson(`${url}${path}`, body, headers)).status;
  const sync = { "x-api-key": "fx_ssrf_main" };
  const input = [
    { type: "video", url: file },
    { type: "audio", url: file },
  ];
  expect(await post("/v2/generate", sync, { model: "lipsync-2", input })).toBe(201);
  expect(await post("/v2/assets", sync, { url: file, type: "VIDEO" })).toBeLessThan(500);
  const oxen = { authorization: "Bearer fx_ssrf_main" };
  expect(await post("/api/ai/queue", oxen, { model: "flux-3-image", prompt: "x", input_image: file })).toBe(200);
  const vivix = { authorization: "Bearer vvx_live_fx_ssrf_main" };
  const job = { model: "gpt-image-2", prompt: "x", image_url: file, input_image: file };
  expect(await post("/api/v1/generate", vivix, job)).toBeLessThan(500);
  const affogato = { "x-api-key": "fx_ssrf_main" };
  const element = { prompt: { positive: "x" }, aspect_ratio: "1:1", model: "JuggernautXL", image_url: file };
  expect(await post("/pub/v1/generations", affogato, [element])).toBeLessThan(500);
  await postJson(`${url}/_fauxgen/sandboxes/ssrf/clock/advance`, { by: "1m" });
  expect(receiver.received).toEqual([]);
});
