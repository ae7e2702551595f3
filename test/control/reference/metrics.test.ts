/** Tests `/metrics`: scrapes it over a socket and parses each line as Prometheus does. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp, headersOf, listenWithAcme, picture, postGenerationTo } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

/** Matches a number as Go parses it, which accepts NaN in any case. */
const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*)\})? ([Nn]a[Nn]|[+-]?(?:Inf|[\d.]+(?:e[+-]?\d+)?))$/;

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Returns the samples by metric name. Throws for a line outside the text format, or a metric without a type. */
function parse(text: string): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>();
  const types = new Set<string>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const type = /^# TYPE (\S+) (?:counter|gauge|histogram|summary)$/.exec(line)?.[1];
    if (type !== undefined) types.add(type);
    if (line.startsWith("# HELP ") || type !== undefined) continue;
    const [, name, labels = "", value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`no sample: ${line}`);
    if (!types.has(name) && !types.has(name.replace(/_(?:bucket|sum|count)$/, ""))) throw new Error(`no type: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text] as const);
    const known = samples.get(name) ?? [];
    samples.set(name, [
      ...known,
      { labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) },
    ]);
  }
  return samples;
}

const scrape = async (url: string): Promise<Map<string, Sample[]>> => {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  return parse(await response.text());
};

describe("a scrape", () => {
  it.each(["/metrics", "/_fauxgen/metrics"])("of %s counts requests, generations and sandboxes", async (path) => {
    const { url } = await listenWithAcme();
    await fetch(`${url}/_fauxgen/sandboxes/seen`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ clock: { mode: "frozen" } }),
    });
    const headers = headersOf("seen");
    const created = await postGenerationTo(url, headers);
    const { id } = (await created.json()) as { id: string };
    for (let read = 0; read < 3; read += 1) await fetch(`${url}/acme/jobs/${id}`, { headers });
    await fetch(`${url}/acme/jobs/unknown`, { headers });
    await fetch(`${url}/acme/no/such/route`, { headers });
    const leave = new AbortController();
    const wait = fetch(`${url}/acme/jobs/${id}?wait=true`, { headers, signal: leave.signal });
    await fetch(`${url}/_fauxgen/sandboxes/seen/waiters?count=1&within=5s`);

    const before = await scrape(`${url}${path}`);
    const of = (operation: string, status: string): number | undefined =>
      before
        .get("fauxgen_requests_total")
        ?.find(({ labels }) => labels.vendor === "acme" && labels.operation === operation && labels.status === status)
        ?.value;
    expect(of("createGeneration", "201")).toBe(1);
    expect(of("getGeneration", "200")).toBe(3);
    expect(of("getGeneration", "404")).toBe(1);
    expect(of("unknown", "404")).toBe(1);
    expect(before.get("fauxgen_held_requests")).toEqual([{ labels: {}, value: 1 }]);
    expect(before.get("fauxgen_sandboxes")).toEqual([{ labels: {}, value: 2 }]);
    expect(before.get("fauxgen_followers")).toEqual([{ labels: {}, value: 0 }]);
    expect(before.get("fauxgen_generations")).toEqual([{ labels: { vendor: "acme", phase: "queued" }, value: 1 }]);
    expect(before.get("fauxgen_deliveries")).toBeUndefined();
    expect(before.get("process_resident_memory_bytes")?.[0]?.value).toBeGreaterThan(1e6);
    for (const name of ["nodejs_eventloop_lag_p99_seconds", "nodejs_heap_size_used_bytes", "process_cpu_seconds_total"])
      expect(before.get(name)).toBeDefined();

    leave.abort();
    await wait.catch(() => undefined);
    await fetch(`${url}/_fauxgen/sandboxes/seen/waiters?count=0&within=5s`);
    await expect.poll(async () => (await scrape(`${url}${path}`)).get("fauxgen_held_requests")?.[0]?.value).toBe(0);
    const gone = (await scrape(`${url}${path}`)).get("fauxgen_requests_total");
    expect(gone?.find(({ labels }) => labels.status === "gone")?.value).toBe(1);
  });

  it("counts webhook deliveries by status", async () => {
    const { url } = await listenWithAcme({ webhooks: "collect", timing: "instant" });
    await postGenerationTo(url, headersOf("seen"), { ...picture, webhook: "http://127.0.0.1:9/hook" });
    await fetch(`${url}/_fauxgen/sandboxes/seen/webhooks/deliveries?count=1&within=5s`);
    expect((await scrape(`${url}/metrics`)).get("fauxgen_deliveries")).toEqual([
      { labels: { vendor: "acme", status: "collected" }, value: 1 },
    ]);
  });

  it.each(["/metrics", "/_fauxgen/metrics"])("of %s is refused without access to control", async (url) => {
    const app = await buildAcmeApp({ controlToken: "s3cret" });
    const ask = async (headers: Readonly<Record<string, string>>) =>
      app.inject({ method: "GET", url, remoteAddress: "8.8.8.8", headers });
    const refused = await ask({});
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: "unauthorized" });
    expect((await ask({ authorization: "Bearer s3cret" })).statusCode).toBe(200);
  });
});

it("names that clients make up do not create time series", async () => {
  const { url } = await listenWithAcme();
  const count = async (): Promise<number> =>
    (await scrape(`${url}/metrics`)).get("fauxgen_requests_total")?.length ?? 0;
  const ask = async (nth: number): Promise<void> => {
    const key = { authorization: `Bearer fx_made-up-${nth}_main`, "x-fauxgen-scenario": `made-up-${nth}` };
    for (const path of [`/acme/made-up-${nth}`, `/acme/jobs/made-up-${nth}`, `/_media/made-up-${nth}/acme/x.png`])
      await (await fetch(`${url}${path}`, { headers: key })).arrayBuffer();
    await (await fetch(`${url}/made-up-${nth}`, { method: "POST" })).arrayBuffer();
    await (await fetch(`${url}/bolt/tasks`, { headers: { "x-bolt-key": `made-up-${nth}` } })).arrayBuffer();
  };
  await ask(0);
  const before = await count();
  expect(before).toBeGreaterThan(2);
  for (let nth = 1; nth < 20; nth += 1) await ask(nth);
  expect(await count()).toBe(before);
});

it("only counters have names that end in _total, and every counter has", async () => {
  const { url } = await listenWithAcme();
  const text = await (await fetch(`${url}/metrics`)).text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type]) => ({ name, type }));
  expect(types.filter(({ name, type }) => name.endsWith("_total") !== (type === "counter"))).toEqual([]);
  const names = types.map(({ name }) => name);
  for (const named of ["requests_total", "held_requests", "generations", "deliveries"])
    expect(names).toContain(`fauxgen_${named}`);
  for (const named of ["nodejs_eventloop_lag_p99_seconds", "process_resident_memory_bytes"])
    expect(names).toContain(named);
});

it("the reference lists the metrics route", async () => {
  const app = await buildAcmeApp();
  const { body } = await control(app, "GET", "openapi/control.json");
  expect(Object.keys((body as { paths: object }).paths)).toContain("/_fauxgen/metrics");
});
