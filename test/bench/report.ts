/** What a run says: progress to stderr while it goes on, tables and verdicts at its end. */
import { judge, type Spread, type Verdict } from "./arithmetic.ts";

const began = performance.now();

/** Tells a person that it goes on. */
export function progress(what: string): void {
  const seconds = Math.round((performance.now() - began) / 1000);
  const clock = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  process.stderr.write(`[${clock}] ${what}\n`);
}

interface Floor {
  readonly what: string;
  readonly measured: number;
  readonly promised: number;
  readonly verdict: Verdict;
}

export class Report {
  readonly #lines: string[] = [];
  readonly #floors: Floor[] = [];

  /** Begins a section. */
  section(title: string): void {
    progress(title);
    this.#lines.push(`## ${title}`, "");
  }

  say(paragraph: string): void {
    this.#lines.push(paragraph, "");
  }

  list(items: readonly string[]): void {
    if (items.length > 0) this.#lines.push(...items.map((item) => `- ${item}`), "");
  }

  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
    const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
    this.#lines.push(line(head), line(rule), ...rows.map(line), "");
  }

  /** Judges a ratio by what is promised of it: at most that much. */
  floor(what: string, measured: number, promised: number): void {
    const floor = { what, measured, promised, verdict: judge(measured, promised) };
    this.#floors.push(floor);
    this.say(`Floor: ${what}: ${figure(measured)}, promised at most ${promised}: ${floor.verdict}.`);
  }

  get missed(): string[] {
    return this.#floors
      .filter(({ verdict }) => verdict === "missed")
      .map(({ what, measured, promised }) => `${what}: ${figure(measured)} instead of ${promised}`);
  }

  /** The whole page: what the run was, every verdict, and its sections. */
  render(introduction: readonly string[], ending: string): string {
    const verdicts = new Report();
    verdicts.table(
      ["what is promised", "measured", "at most", "verdict"],
      this.#floors.map(({ what, measured, promised, verdict }) => [what, figure(measured), String(promised), verdict]),
    );
    const paragraphs = introduction.flatMap((paragraph) => [paragraph, ""]);
    return [...paragraphs, ...verdicts.#lines, ...this.#lines, ending].join("\n");
  }
}

/** A number with as many digits as it was measured with. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return "not measured";
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** A median with its quartiles. */
export function spread({ low, median, high }: Spread): string {
  return `${figure(median)} (${figure(low)}-${figure(high)})`;
}

export function megabytes(kib: number): string {
  return `${Math.round(kib / 1024)}`;
}
