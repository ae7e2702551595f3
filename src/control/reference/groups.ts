/**
 * Groups the operations of control by what they are about, in the order in which the reference shows them, each with an
 * example. An example works when it is sent unchanged to a server on which those above it in its group were sent before:
 * `latest` in a path is the newest item of its list.
 */
import type { OperationGroup } from "../../http/server/openapi.ts";

const s = "default";
const sandbox = { params: { s } } as const;
const latest = { params: { s, id: "latest" } } as const;
const account = { params: { s, account: "main" } } as const;
const of = (name: string) => ({ params: { s, [name]: "latest" } });

export const controlGroups: readonly OperationGroup[] = [
  {
    name: "Sandboxes",
    description: "Isolated worlds, each with its own clock, accounts, rules and journal.",
    operations: {
      listSandboxes: {},
      putSandbox: { params: { s: "checkout" }, body: { timing: "fast", clock: { mode: "running" } } },
      getSandbox: sandbox,
      resetSandbox: { params: { s: "checkout" } },
      saveBundle: sandbox,
      restoreBundle: { params: { s } },
      deleteSandbox: { params: { s: "checkout" } },
    },
  },
  {
    name: "Clock",
    description: "The sandbox's time, which tests freeze and advance.",
    operations: {
      getClock: sandbox,
      putClock: { ...sandbox, body: { rate: 1, mode: "running" } },
      freezeClock: { ...sandbox, body: {} },
      advanceClock: { ...sandbox, body: { by: "10s" } },
      resumeClock: { ...sandbox, body: { rate: 1 } },
    },
  },
  {
    name: "Generations",
    description: "The jobs of every vendor, in one form: create, read and steer them.",
    operations: {
      createGeneration: { ...sandbox, body: { vendor: "vivix", phase: "queued", hold: true } },
      listGenerations: sandbox,
      getGeneration: latest,
      holdGeneration: { ...latest, body: {} },
      releaseGeneration: { ...latest, body: {} },
      setProgress: { ...latest, body: { percent: 50 } },
      finishGeneration: { ...latest, body: {} },
      getOutputFile: { params: { s, id: "latest", output: "1" } },
      failGeneration: { ...latest, body: {} },
      cancelGeneration: { ...latest, body: {} },
      listWaiters: sandbox,
    },
  },
  {
    name: "Requests",
    description: "The journal of what clients sent, and verifications of it.",
    operations: {
      listExamples: sandbox,
      listRequests: sandbox,
      getRequest: of("request"),
      verifyRequests: { ...sandbox, body: { operation: "createGeneration", count: { atMost: 1000 } } },
      verifySequence: { ...sandbox, body: { steps: [{ operation: "createGeneration" }] } },
      getReport: sandbox,
      listUnassignedRequests: {},
      deleteUnassignedRequests: {},
      deleteRequests: sandbox,
    },
  },
  {
    name: "Conduct",
    description: "What clients did wrong, judged from the journal and the deliveries.",
    operations: {
      judgeConduct: sandbox,
      listFindings: {},
      explainFinding: { params: { id: "polls-too-often" } },
    },
  },
  {
    name: "Coverage",
    description: "Which of the vendors' listed answers clients have met, in a sandbox or in the whole run.",
    operations: {
      getCoverage: sandbox,
      getRunCoverage: {},
      deleteRunCoverage: {},
    },
  },
  {
    name: "Events",
    description: "Streams of what happens. The page shows an answer only once its stream ends; use curl -N.",
    operations: { followServer: {}, followSandbox: sandbox, followRequests: sandbox },
  },
  {
    name: "Rules and scenarios",
    description: "What happens to matching requests: another course of the generation, or a fault of the exchange.",
    operations: {
      addRule: { ...sandbox, body: { when: { operation: "createGeneration" }, scenario: "fail", times: 1 } },
      listRules: sandbox,
      getRule: of("rule"),
      listNearMisses: of("rule"),
      deleteRule: of("rule"),
      deleteRules: sandbox,
      listScenarios: sandbox,
      putScenario: { params: { s, scenario: "slow-fail" }, body: { extends: "fail", summary: "Fails like fail" } },
      getScenario: { params: { s, scenario: "slow-fail" } },
      deleteScenario: { params: { s, scenario: "slow-fail" } },
    },
  },
  {
    name: "Webhooks",
    description: "Deliveries with their exact bytes, endpoints, and whether webhooks are sent or collected.",
    operations: {
      addEndpoint: { ...sandbox, body: { vendor: "vivix", url: "http://127.0.0.1:4601/webhooks" } },
      listEndpoints: sandbox,
      changeEndpoint: { ...latest, body: { isEnabled: true } },
      getWebhookMode: sandbox,
      putWebhookMode: { ...sandbox, body: { mode: "collect" } },
      listDeliveries: sandbox,
      getDelivery: latest,
      redeliver: { ...latest, body: {} },
      deleteEndpoint: latest,
    },
  },
  {
    name: "Accounts and files",
    description: "Accounts with their keys and credits, catalogues, fixtures and uploads.",
    operations: {
      listAccounts: sandbox,
      getAccount: account,
      putAccount: { ...account, body: { vendors: { vivix: { granted: 5000 } } } },
      registerKey: { ...account, body: { key: "my-literal-key", vendor: "sync" } },
      revokeKey: { ...account, body: { key: "my-literal-key" } },
      listCatalogue: { params: { s, vendor: "vivix", list: "models" } },
      putCatalogueItem: {
        params: { s, vendor: "vivix", list: "models", name: "my-model" },
        body: {
          slug: "my-model",
          name: "My model",
          category: "video",
          creator: "me",
          description: "A model of my own",
          params: { prompt: { type: "string", required: true, max_length: 2000 } },
          credits_band: { min: 1, max: 3 },
        },
      },
      applyFixtures: { ...sandbox, body: { accounts: { poor: {} } } },
      putTemplate: { body: { scenarios: { "slow-start": { extends: "slow-job", phases: { queued: "2m" } } } } },
      getTemplate: {},
      deleteTemplate: {},
      listUploads: sandbox,
      getFixtureSchema: { params: { file: "rules.json" } },
    },
  },
  {
    name: "Server",
    description: "Health, metrics, and what the server knows: operations, outcomes, diagnostics, problems, documents.",
    operations: {
      getHealth: {},
      getReadiness: {},
      getMetrics: {},
      listOperations: {},
      listOutcomes: {},
      listDiagnostics: {},
      getDiagnostic: { params: { code: "KEY_MISSING" } },
      listProblems: {},
      getOpenApiDocument: { params: { file: "control.json" } },
    },
  },
];
