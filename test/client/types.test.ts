/**
 * Tests the types of the public API. The type check of `npm test` runs them: `expectTypeOf` asserts a type, and
 * `@ts-expect-error` fails the check if the line below it compiles.
 */
import { describe, expectTypeOf, it } from "vitest";
import type { FauxgenFixtures, it as fixtureIt, test as fixtureTest } from "../../src/client/vitest.ts";
import {
  connectFauxgen,
  startFauxgen,
  type FauxgenError,
  type AccountHandle,
  type Advanced,
  type Bundle,
  type ClockDocument,
  type ConnectOptions,
  type Delivery,
  type DeliveryDetail,
  type DeliveryMatch,
  type Duration,
  type Fauxgen,
  type Generation,
  type GenerationMatch,
  type HeldRequest,
  type JournalRequest,
  type NewGeneration,
  type Operation,
  type Phase,
  type RequestMatch,
  type Rule,
  type SandboxEvent,
  type SandboxHandle,
  type SandboxSettings,
  type Scenario,
  type StartOptions,
  type UnassignedRequest,
  type VendorAccess,
  type VendorName,
  type Verified,
  type VerifiedSequence,
  type WebhookEndpoint,
} from "../../src/index.ts";
import type { realHosts } from "../../src/vendors/real-hosts.ts";

/** Accepts a program for the compiler to check. */
function compiled(_program: (fauxgen: Fauxgen, sandbox: SandboxHandle) => unknown): void {
  // The program never runs, because it has no server.
}

describe("startFauxgen and connectFauxgen", () => {
  it("return a server that can be closed and disposed of", () => {
    expectTypeOf(startFauxgen).returns.resolves.toEqualTypeOf<Fauxgen>();
    expectTypeOf(connectFauxgen).returns.resolves.toEqualTypeOf<Fauxgen>();
    expectTypeOf<Fauxgen>().toExtend<AsyncDisposable>();
    expectTypeOf<Fauxgen["close"]>().toEqualTypeOf<() => Promise<void>>();
    expectTypeOf<Fauxgen["url"]>().toEqualTypeOf<string>();
  });

  it("need no options", () => {
    expectTypeOf(startFauxgen).toBeCallableWith();
    expectTypeOf(connectFauxgen).toBeCallableWith("http://emulator:4600");
  });

  it("accept settings by the names of the flags, with durations and sizes as text", () => {
    expectTypeOf({
      port: 4600,
      data: "renders.db",
      timing: "instant",
      sandboxTtl: "30m",
      uploadBytes: "64MiB",
      webhooks: "collect",
      explain: false,
      webhooksAllow: "hooks.example.com,*.example.org",
      vintages: { sync: "2026-11" },
      logLevel: undefined,
    } as const).toExtend<StartOptions>();
    expectTypeOf<StartOptions["port"]>().toEqualTypeOf<number | string | undefined>();
    expectTypeOf({ token: "secret", within: "10s" } as const).toExtend<ConnectOptions>();
    expectTypeOf({ token: undefined }).toExtend<ConnectOptions>();
  });

  it("refuse unknown settings and values", () => {
    compiled(() => [
      // @ts-expect-error: the setting is called `port`
      startFauxgen({ prot: 4600 }),
      // @ts-expect-error: there is no such mode
      startFauxgen({ webhooks: "drop" }),
      // @ts-expect-error: a switch is on or off
      startFauxgen({ explain: "yes" }),
      // @ts-expect-error: there is no such level
      startFauxgen({ logLevel: "loud" }),
      // @ts-expect-error: hosts are a list, or a text
      startFauxgen({ webhooksAllow: 8080 }),
      // @ts-expect-error: a server has a URL
      connectFauxgen(),
      // @ts-expect-error: a port is a setting of a server that is started
      connectFauxgen("http://emulator:4600", { port: 4600 }),
    ]);
  });
});

describe("a server", () => {
  it("returns handles of sandboxes", () => {
    expectTypeOf<Fauxgen["sandbox"]>().parameter(0).toEqualTypeOf<string>();
    expectTypeOf<Fauxgen["sandbox"]>().parameter(1).toEqualTypeOf<SandboxSettings | undefined>();
    expectTypeOf<Fauxgen["sandbox"]>().returns.resolves.toEqualTypeOf<SandboxHandle>();
    expectTypeOf<Fauxgen["existing"]>().returns.resolves.toEqualTypeOf<SandboxHandle>();
    expectTypeOf<Fauxgen["restore"]>().parameters.toEqualTypeOf<[bundle: Bundle]>();
    expectTypeOf<Fauxgen["sandboxes"]>().returns.resolves.toEqualTypeOf<string[]>();
  });

  it("returns unassigned requests and a stream of events", () => {
    expectTypeOf<Fauxgen["unassignedRequests"]>().returns.resolves.toEqualTypeOf<UnassignedRequest[]>();
    expectTypeOf<ReturnType<Fauxgen["events"]>>().toEqualTypeOf<AsyncGenerator<SandboxEvent, void>>();
  });
});

describe("a sandbox", () => {
  it("has the base URL and key of each vendor, as its accounts have", () => {
    expectTypeOf<"sync" | "oxen" | "affogato" | "vivix">().toExtend<VendorName>();
    expectTypeOf<VendorName>().toEqualTypeOf<keyof typeof realHosts>();
    expectTypeOf<SandboxHandle[VendorName]>().toEqualTypeOf<VendorAccess>();
    expectTypeOf<AccountHandle[VendorName]>().toEqualTypeOf<VendorAccess>();
    expectTypeOf<SandboxHandle["account"]>().returns.resolves.toEqualTypeOf<AccountHandle>();
    expectTypeOf<VendorAccess["webhookSecret"]>().toEqualTypeOf<string | null>();
    expectTypeOf<VendorAccess["env"]>().toEqualTypeOf<Readonly<Record<string, string>>>();
  });

  it("accepts settings that are all optional", () => {
    expectTypeOf({}).toExtend<SandboxSettings>();
    expectTypeOf<Partial<SandboxSettings>>().toExtend<SandboxSettings>();
    expectTypeOf({ clock: { mode: "frozen" }, now: "2030-01-01T00:00:00Z" } as const).toExtend<SandboxSettings>();
    expectTypeOf({ now: 1_900_000_000_000, seed: 7, limits: "enforced" } as const).toExtend<SandboxSettings>();
    compiled((fauxgen) => [
      fauxgen.sandbox("spec", { rules: [{ when: { vendor: "sync" }, scenario: "fail" }] }),
      // @ts-expect-error: a clock is running or frozen
      fauxgen.sandbox("spec", { clock: { mode: "stopped" } }),
      // @ts-expect-error: an instant is a text or a number here
      fauxgen.sandbox("spec", { now: new Date() }),
      // @ts-expect-error: there is no such setting
      fauxgen.sandbox("spec", { scenarios: { slow: { phase: "10m" } } }),
      // @ts-expect-error: rules of the settings know the vendors too
      fauxgen.sandbox("spec", { rules: [{ when: { vendor: "synk" }, scenario: "fail" }] }),
    ]);
  });

  it("is disposed of at the end of a block, and returns its report as text", () => {
    expectTypeOf<SandboxHandle>().toExtend<AsyncDisposable>();
    expectTypeOf<SandboxHandle["report"]>().returns.resolves.toEqualTypeOf<string>();
  });

  it("has a read-only name and read-only handles", () => {
    compiled((_fauxgen, sandbox) => {
      // @ts-expect-error: a handle is read-only
      sandbox.clock = sandbox.clock;
      // @ts-expect-error: a name is read-only
      sandbox.name = "other";
    });
  });
});

describe("a clock", () => {
  it("is advanced by a duration, or to an instant", () => {
    expectTypeOf<Duration>().toEqualTypeOf<string | number>();
    expectTypeOf<Parameters<SandboxHandle["clock"]["advance"]>[0]>().toEqualTypeOf<
      Duration | { readonly to: Date | string | number }
    >();
    expectTypeOf<SandboxHandle["clock"]["advance"]>().returns.resolves.toEqualTypeOf<Advanced>();
    expectTypeOf<Advanced["fired"][number]["kind"]>().toEqualTypeOf<"transition" | "deadline" | "delivery">();
    compiled((_fauxgen, { clock }) => [
      clock.advance("30s"),
      clock.advance(1500, { settle: "1s" }),
      clock.advance({ to: new Date(0) }),
      // @ts-expect-error: a Date is not a duration
      clock.advance(new Date(0)),
      // @ts-expect-error: an advance needs a duration or an instant
      clock.advance(),
    ]);
  });

  it("returns its instant as a Date from now(), and as text in documents", () => {
    expectTypeOf<SandboxHandle["clock"]["now"]>().returns.resolves.toEqualTypeOf<Date>();
    expectTypeOf<ClockDocument["now"]>().toEqualTypeOf<string>();
    expectTypeOf<ClockDocument["mode"]>().toEqualTypeOf<"running" | "frozen">();
  });
});

describe("generations", () => {
  it("have only the engine's phases", () => {
    expectTypeOf<Phase>().toEqualTypeOf<"queued" | "processing" | "succeeded" | "failed" | "rejected" | "cancelled">();
    expectTypeOf<Generation["phase"]>().toEqualTypeOf<Phase>();
  });

  it("are returned by the calls that list, await and control them", () => {
    expectTypeOf<SandboxHandle["generations"]["list"]>().returns.resolves.toEqualTypeOf<Generation[]>();
    expectTypeOf<SandboxHandle["generations"]["next"]>().returns.resolves.toEqualTypeOf<Generation>();
    expectTypeOf<SandboxHandle["generations"]["finish"]>().returns.resolves.toEqualTypeOf<Generation>();
    expectTypeOf<SandboxHandle["generations"]["hold"]>()
      .parameter(1)
      .toEqualTypeOf<"queued" | "processing" | undefined>();
  });

  it("are matched only by their own fields", () => {
    expectTypeOf({ vendor: "oxen", phase: "failed", label: "poster" } as const).toExtend<GenerationMatch>();
    compiled((_fauxgen, { generations }) => [
      // @ts-expect-error: phases are the engine's, not a vendor's
      generations.list({ phase: "COMPLETED" }),
      // @ts-expect-error: a status is the field of a request
      generations.list({ status: 200 }),
      // @ts-expect-error: there is no such vendor
      generations.next({ vendor: "nobody" }),
      // @ts-expect-error: an end is not held
      generations.hold("id", "succeeded"),
      // @ts-expect-error: percent is a number
      generations.setProgress("id", "50%"),
    ]);
  });

  it("can be created only with a vendor", () => {
    expectTypeOf<NewGeneration>().toHaveProperty("vendor").toEqualTypeOf<VendorName>();
    compiled((_fauxgen, { generations }) => [
      generations.create({ vendor: "vivix", phase: "processing", hold: true }),
      // @ts-expect-error: a generation has a vendor
      generations.create({ phase: "processing" }),
    ]);
  });
});

describe("rules and scenarios", () => {
  it("return the added rule with its hits, and the added scenario", () => {
    expectTypeOf<SandboxHandle["rules"]["add"]>().returns.resolves.toEqualTypeOf<Rule>();
    expectTypeOf<Rule["hits"]>().toEqualTypeOf<number>();
    expectTypeOf<SandboxHandle["scenarios"]["put"]>().returns.resolves.toEqualTypeOf<Scenario>();
  });

  it("accept a fault by its name or in detail", () => {
    compiled((_fauxgen, { rules }) => [
      rules.add({ fault: "EMPTY_RESPONSE" }),
      rules.add({ when: { vendor: "oxen", method: "post" }, fault: { status: 503, latency: "2s" }, times: 1 }),
      rules.add({ fault: { rateLimit: { retryAfterSeconds: 7 } } }),
      // @ts-expect-error: there is no such fault
      rules.add({ fault: "EMPTY_RESPONS" }),
      // @ts-expect-error: a latency needs both min and max
      rules.add({ fault: { latency: { min: "1s" } } }),
      // @ts-expect-error: the field is called `when`
      rules.add({ match: { vendor: "oxen" }, scenario: "fail" }),
      // @ts-expect-error: there is no such operation
      rules.add({ when: { operation: "createGenerations" }, scenario: "fail" }),
    ]);
  });

  it("accept durations for the phases of a scenario", () => {
    compiled((_fauxgen, { scenarios }) => [
      scenarios.put("slow", { phases: { processing: "10m" } }),
      scenarios.put("broken", { faults: [{ operation: "getGeneration", fault: "TRUNCATED_BODY" }] }),
      // @ts-expect-error: a final phase has no duration
      scenarios.put("slow", { phases: { succeeded: "10m" } }),
    ]);
  });
});

describe("requests", () => {
  it("are listed from the journal", () => {
    expectTypeOf<SandboxHandle["requests"]["list"]>().returns.resolves.toEqualTypeOf<JournalRequest[]>();
    expectTypeOf<JournalRequest["status"]>().toEqualTypeOf<number | null>();
    expectTypeOf<JournalRequest["response"]["body"]>().toBeUnknown();
    expectTypeOf({
      operation: "getGeneration",
      status: 200,
      state: "answered",
      bodies: false,
    } as const).toExtend<RequestMatch>();
    expectTypeOf<NonNullable<RequestMatch["operation"]>>().toEqualTypeOf<Operation>();
  });

  it("are verified by their number and by their order", () => {
    expectTypeOf<SandboxHandle["requests"]["verify"]>().returns.resolves.toEqualTypeOf<Verified>();
    expectTypeOf<Verified>().toEqualTypeOf<{ count: number; evicted: number }>();
    expectTypeOf<SandboxHandle["requests"]["sequence"]>().returns.resolves.toEqualTypeOf<VerifiedSequence>();
    compiled((_fauxgen, { requests }) => [
      requests.verify({ vendor: "vivix", operation: "getGeneration", count: { atLeast: 2 }, within: "1s" }),
      requests.verify({ path: { $regex: "^/api" }, body: { prompt: { $contains: "lighthouse" } } }),
      requests.sequence([{ operation: "createGeneration" }, { operation: "getGeneration" }], { within: 500 }),
      // @ts-expect-error: the bound is called `atLeast`
      requests.verify({ count: { minimum: 2 } }),
      // @ts-expect-error: there is no such operation
      requests.verify({ operation: "getGenerations" }),
      // @ts-expect-error: a sequence has a list of steps
      requests.sequence({ operation: "createGeneration" }),
    ]);
  });

  it("have a kind and a deadline while they are held", () => {
    expectTypeOf<SandboxHandle["waiters"]["atLeast"]>().returns.resolves.toEqualTypeOf<HeldRequest[]>();
    expectTypeOf<HeldRequest["kind"]>().toEqualTypeOf<"end" | "latency" | "forever">();
    expectTypeOf<HeldRequest["deadline"]>().toEqualTypeOf<string | null>();
  });
});

describe("webhooks", () => {
  it("are listed as summaries, and read with the sent bytes", () => {
    expectTypeOf<SandboxHandle["webhooks"]["deliveries"]["list"]>().returns.resolves.toEqualTypeOf<Delivery[]>();
    expectTypeOf<SandboxHandle["webhooks"]["deliveries"]["next"]>().returns.resolves.toEqualTypeOf<DeliveryDetail>();
    expectTypeOf<DeliveryDetail>().toExtend<Delivery>();
    expectTypeOf<NonNullable<DeliveryMatch["status"]>>().toEqualTypeOf<Delivery["status"]>();
  });

  it("are sent to endpoints that need a vendor and a URL", () => {
    expectTypeOf<SandboxHandle["webhooks"]["endpoints"]["add"]>().returns.resolves.toEqualTypeOf<WebhookEndpoint>();
    compiled((_fauxgen, { webhooks }) => [
      webhooks.mode("collect"),
      webhooks.endpoints.add({ vendor: "vivix", url: "http://127.0.0.1:8080/hooks" }),
      // @ts-expect-error: there is no such mode
      webhooks.mode("drop"),
      // @ts-expect-error: an endpoint has a URL
      webhooks.endpoints.add({ vendor: "vivix" }),
    ]);
  });
});

describe("an error of the library", () => {
  it("is an Error with an optional status and problem code", () => {
    expectTypeOf<FauxgenError>().toExtend<Error>();
    expectTypeOf<FauxgenError["status"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<FauxgenError["code"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<FauxgenError["problem"]>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
  });
});

describe("the vitest fixture", () => {
  it("gives a test a server, a sandbox and settled()", () => {
    expectTypeOf<FauxgenFixtures>().toEqualTypeOf<{
      readonly fauxgen: Fauxgen;
      readonly sandboxSettings: SandboxSettings;
      readonly sandbox: SandboxHandle;
      readonly settled: SandboxHandle["settled"];
    }>();
    expectTypeOf<typeof fixtureIt>().toEqualTypeOf<typeof fixtureTest>();
  });

  it("has the signature of vitest's own test, and sandbox settings that can be overridden", () => {
    const written = (test: typeof fixtureTest): void => {
      test("has fixtures", async ({ sandbox, settled, fauxgen, expect }) => {
        expectTypeOf(sandbox).toEqualTypeOf<SandboxHandle>();
        expectTypeOf(fauxgen).toEqualTypeOf<Fauxgen>();
        expectTypeOf(settled).toEqualTypeOf<SandboxHandle["settled"]>();
        expect(sandbox.name).toBe(sandbox.name);
      });
      test.override({ sandboxSettings: { clock: { mode: "frozen" } } });
      // @ts-expect-error: there is no such fixture
      test("has no other", async ({ sandbx }) => sandbx);
      // @ts-expect-error: there is no such setting
      test.override({ sandboxSettings: { timing: "instnat" } });
    };
    expectTypeOf(written).toBeFunction();
  });
});
