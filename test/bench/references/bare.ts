/** The least that could answer: bare `node:http` and bare Fastify, with the routes that the bench compares. */
import { EventEmitter } from "node:events";
import http from "node:http";
import fastify from "fastify";

const job = {
  id: "071a144f-db32-4a89-893c-37c9d0d921a2",
  createdAt: "2026-11-22T10:00:00.000Z",
  status: "PROCESSING",
  model: "lipsync-2",
  input: [
    { type: "video", url: "https://media.test/video.mp4" },
    { type: "audio", url: "https://media.test/audio.wav" },
  ],
  segments: null,
  webhookUrl: null,
  options: null,
  outputUrl: null,
  segmentOutputUrl: null,
  outputDuration: null,
  error: null,
  errorCode: null,
  error_code: null,
  outputFileName: null,
  projectId: null,
};

const nullable = { type: ["string", "null"] };
const text = { type: "string" };
const schema = {
  type: "object",
  properties: {
    id: text,
    createdAt: text,
    status: text,
    model: text,
    input: { type: "array", items: { type: "object", properties: { type: text, url: text } } },
    segments: nullable,
    webhookUrl: nullable,
    options: nullable,
    outputUrl: nullable,
    segmentOutputUrl: nullable,
    outputDuration: nullable,
    error: nullable,
    errorCode: nullable,
    error_code: nullable,
    outputFileName: nullable,
    projectId: nullable,
  },
};

const kind = process.argv[2];
if (kind === "http") {
  const server = http.createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(job));
  });
  server.listen(0, "127.0.0.1", () => {
    ready(server.address());
  });
} else {
  const app = fastify();
  const kept = new Map<string, unknown>();
  const emitter = new EventEmitter().setMaxListeners(0);
  const answer = { schema: { response: { 200: schema } } };
  app.get("/v2/generate/:id", answer, async () => job);
  app.post("/v2/generate", answer, async (request) => {
    const id = String(kept.size);
    kept.set(id, request.body);
    return { ...job, id };
  });
  app.get("/held/:id", answer, async () => {
    await new Promise((resolve) => emitter.once("release", resolve));
    return job;
  });
  app.post("/release", async () => {
    emitter.emit("release");
    return {};
  });
  await app.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  ready(app.server.address());
}

function ready(address: unknown): void {
  process.stdout.write(`${JSON.stringify(address)}\n`);
}
