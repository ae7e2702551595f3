/** Configures the peers: one job, in the format of each peer. */

export const job = {
  id: "job_01JD8Z9W3Y5QK7T2M4N6P8R0SX",
  object: "generation",
  status: "succeeded",
  model: "video-gen-2.1-pro",
  created_at: 1_795_343_400_123,
  started_at: 1_795_343_401_456,
  completed_at: 1_795_343_455_789,
  progress: 100,
  input: { prompt: "a red fox running through snow, cinematic", duration: 5, aspect_ratio: "16:9" },
  output: { url: "https://media.test/files/job_01JD8Z9W3Y5QK7T2M4N6P8R0SX.mp4", width: 1280, height: 720 },
  error: null,
};

const text = { type: "string" };
const whole = { type: "integer" };

export const openapi = {
  openapi: "3.0.3",
  info: { title: "jobs", version: "1.0.0" },
  components: {
    securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    schemas: {
      Job: {
        type: "object",
        required: ["id", "object", "status", "model", "created_at", "progress"],
        properties: {
          id: text,
          object: text,
          status: { type: "string", enum: ["queued", "processing", "succeeded", "failed"] },
          model: text,
          created_at: whole,
          started_at: { ...whole, nullable: true },
          completed_at: { ...whole, nullable: true },
          progress: whole,
          input: { type: "object", properties: { prompt: text, duration: { type: "number" }, aspect_ratio: text } },
          output: { type: "object", nullable: true, properties: { url: text, width: whole, height: whole } },
          error: { type: "object", nullable: true, properties: { code: text, message: text } },
        },
      },
    },
  },
  paths: {
    "/v1/jobs/{id}": {
      get: {
        operationId: "getJob",
        security: [{ bearer: [] }],
        parameters: [{ name: "id", in: "path", required: true, schema: text }],
        responses: {
          200: {
            description: "The job",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Job" }, example: job } },
          },
        },
      },
    },
  },
};

const authorized = {
  target: "header",
  modifier: "Authorization",
  value: "^Bearer .+",
  invert: false,
  operator: "regex",
};

function mockoonResponse(statusCode: number, body: unknown, rules: readonly unknown[], isDefault: boolean): object {
  return {
    uuid: `00000000-0000-4000-8000-000000000${statusCode}`,
    body: JSON.stringify(body),
    latency: 0,
    statusCode,
    label: "",
    headers: [{ key: "Content-Type", value: "application/json" }],
    bodyType: "INLINE",
    filePath: "",
    databucketID: "",
    sendFileAsBody: false,
    rules,
    rulesOperator: "AND",
    disableTemplating: true,
    fallbackTo404: false,
    default: isDefault,
    crudKey: "id",
    callbacks: [],
  };
}

const mockoonRoute = {
  uuid: "00000000-0000-4000-8000-000000000002",
  type: "http",
  documentation: "",
  method: "get",
  endpoint: "v1/jobs/:id",
  responseMode: null,
  streamingMode: null,
  streamingInterval: 0,
  responses: [
    mockoonResponse(200, job, [authorized], false),
    mockoonResponse(401, { error: "unauthorized" }, [], true),
  ],
};

/** The data file of Mockoon, in the version that the pinned Mockoon writes, so that it needs no migration. */
export const mockoonEnvironment = {
  uuid: "00000000-0000-4000-8000-000000000001",
  lastMigration: 33,
  name: "jobs",
  endpointPrefix: "",
  latency: 0,
  port: 3000,
  hostname: "127.0.0.1",
  folders: [],
  routes: [mockoonRoute],
  rootChildren: [{ type: "route", uuid: mockoonRoute.uuid }],
  proxyMode: false,
  proxyHost: "",
  proxyRemovePrefix: false,
  tlsOptions: {
    enabled: false,
    type: "CERT",
    pfxPath: "",
    certPath: "",
    keyPath: "",
    caPath: "",
    passphrase: "",
  },
  cors: true,
  headers: [],
  proxyReqHeaders: [],
  proxyResHeaders: [],
  data: [],
  callbacks: [],
};

/** The source of a custom emulator for emulate, which checks the key and reads the job from its state. */
export const EMULATOR = `
import { defineEmulator } from "emulate";
export default defineEmulator({
  name: "jobs",
  state: () => ({ jobs: { ${JSON.stringify(job.id)}: ${JSON.stringify(job)} } }),
  setup({ app, state }) {
    app.get("/v1/jobs/:id", (c) => {
      if (!/^Bearer .+/.test(c.req.header("authorization") ?? "")) return c.json({ error: "unauthorized" }, 401);
      const job = state.jobs[c.req.param("id")];
      return job ? c.json(job) : c.json({ error: "not_found" }, 404);
    });
  },
});
`;

/** The configuration of emulate: the custom emulator on the first port, and all of emulate's default services. */
export const EMULATE_CONFIG = `
import { defineConfig } from "emulate";
import jobs from "./jobs.mjs";
const services = "vercel github google slack apple microsoft okta aws resend stripe mongoatlas clerk linear twilio".split(" ");
export default defineConfig({
  services: { jobs: { emulator: jobs }, ...Object.fromEntries(services.map((name) => [name, { emulator: name }])) },
});
`;
