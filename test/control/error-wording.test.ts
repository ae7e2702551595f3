/** Tests that control answers each mistake with the field at fault and a fix. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf } from "../support/acme.ts";
import { control } from "../support/control.ts";

type Mistake = readonly [method: "GET" | "POST" | "PUT", path: string, body: object | undefined, words: string];

const mistakes: readonly Mistake[] = [
  [
    "POST",
    "clock/advance",
    { by: "2 minutes" },
    'body.by is "2 minutes", not a duration; write 1500ms, 30s, 2m, 1h or a number of milliseconds',
  ],
  ["POST", "clock/advance", { by: -5 }, "body.by is -5; give at least 0"],
  ["POST", "clock/advance", {}, "body: give by or to"],
  ["POST", "clock/advance", undefined, "body is missing; give an object"],
  ["POST", "clock/advance", { by: "1s", to: 5 }, "body.to: cannot be combined with by"],
  ["PUT", "clock", { mode: "frozn" }, 'body.mode is "frozn"; give running or frozen. Did you mean frozen?'],
  [
    "PUT",
    "",
    { timing: "instnat" },
    'body.timing is "instnat"; give fast, instant, realistic or an object. Did you mean instant?',
  ],
  ["PUT", "", { timing: { queud: "1s" } }, "body.timing.queud: there is no such field. Did you mean queued?"],
  ["PUT", "", { timng: "instant" }, "body.timng: there is no such field. Did you mean timing?"],
  ["PUT", "", { scenario: "fial" }, 'body.scenario: no scenario "fial". Did you mean fail?'],
  ["PUT", "", { scenario: "fail=smuged" }, 'body.scenario: no code "smuged". Did you mean smudged?'],
  [
    "PUT",
    "",
    { progression: { poll: 3 } },
    "body.progression.poll: there is no such field. Did you mean polls or hold?",
  ],
  [
    "PUT",
    "",
    { accounts: { main: { vendors: { acme: { plan: "basik" } } } } },
    'body.accounts.main.vendors.acme.plan is "basik"; give none, basic or full. Did you mean basic?',
  ],
  [
    "PUT",
    "",
    { scenarios: { slow: { extends: "succed" } } },
    'body.scenarios.slow.extends: no scenario "succed". Did you mean succeed?',
  ],
  [
    "POST",
    "rules",
    { fault: { kind: "SLOWBODY" } },
    'body.fault.kind is "SLOWBODY"; give CONNECTION_RESET_BY_PEER, EMPTY_RESPONSE, NEVER_ANSWER, MALFORMED_RESPONSE_CHUNK, TRUNCATED_BODY, WRONG_CONTENT_LENGTH, SLOW_BODY, CLOSE_AFTER_ANSWER or IGNORE_RANGE. Did you mean SLOW_BODY?',
  ],
  ["POST", "rules", { fault: { stauts: 500 } }, "body.fault.stauts: there is no such field. Did you mean status?"],
  ["POST", "rules", { fault: { status: 99 } }, "body.fault.status is 99; give at least 200"],
  [
    "POST",
    "rules",
    { fault: { error: "slow_dwn" } },
    'body.fault.error: no error code "slow_dwn". Did you mean slow_down?',
  ],
  [
    "POST",
    "rules",
    { when: { vendr: "acme" }, scenario: "fail" },
    "body.when.vendr: there is no such field. Did you mean vendor?",
  ],
  [
    "POST",
    "rules",
    { when: { path: { regex: "x" } }, scenario: "fail" },
    "body.when.path.regex is not a valid name here: operators begin with $, as $regex does",
  ],
  ["POST", "rules", { scenario: "fail", times: "once" }, 'body.times is "once"; give a number'],
  [
    "PUT",
    "scenarios/slow",
    { outputs: [{ result: "suceeded" }] },
    'body.outputs.0.result is "suceeded"; give succeeded, failed or censored. Did you mean succeeded?',
  ],
  ["POST", "generations", {}, "body.vendor is missing; give a text"],
  [
    "POST",
    "generations",
    { vendor: "acme", account: "mian" },
    'body.account: no account "mian" in this sandbox. Did you mean main? PUT accounts/mian creates it, and so does the first request with its key.',
  ],
  [
    "POST",
    "requests/verify",
    { method: "PSOT", count: "never" },
    'body.method: no HTTP method "PSOT". Did you mean POST?',
  ],
  [
    "POST",
    "requests/verify",
    { path: "/acme/jbos", count: "never" },
    'body.path: no route has the path "/acme/jbos". Did you mean /acme/jobs? Write {"$eq": "/acme/jbos"} if you mean this path.',
  ],
  ["POST", "requests/verify", { path: "/acme/jobs", method: "DELETE" }, "body.method: /acme/jobs takes POST."],
  [
    "POST",
    "requests/verify",
    { count: "nver" },
    'body.count is "nver"; give never, a number or an object. Did you mean never?',
  ],
  [
    "POST",
    "requests/verify",
    { count: { atleast: 1 } },
    "body.count.atleast: there is no such field. Did you mean atLeast?",
  ],
  ["POST", "requests/verify", { count: { atLeast: 3, atMost: 1 } }, "body.count: atLeast is more than atMost"],
  ["POST", "requests/sequence", { steps: [] }, "body.steps: give at least 1 item"],
  ["GET", "generations?vendor=acne", undefined, 'query.vendor: no vendor "acne". Did you mean acme?'],
  [
    "GET",
    "generations?phase=succeded",
    undefined,
    'query.phase is "succeded"; give queued, processing, succeeded, failed, rejected or cancelled. Did you mean succeeded?',
  ],
  ["GET", "generations?phas=failed", undefined, "query.phas: there is no such field. Did you mean phase?"],
  [
    "GET",
    "requests?operation=getCredit",
    undefined,
    'query.operation: no operation "getCredit". Did you mean getCredits?',
  ],
  [
    "GET",
    "requests?path=/acme/jbos",
    undefined,
    'query.path: no route has the path "/acme/jbos". Did you mean /acme/jobs?',
  ],
  ["GET", "waiters?vendor=blot", undefined, 'query.vendor: no vendor "blot". Did you mean bolt?'],
  [
    "GET",
    "events?kinds=request.arived",
    undefined,
    'query.kinds: no kind of event "request.arived". Did you mean request.arrived?',
  ],
  [
    "GET",
    "webhooks/deliveries?account=mian",
    undefined,
    'query.account: no account "mian" in this sandbox. Did you mean main? PUT accounts/mian creates it, and so does the first request with its key.',
  ],
];

describe("a mistake", () => {
  it.each(mistakes)("in %s %s %j gets a problem with the field and the fix", async (method, path, body, words) => {
    const world = await buildAcmeWorld();
    const answer = await control(world.app, method, path === "" ? "sandboxes/world" : `sandboxes/world/${path}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toBe(words);
    // A program finds the field without parsing the words.
    const fields = (answer.body.errors ?? [answer.body]).map(({ field }: { field: string }) => field);
    expect(fields).toEqual([words.split(/:? /)[0]?.replace(/:$/, "")]);
  });

  it("in several fields gets an error per field, each with the nearest names", async () => {
    const world = await buildAcmeWorld();
    const { body } = await control(world.app, "PUT", "sandboxes/world", { timing: "fsat", clock: { mode: "frozn" } });
    expect(body.errors).toEqual([
      {
        field: "body.clock.mode",
        message: 'is "frozn"; give running or frozen. Did you mean frozen?',
        nearest: ["frozen"],
      },
      {
        field: "body.timing",
        message: 'is "fsat"; give fast, instant, realistic or an object. Did you mean fast?',
        nearest: ["fast"],
      },
    ]);
  });

  it("is not assumed for a path that the journal has, because apps may request unknown paths", async () => {
    const world = await buildAcmeWorld();
    await world.app.inject({ method: "GET", url: "/acme/jbos", headers: headersOf("world") });
    const found = await control(world.app, "POST", "sandboxes/world/requests/verify", {
      path: "/acme/jbos",
      count: 1,
    });
    expect(found.status).toBe(200);
  });
});
