/** What a run says: progress to stderr while it goes on, tables and verdicts at its end. */
import { aaSpreadOf, judge, LEAST_BUSY, NOISY_ABOVE, type Ratio, type Spread, type Verdict } from "./arithmetic.ts";
import type { ReferenceFigures } from "./results.ts";

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
  /** Undefined for a figure that is not a ratio of two servers. */
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
   * Says what a section's reference cost, and how far it and its twin came apart. `busy`, the part of the time that it
   * was at work, tells a machine that was as busy during the warm-up.
   */
  reference(figures: ReferenceFigures, unit: string, busy?: number): void {
    const { name, all, quietest, quietestCount, leastInWarmUp, aa, isNoisy } = figures;
    this.say(
      `Reference: ${name}: ${spread(all)} ${unit} over all rounds, ${spread(quietest)} in the ${quietestCount} quietest; the least of its warm-up was ${figure(leastInWarmUp)}. A/A, the same in two processes: ${spread(aa.quietest)} in the quietest rounds, which is a spread of ${factor(aaSpreadOf(aa.quietest))}; ${spread(aa.all)} over all.`,
    );
    if (isNoisy) this.noisy(name, all.median, leastInWarmUp);
    this.apart(name, aaSpreadOf(aa.quietest));
    if (busy !== undefined && !(busy >= LEAST_BUSY))
      this.#callNoisy(
        `${name} had its core for ${percent(busy)} of the time; ${percent(LEAST_BUSY)} is the least for a quiet run`,
      );
  }

  /** Calls the run noisy, because of one reference. */
  noisy(name: string, median: number, leastInWarmUp: number): void {
    const times = figure(median / leastInWarmUp);
    const costs = `${figure(median)} to ${figure(leastInWarmUp)}`;
    this.#callNoisy(
      `${name} cost ${times} times the least of its warm-up (${costs}); ${NOISY_ABOVE} is the most for a quiet run`,
    );
  }

  /** Calls the run noisy when an A/A pair came so far apart that its spread would let pass what noise made. */
  apart(name: string, aaSpread: number): void {
    if (aaSpread <= NOISY_ABOVE) return;
    this.#callNoisy(
      `${name}, twice the same, came apart by ${factor(aaSpread)}; ${NOISY_ABOVE} is the most for a quiet run`,
    );
  }

  #callNoisy(why: string): void {
    this.#noisy.push(why);
    this.say(`**Noisy**: ${why}.`);
  }

  /** Why the run is noisy, by reference; empty for a quiet one. */
  get noise(): readonly string[] {
    return this.#noisy;
  }

  /** Says what one case cost in what another did, where the other was measured. */
  sideBySide(name: string, other: string | undefined, ratioTo: (other: string) => Ratio): void {
    if (other === undefined) return;
    const { quietest, all } = ratioTo(other);
    this.say(`${name} to ${other}: ${spread(quietest)} in the quietest rounds, ${spread(all)} over all.`);
  }

  /** Judges a figure by what is promised of it: at most that much, beyond which only the A/A spread of a ratio is let pass. */
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

  /** The whole page: what the run was, every verdict, and its sections. */
  render(introduction: readonly string[], ending: string): string {
    const verdicts = new Report();
    if (this.#noisy.length > 0) {
      verdicts.say("**This run was noisy: its figures are not to be quoted, and its verdicts prove nothing.**");
      verdicts.list(this.#noisy);
    }
    verdicts.table(
      ["what is promised", "measured", "at most", "A/A spread", "verdict"],
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

/** The cells of a ratio: over the quietest rounds, then over all. */
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
