/** Finds the output that a file name stands for. */
import type { Instant } from "../../engine/base/clock.ts";
import type { Generation, Output } from "../../engine/model/generation.ts";
import { observe, outputEndOffset } from "../../engine/model/observation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** A successful output that can be fetched. */
export interface FinishedOutput {
  readonly generation: Generation;
  readonly output: Output;
  readonly endedAt: Instant;
}

const FILE_NAME = /^(?<outputId>.+)\.(?<format>[a-z0-9]+)$/;

/**
 * Returns the finished output that is served under `<output id>.<format>`, or the reason why it cannot be served.
 * Output ids are public ids, or begin with their generation's id: `<generation id>`, `<generation id>-1`.
 */
export function findOutput(sandbox: Sandbox, vendor: string, fileName: string, now: Instant): FinishedOutput | string {
  const { outputId, format } = FILE_NAME.exec(fileName)?.groups ?? {};
  if (outputId === undefined) return `${fileName} is not a file name of the form <output id>.<format>.`;
  const generation = findGeneration(sandbox, vendor, outputId);
  const output = generation?.outputs.find((each) => each.id === outputId);
  if (generation === undefined || output === undefined)
    return `Sandbox ${sandbox.name} has no ${vendor} output ${outputId}.`;
  if (output.format !== format) return `Output ${outputId} is a .${output.format} file.`;
  const state = observe(generation, now).outputs.find((each) => each.id === outputId)?.state ?? "unfinished";
  if (state !== "succeeded") return `Output ${outputId} is ${state}, so there is no file.`;
  const end = outputEndOffset(output, generation.timeline);
  return { generation, output, endedAt: generation.createdAt + (end ?? 0) };
}

function findGeneration(sandbox: Sandbox, vendor: string, outputId: string): Generation | undefined {
  const { generations } = sandbox;
  return (
    generations.findByOutput(vendor, outputId) ??
    generations.find(vendor, outputId) ??
    generations.find(vendor, outputId.replace(/-\d+$/, ""))
  );
}
