/** Tests how findings are shown, explained, and judged in another way. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingIds, findingKinds } from "../../../src/control/conduct/finding-kinds.ts";
import { postGeneration } from "../../support/acme.ts";
import { buildConductWorld } from "./conduct-world.ts";

const reuse = async (world: Awaited<ReturnType<typeof buildConductWorld>>): Promise<void> => {
  const headers = { "idempotency-key": "k1" };
  await postGeneration(world, { prompt: "a bridge" }, { headers });
  await postGeneration(world, { prompt: "a road" }, { headers });
};

describe("the conduct of clients", () => {
  it("is shown as text with the fix of each finding", async () => {
    const world = await buildConductWorld();
    await reuse(world);
    const text = await world.app.inject({ method: "GET", url: "/_fauxgen/sandboxes/world/conduct?format=text" });
    expect(text.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(text.body).toBe(
      [
        "sandbox world: 1 finding about the conduct of its clients",
        "  error acme idempotency-key-reused: Requests 1 and 2 have one idempotency-key and different bodies.",
        "    fix: Make a new key for each job, and keep it for the repetitions of that job only.",
        "    see: request 1, 2; /_fauxgen/conduct/idempotency-key-reused",
        "",
      ].join("\n"),
    );
  });

  it("has no findings in a sandbox without requests", async () => {
    const world = await buildConductWorld();
    expect(await world.judge()).toEqual({ sandbox: "world", findings: [], evicted: 0 });
  });

  it("says how many requests had left the journal", async () => {
    const world = await buildConductWorld({}, { journalEntries: "2" });
    for (let sent = 0; sent < 5; sent += 1) await world.ask({ method: "GET", url: "/acme/credits" });
    expect(await world.judge()).toMatchObject({ evicted: 3 });
  });

  it("leaves out a finding that the sandbox ignores, and shows the reason of another severity", async () => {
    const ignored = await buildConductWorld({
      conduct: { "idempotency-key-reused": { severity: "ignore", reason: "known" } },
    });
    await reuse(ignored);
    expect(await ignored.found()).toEqual([]);
    const softened = await buildConductWorld({
      conduct: { "idempotency-key-reused": { severity: "note", reason: "known" } },
    });
    await reuse(softened);
    expect(await softened.finding("idempotency-key-reused")).toMatchObject({ severity: "note", because: "known" });
  });

  it("refuses a document with an unknown finding, and names the nearest", async () => {
    const world = await buildConductWorld();
    const refused = await world.app.inject({
      method: "PUT",
      url: "/_fauxgen/sandboxes/world",
      payload: { conduct: { "poll-too-often": { severity: "ignore", reason: "known" } } },
    });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ code: "unknown-name", field: "body.conduct.poll-too-often" });
    expect(refused.body).toContain("polls-too-often");
  });

  it.each(findingIds)("explains %s on a page of its own", async (id) => {
    const world = await buildConductWorld();
    const page = await world.app.inject({ method: "GET", url: `/_fauxgen/conduct/${id}` });
    expect(page.json()).toMatchObject({ id, rule: expect.stringMatching(/\.$/), fix: expect.stringMatching(/\.$/) });
  });
});

it("docs/conduct.md has the rule and the severity of each finding", () => {
  const page = readFileSync(new URL("../../../docs/conduct.md", import.meta.url), "utf8").replace(/ +/g, " ");
  for (const id of findingIds)
    expect(page).toContain(`| \`${id}\` | ${findingKinds[id].severity} | ${findingKinds[id].rule} |`);
});
