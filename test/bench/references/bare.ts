/**
 * Runs the minimal reference servers, bare `node:http` and bare Fastify. They have the compared routes, and responses
 * of the same size as fauxgen's. Usage: `bare.ts http PORT`, `bare.ts fastify PORT`.
 */
import { EventEmitter } from "node:events";
import http from "node:http";
import fastify from "fastify";

const job = {
  id: "071a144f-db32-4a89-893c-37c9d0d921a2",
  createdAt: "2026-11-22T10:00:00.000Z",
  status: "PENDING",
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

/** The longest wait of a held request, the same as fauxgen's. */
const HOLD_MS = 55_000;

const [kind, port] = process.argv.slice(2);
if (kind === "http") {
  http
    .createServer((_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(job));
    })
    .listen(Number(port), "127.0.0.1");
} else {
  const app = fastify();
  const kept = new Map<string, unknown>();
  const ended = new EventEmitter().setMaxListeners(0);
  app.get("/v2/generate/:id", { schema: { response: { 200: schema } } }, async () => job);
  app.post("/v2/generate", { schema: { response: { 201: schema } } }, async (request, reply) => {
    // The id is as long as an id of fauxgen.
    const id = String(kept.size).padStart(job.id.length, "0");
    kept.set(id, request.body);
    reply.code(201);
    return { ...job, id };
  });
  app.get<{ Params: { id: string } }>("/held/:id", { schema: { response: { 200: schema } } }, async (request) => {
    const { socket } = request.raw;
    const { id } = request.params;
    await new Promise<void>((resolve) => {
      const letGo = (): void => {
        clearTimeout(timer);
        socket.off("close", letGo);
        ended.off(id, letGo);
        resolve();
      };
      const timer = setTimeout(letGo, HOLD_MS);
      socket.once("close", letGo);
      ended.once(id, letGo);
    });
    return job;
  });
  app.get("/held", async () => ended.eventNames().length);
  app.post("/release", async () => {
    for (const id of ended.eventNames()) ended.emit(id);
    return {};
  });
  await app.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
}
