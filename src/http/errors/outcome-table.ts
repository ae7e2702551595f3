/**
 * Finds the row of a vendor's outcomes that an answer is. Rows with the same answer are one row here: outcomes list
 * several requests that provoke it.
 */
import type { Phase } from "../../engine/model/phases.ts";
import type { CountedAnswer } from "../journal/answer-counts.ts";
import type { Outcome, Source } from "./outcome.ts";

/** A vendor as far as the table reads it. */
export interface OutcomeOwner {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  /** Versions of the vendor's API; the first is the default. */
  readonly vintages: readonly [string, ...string[]];
}

/** A row: an answer, its strongest source, and the first request that provokes it. */
export interface OutcomeRow extends CountedAnswer {
  readonly source: Source;
  readonly provoke: Outcome["provoke"];
}

interface VendorTable {
  readonly name: string;
  readonly rows: readonly OutcomeRow[];
  /** The default version; undefined if no version of the API has answers of its own. */
  readonly vintage: string | undefined;
  readonly byOperation: Map<string, Map<number, AnswersOfStatus>>;
}

/** The most characters of a body that are searched; a code stands near the beginning. */
const SEARCHED_CHARACTERS = 64 * 1024;

const STRENGTH: readonly Source[] = ["inferred", "client", "sdk", "doc", "seed"];

/** The answers of an operation with one status. */
export class AnswersOfStatus {
  /** The default version of the API; undefined if no version has answers of its own. */
  readonly vintage: string | undefined;
  readonly #of: Pick<CountedAnswer, "vendor" | "operation" | "status">;
  /** The rows, the most particular first. */
  readonly #rows: OutcomeRow[] = [];
  readonly #others = new Map<Phase | undefined, CountedAnswer>();

  constructor({ name, vintage }: VendorTable, operation: string, status: number) {
    this.#of = { vendor: name, operation, status };
    this.vintage = vintage;
  }

  add(row: OutcomeRow): void {
    this.#rows.push(row);
    this.#rows.sort(byDetail);
  }

  /**
   * Returns the row that an answer is, or the answer that stands for all with this status and phase that are in no row.
   * `text` is its body; undefined for media and streams. `vintage` is the version of the API that answers.
   */
  match(phase: Phase | undefined, text: string | undefined, vintage: string | undefined): CountedAnswer {
    for (const row of this.#rows) {
      if (row.vintage !== undefined && row.vintage !== vintage) continue;
      if (row.phase !== undefined && phase !== undefined && row.phase !== phase) continue;
      if (row.code === undefined || isIn(row.code, text)) return row;
    }
    return this.other(phase);
  }

  /** Returns the answer that stands for all with this status and phase that are in no row. */
  other(phase: Phase | undefined): CountedAnswer {
    let other = this.#others.get(phase);
    if (other === undefined)
      this.#others.set(phase, (other = { ...this.#of, ...(phase !== undefined && { phase }), isListed: false }));
    return other;
  }
}

function isIn(code: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  return (text.length > SEARCHED_CHARACTERS ? text.slice(0, SEARCHED_CHARACTERS) : text).includes(code);
}

/** Puts the row with the longest code first, and a row that names a phase or a version before one that does not. */
function byDetail(left: OutcomeRow, right: OutcomeRow): number {
  return (right.code ?? "").length - (left.code ?? "").length || detailOf(right) - detailOf(left);
}

function detailOf({ phase, vintage }: OutcomeRow): number {
  return [phase, vintage].filter((each) => each !== undefined).length;
}

export class OutcomeTable {
  readonly #owners: ReadonlyMap<string, OutcomeOwner>;
  /** Built for a vendor when it first answers, so that the start of a server costs nothing. */
  readonly #tables = new Map<string, VendorTable>();

  constructor(owners: readonly OutcomeOwner[]) {
    this.#owners = new Map(owners.map((owner) => [owner.name, owner]));
  }

  get vendors(): readonly string[] {
    return [...this.#owners.keys()];
  }

  rowsOf(vendor: string): readonly OutcomeRow[] {
    return this.#tableOf(vendor)?.rows ?? [];
  }

  /** Returns the answers of an operation with a status; undefined for an unknown vendor. */
  answersOf(vendor: string, operation: string, status: number): AnswersOfStatus | undefined {
    const table = this.#tableOf(vendor);
    return table === undefined ? undefined : answersIn(table, operation, status);
  }

  /** Returns the row that an outcome belongs to. */
  rowOf(vendor: string, outcome: Outcome): OutcomeRow | undefined {
    const { vintage: _vintage, ...general } = answerOf(vendor, outcome);
    const keys = [keyOf(answerOf(vendor, outcome)), keyOf(general)];
    return this.rowsOf(vendor).find((row) => keys.includes(keyOf(row)));
  }

  /** Returns the row of an answer that another server counted; it may be in no row here. */
  sameAs(counted: Omit<CountedAnswer, "isListed">): CountedAnswer {
    const { vendor, operation, status, phase } = counted;
    const row = this.rowsOf(vendor).find((each) => keyOf(each) === keyOf(counted));
    return row ?? this.answersOf(vendor, operation, status)?.other(phase) ?? { ...counted, isListed: false };
  }

  #tableOf(vendor: string): VendorTable | undefined {
    let table = this.#tables.get(vendor);
    if (table !== undefined) return table;
    const owner = this.#owners.get(vendor);
    if (owner === undefined) return undefined;
    table = tableOf(owner);
    this.#tables.set(vendor, table);
    return table;
  }
}

function tableOf({ name, outcomes, vintages }: OutcomeOwner): VendorTable {
  const rows = rowsOf(name, outcomes);
  const vintage = rows.some((row) => row.vintage !== undefined) ? vintages[0] : undefined;
  const table: VendorTable = { name, rows, vintage, byOperation: new Map() };
  for (const row of rows) answersIn(table, row.operation, row.status).add(row);
  return table;
}

function answersIn(table: VendorTable, operation: string, status: number): AnswersOfStatus {
  const { byOperation } = table;
  let byStatus = byOperation.get(operation);
  if (byStatus === undefined) byOperation.set(operation, (byStatus = new Map<number, AnswersOfStatus>()));
  let answers = byStatus.get(status);
  if (answers === undefined) byStatus.set(status, (answers = new AnswersOfStatus(table, operation, status)));
  return answers;
}

/** Returns one row for each answer, in the order of the outcomes. */
function rowsOf(vendor: string, outcomes: readonly Outcome[]): OutcomeRow[] {
  const listed = outcomes.map((outcome) => ({ outcome, answer: answerOf(vendor, outcome) }));
  // An answer that every version of the API gives is not one version's own.
  const general = new Set(
    listed
      .map(({ answer }) => answer)
      .filter(isGeneral)
      .map(keyOf),
  );
  const byKey = Map.groupBy(listed, ({ answer: { vintage, ...rest } }) =>
    general.has(keyOf(rest)) || vintage === undefined ? keyOf(rest) : keyOf({ ...rest, vintage }),
  );
  return [...byKey.values()].flatMap((same) => {
    const first = same.find(({ answer }) => isGeneral(answer)) ?? same[0];
    if (first === undefined) return [];
    const source = strongest(same.map(({ outcome }) => outcome.source));
    return [{ ...first.answer, source, provoke: first.outcome.provoke }];
  });
}

function answerOf(vendor: string, { operation, status, phase, vintage, ...rest }: Outcome): CountedAnswer {
  const { sign = rest.code ?? "" } = rest;
  return {
    vendor,
    operation,
    status,
    ...(sign !== "" && { code: sign }),
    ...(phase !== undefined && { phase }),
    ...(vintage !== undefined && { vintage }),
    isListed: true,
  };
}

function isGeneral({ vintage }: CountedAnswer): boolean {
  return vintage === undefined;
}

type Keyed = Omit<CountedAnswer, "vendor" | "isListed">;

function keyOf({ operation, status, code, phase, vintage }: Keyed): string {
  return JSON.stringify([operation, status, code, phase, vintage]);
}

function strongest(sources: readonly Source[]): Source {
  return sources.reduce((best, each) => (STRENGTH.indexOf(each) > STRENGTH.indexOf(best) ? each : best));
}
