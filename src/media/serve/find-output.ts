/** Which output a file name stands for. */
import type { Instant } from "../../engine/base/clock.ts";
import type { Generation, Output } from "../../engine/model/generation.ts";
import { observe, outputEndOffset } from "../../engine/model/observation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** An output that was made and can be fetched. */
export interface FinishedOutput {
  readonly generation: Generation;
  readonly output: Output;
  readonly endedAt: Instant;
}

const FILE_NAME = /^(?<outputId>.+)\.(?<format>[a-z0-9]+)$/;

/**
 * The finished output that is served under `<output id>.<format>`; else, in words, why there is none. Output ids are
 * public ids of their own, or begin with their generation's: `<generation id>`, `<generation id>-1`.
 */
export function findOutput(sandbox: Sandbox, vendor: string, fileName: string, now: Instant): FinishedOutput | string {
  const { outputId, format } = FILE_NAME.exec(fileName)?.groups ?? {};
  if (outputId === undefined) return `${fileName} is no file name: <output id>.<format> is expected.`;
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
