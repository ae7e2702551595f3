/** Reports a run: progress on stderr during the run, and tables and verdicts at its end. */
import { aaSpreadOf, judge, LEAST_BUSY, NOISY_ABOVE, type Ratio, type Spread, type Verdict } from "./arithmetic.ts";
import type { ReferenceFigures } from "./results.ts";

const began = performance.now();

/** Prints the time and the current step to stderr. */
export function progress(what: string): void {
  const seconds = Math.round((performance.now() - began) / 1000);
  const clock = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  process.stderr.write(`[${clock}] ${what}\n`);
}

interface Floor {
  readonly what: string;
  readonly measured: number;
  readonly promised: number;
  /** The A/A spread; undefined for a figure that is not a ratio of two servers. */
  readonly aaSpread: number | undefined;
  readonly verdict: Verdict;
}

export class Report {
  readonly #lines: string[] = [];
  readonly #floors: Floor[] = [];
  readonly #noisy: string[] = [];

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

  /**
   * Reports the cost of a section's reference, and the A/A spread of the reference and its twin. `busy` is the part of
   * the time in which the reference was busy; a low value shows that the machine was busy during the warm-up too.
   */
  reference(figures: ReferenceFigures, unit: string, busy?: number): void {
    const { name, all, quietest, quietestCount, leastInWarmUp, aa, isNoisy } = figures;
    this.say(
      `Reference: ${name}: ${spread(all)} ${unit} over all rounds, ${spread(quietest)} in the ${quietestCount} quietest rounds; its least cost in the warm-up was ${figure(leastInWarmUp)}. A/A ratio of two processes: ${spread(aa.quietest)} in the quietest rounds, a spread of ${factor(aaSpreadOf(aa.quietest))}; ${spread(aa.all)} over all rounds.`,
    );
    if (isNoisy) this.noisy(name, all.median, leastInWarmUp);
    this.apart(name, aaSpreadOf(aa.quietest));
    if (busy !== undefined && !(busy >= LEAST_BUSY))
      this.#callNoisy(
        `${name} had its core for ${percent(busy)} of the time; a quiet run needs at least ${percent(LEAST_BUSY)}`,
      );
  }

  /** Marks the run as noisy because of one reference. */
  noisy(name: string, median: number, leastInWarmUp: number): void {
    const times = figure(median / leastInWarmUp);
    const costs = `${figure(median)} to ${figure(leastInWarmUp)}`;
    this.#callNoisy(
      `${name} cost ${times} times its least cost in the warm-up (${costs}); a quiet run needs at most ${NOISY_ABOVE}`,
    );
  }

  /** Marks the run as noisy if an A/A pair differs so much that its spread would tolerate noise. */
  apart(name: string, aaSpread: number): void {
    if (aaSpread <= NOISY_ABOVE) return;
    this.#callNoisy(
      `the two processes of ${name} differed by ${factor(aaSpread)}; a quiet run needs at most ${NOISY_ABOVE}`,
    );
  }

  #callNoisy(why: string): void {
    this.#noisy.push(why);
    this.say(`**Noisy**: ${why}.`);
  }

  /** The reasons why the run is noisy, by reference; empty for a quiet run. */
  get noise(): readonly string[] {
    return this.#noisy;
  }

  /** Reports the ratio of two cases, if the other case was measured. */
  sideBySide(name: string, other: string | undefined, ratioTo: (other: string) => Ratio): void {
    if (other === undefined) return;
    const { quietest, all } = ratioTo(other);
    this.say(`${name} to ${other}: ${spread(quietest)} in the quietest rounds, ${spread(all)} over all rounds.`);
  }

  /** Judges a figure by its promised maximum. A ratio may exceed the maximum by its A/A spread. */
  floor(what: string, measured: number, promised: number, aaSpread?: number): void {
    const floor = { what, measured, promised, aaSpread, verdict: judge(measured, promised, aaSpread ?? 1) };
    this.#floors.push(floor);
    this.say(`Floor: ${what}: ${figure(measured)}, promised at most ${promised}: ${floor.verdict}.`);
  }

  get missed(): string[] {
    return this.#floors
      .filter(({ verdict }) => verdict === "missed")
      .map(({ what, measured, promised }) => `${what}: ${figure(measured)} instead of ${promised}`);
  }

  /** Returns the whole page: the introduction, every verdict, and the sections. */
  render(introduction: readonly string[], ending: string): string {
    const verdicts = new Report();
    if (this.#noisy.length > 0) {
      verdicts.say("**This run was noisy: do not quote its figures. Its verdicts prove nothing.**");
      verdicts.list(this.#noisy);
    }
    verdicts.table(
      ["promise", "measured", "at most", "A/A spread", "verdict"],
      this.#floors.map(({ what, measured, promised, aaSpread, verdict }) => [
        what,
        figure(measured),
        String(promised),
        aaSpread === undefined ? "" : factor(aaSpread),
        verdict,
      ]),
    );
    const paragraphs = introduction.flatMap((paragraph) => [paragraph, ""]);
    return [...paragraphs, ...verdicts.#lines, ...this.#lines, ending].join("\n");
  }
}

/** Formats a number with the precision of its measurement. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return "not measured";
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** Formats a median with its quartiles. */
export function spread({ low, median, high }: Spread): string {
  return `${figure(median)} (${figure(low)}-${figure(high)})`;
}

/** Returns the cells of a ratio: over the quietest rounds, and over all rounds. */
export function ratioCells({ quietest, all }: Ratio): [string, string] {
  return [spread(quietest), spread(all)];
}

export function megabytes(kib: number): string {
  return `${Math.round(kib / 1024)}`;
}

export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function factor(value: number): string {
  return value.toFixed(3);
}
