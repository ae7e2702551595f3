/** Describes coverage: the answers that the vendors list for the operations that clients use, and how often each was met. */
import { z } from "zod";
import type { OutcomeRow, OutcomeTable } from "../../http/errors/outcome-table.ts";
import type { AnswerCounts, CountedAnswer } from "../../http/journal/answer-counts.ts";
import { provocationLine } from "./provocation-line.ts";

const share = z.strictObject({
  rows: z.int().meta({ description: "Number of listed answers of the operations that clients use" }),
  met: z.int().meta({ description: "Number of those that a client got" }),
  percent: z.number().meta({ description: "0 if no operation was used" }),
});

export type Share = z.output<typeof share>;

const shownRow = z.strictObject({
  status: z.int(),
  code: z.string().nullable(),
  phase: z.string().nullable(),
  vintage: z.string().nullable().meta({ description: "The only version of the API with this answer" }),
  source: z.string().meta({ description: "Where the answer is documented; `inferred` if no source says" }),
  count: z.int(),
  provoke: z.string().meta({ description: "What provokes the answer, in one line" }),
});

export type ShownRow = z.output<typeof shownRow>;

const shownOperation = z.strictObject({
  vendor: z.string(),
  operation: z.string(),
  answers: z.int(),
  ...share.shape,
  items: z.array(shownRow),
  others: z.array(z.strictObject({ status: z.int(), phase: z.string().nullable(), count: z.int() })).meta({
    description: "Answers that are in no row, such as those of a fault with a body of its own",
  }),
});

export type ShownOperation = z.output<typeof shownOperation>;

export const coverageDocument = z.strictObject({
  sandbox: z.string().nullable().meta({ description: "Null for a whole run: all sandboxes, also deleted ones" }),
  since: z.iso.datetime().nullable().meta({
    description: "Real time at which the counts began; null: when the sandbox was made",
  }),
  uncounted: z.int().meta({ description: "Requests that came with a restored bundle; they are not counted" }),
  answers: z.int().meta({ description: "Number of answers that were counted" }),
  ...share.shape,
  documented: share.meta({ description: "The same without rows whose source is `inferred`" }),
  vendors: z.array(z.strictObject({ vendor: z.string(), ...share.shape })),
  classes: z.array(z.strictObject({ class: z.string(), ...share.shape })).meta({
    description: "By class of status, such as `4xx`",
  }),
  operations: z.array(shownOperation),
  unused: z.array(z.strictObject({ vendor: z.string(), operation: z.string(), rows: z.int() })).meta({
    description: "Operations that no client used; they do not count",
  }),
});

export type CoverageDocument = z.output<typeof coverageDocument>;

/** What the counts are about. */
export interface CountedScope {
  readonly sandbox: string | null;
  readonly since: string | null;
  readonly uncounted: number;
}

interface CountedRow extends ShownRow {
  readonly vendor: string;
}

/** Describes what was counted against the vendors' listed answers. */
export function describeCoverage(table: OutcomeTable, counts: AnswerCounts, scope: CountedScope): CoverageDocument {
  const operations: ShownOperation[] = [];
  const unused: CoverageDocument["unused"] = [];
  const others = counts.all().filter(([answer]) => !answer.isListed);
  for (const vendor of new Set([...table.vendors, ...others.map(([answer]) => answer.vendor)])) {
    const rows = table.rowsOf(vendor).filter((row) => isPossible(row, counts));
    const own = others.filter(([answer]) => answer.vendor === vendor);
    const plainCreate = rows.find(isCreate)?.provoke.body;
    for (const operation of new Set([...rows, ...own.map(([answer]) => answer)].map((each) => each.operation))) {
      const ownRows = rows.filter((row) => row.operation === operation);
      const ownOthers = own.filter(([answer]) => answer.operation === operation);
      if (ownOthers.length === 0 && ownRows.every((row) => counts.countOf(row) === 0))
        unused.push({ vendor, operation, rows: ownRows.length });
      else {
        const items = ownRows.map((row) => showRow(row, counts, plainCreate));
        operations.push(describeOperation({ vendor, operation }, items, ownOthers));
      }
    }
  }
  const all = operations.flatMap(({ vendor, items }) => items.map((item): CountedRow => ({ ...item, vendor })));
  return {
    ...scope,
    answers: operations.reduce((sum, { answers }) => sum + answers, 0),
    ...shareOf(all),
    documented: shareOf(all.filter(({ source }) => source !== "inferred")),
    vendors: [...Map.groupBy(all, ({ vendor }) => vendor)].map(([vendor, rows]) => ({ vendor, ...shareOf(rows) })),
    classes: [...Map.groupBy(all, classOf)]
      .map(([name, rows]) => ({ class: name, ...shareOf(rows) }))
      .sort((left, right) => left.class.localeCompare(right.class)),
    operations,
    unused,
  };
}

/** Returns whether an answer is that of a create that succeeds. */
function isCreate({ operation, status }: OutcomeRow): boolean {
  return operation === "createGeneration" && status < 300;
}

/** Returns whether a version of the API with this answer was used; answers of other versions cannot be met. */
function isPossible(row: OutcomeRow, counts: AnswerCounts): boolean {
  return row.vintage === undefined || counts.vintagesOf(row.vendor).includes(row.vintage);
}

function describeOperation(
  of: { readonly vendor: string; readonly operation: string },
  items: ShownRow[],
  others: readonly (readonly [answer: CountedAnswer, count: number])[],
): ShownOperation {
  const shown = others.map(([{ status, phase }, count]) => ({ status, phase: phase ?? null, count }));
  const answers = [...items, ...shown].reduce((sum, { count }) => sum + count, 0);
  return { ...of, answers, ...shareOf(items), items, others: shown };
}

function showRow(row: OutcomeRow, counts: AnswerCounts, plainCreate: unknown): ShownRow {
  const { vendor, vintage, provoke } = row;
  const needed = vintage === undefined ? undefined : `${vendor}=${vintage}`;
  return {
    status: row.status,
    code: row.code ?? null,
    phase: row.phase ?? null,
    vintage: vintage ?? null,
    source: row.source,
    count: counts.countOf(row),
    provoke: provocationLine(provoke, { vintage: needed, plainCreate }),
  };
}

function classOf({ status }: { readonly status: number }): string {
  return `${Math.floor(status / 100)}xx`;
}

function shareOf(rows: readonly { readonly count: number }[]): Share {
  const met = rows.filter(({ count }) => count > 0).length;
  // Rounded down, so that only complete coverage is 100.
  const percent = rows.length === 0 ? 0 : Math.floor((1000 * met) / rows.length) / 10;
  return { rows: rows.length, met, percent };
}
