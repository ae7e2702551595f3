/** Formats a job as Acme's answers and webhooks show it. */
import type { Observation } from "../../../src/engine/model/observation.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../src/http/parsing/media-url.ts";
import { costOf } from "./account.ts";
import type { Job } from "./schemas.ts";

export function formatJob(observed: Observation, sandbox: Sandbox, origin: string): Job {
  const { generation, phase, elapsedMs, outputs } = observed;
  const { id, model, createdAt, failure } = generation;
  const begun = { id, model, createdAt: new Date(createdAt).toISOString() };
  switch (phase) {
    case "queued":
      return { ...begun, state: "waiting" };
    case "processing":
      return { ...begun, state: "drawing" };
    case "succeeded": {
      const made = outputs.filter(({ state }) => state === "succeeded");
      const urls = made.map((output) =>
        mediaUrl(sandbox, origin, { vendor: "acme", name: `${output.id}.${output.format}` }),
      );
      return { ...begun, state: "done", tookMs: elapsedMs, cost: costOf(generation), urls };
    }
    case "failed":
    case "rejected":
    case "cancelled": {
      const { code, message } = failure ?? { code: null, message: "The job was called off." };
      return { ...begun, state: "broken", tookMs: elapsedMs, cost: 0, code, message };
    }
  }
}
