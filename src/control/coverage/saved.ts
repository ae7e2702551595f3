/** Defines the file in which a server saves its coverage, so that the coverage of several servers can be added up. */
import { z } from "zod";
import type { OutcomeTable } from "../../http/errors/outcome-table.ts";
import { AnswerCounts } from "../../http/journal/answer-counts.ts";
import { phases } from "../../engine/model/phases.ts";

export const savedCoverage = z.strictObject({
  format: z.literal("fauxgen-coverage"),
  version: z.string().meta({ description: "Version of the fauxgen that saved it" }),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  answers: z.array(
    z.strictObject({
      vendor: z.string().max(100),
      operation: z.string().max(100),
      status: z.int().min(100).max(999),
      code: z.string().max(1000).optional(),
      phase: z.enum(phases).optional(),
      vintage: z.string().max(100).optional(),
      count: z.int().min(1),
    }),
  ),
  vintages: z.record(z.string(), z.array(z.string())),
});

export type SavedCoverage = z.output<typeof savedCoverage>;

/** Returns what is saved of the counts. */
export function saveCounts(
  counts: AnswerCounts,
  about: Pick<SavedCoverage, "version" | "since" | "until">,
): SavedCoverage {
  return {
    format: "fauxgen-coverage",
    ...about,
    answers: counts.all().map(([answer, count]) => ({ ...nameOf(answer), count })),
    vintages: Object.fromEntries(
      counts.vendorsWithVintages().map((vendor) => [vendor, [...counts.vintagesOf(vendor)]]),
    ),
  };
}

/** Adds up what servers saved. */
export function addUp(table: OutcomeTable, all: readonly SavedCoverage[]): AnswerCounts {
  const sum = new AnswerCounts();
  for (const { answers, vintages } of all) {
    for (const { count, ...answer } of answers) sum.add(table.sameAs(nameOf(answer)), count);
    for (const [vendor, used] of Object.entries(vintages)) for (const vintage of used) sum.noteVintage(vendor, vintage);
  }
  return sum;
}

/** Returns what names an answer, without the rest of its row and without undefined fields. */
function nameOf({ vendor, operation, status, code, phase, vintage }: SavedAnswer) {
  return {
    vendor,
    operation,
    status,
    ...(code !== undefined && { code }),
    ...(phase !== undefined && { phase }),
    ...(vintage !== undefined && { vintage }),
  };
}

type SavedAnswer = Omit<SavedCoverage["answers"][number], "count">;
