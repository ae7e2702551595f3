/** Reads the minimum coverage that a run must reach, and compares a run with it. */
import { InvalidArgumentError, Option } from "commander";
import type { CoverageDocument, Share } from "../../client/documents.ts";
import { nearestNames } from "../../wording/nearest.ts";
import { Failure } from "../failure.ts";

/** A minimum in percent: of all answers of used operations, or of those of one vendor or class of status. */
export interface MinimumCoverage {
  /** A vendor's name or a class such as `4xx`; undefined for all. */
  readonly of: string | undefined;
  readonly percent: number;
}

const FORM = /^(?:([a-z][a-z0-9-]*|[1-5]xx)=)?(\d{1,3}(?:\.\d+)?)%?$/;

/** Returns the option `--min-coverage`, which may be repeated and takes lists. */
export function minCoverageOption(): Option {
  return new Option(
    "--min-coverage <PERCENT>",
    "Fail below this coverage: 80, or of a vendor or a class of status: sync=60,2xx=100",
  )
    .default([], "none")
    .argParser((value: string, earlier: readonly MinimumCoverage[]) => [...earlier, ...value.split(",").map(parsed)]);
}

export interface MinCoverageOptions {
  readonly minCoverage: readonly MinimumCoverage[];
}

function parsed(text: string): MinimumCoverage {
  const [, of, percent] = FORM.exec(text.trim()) ?? [];
  if (percent === undefined || Number(percent) > 100)
    throw new InvalidArgumentError("Write a percentage from 0 to 100, such as 80, sync=60 or 4xx=25.");
  return { of, percent: Number(percent) };
}

/** Throws {@link Failure} for a minimum of an unknown vendor. */
export function refuseUnknownVendors(minima: readonly MinimumCoverage[], vendors: readonly string[]): void {
  for (const { of } of minima) {
    if (of === undefined || /^[1-5]xx$/.test(of) || vendors.includes(of)) continue;
    const near = nearestNames(of, vendors);
    throw new Failure(
      2,
      `--min-coverage: no vendor "${of}". ${near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `The vendors are: ${vendors.join(", ")}.`}`,
    );
  }
}

/** Returns a line for each minimum that the run does not reach. */
export function shortfallsOf(minima: readonly MinimumCoverage[], document: CoverageDocument): string[] {
  return minima.flatMap(({ of, percent }) => {
    const share = shareOf(document, of);
    if (share === undefined || share.percent >= percent) return [];
    const what = of === undefined ? "" : ` of ${of}`;
    return [
      `coverage${what} is ${share.percent} % (${share.met} of ${share.rows} answers), less than the ${percent} % of --min-coverage`,
    ];
  });
}

/**
 * Returns the share of a vendor or a class. A vendor that was not used has met nothing; undefined for a class that the
 * used operations do not have.
 */
function shareOf({ vendors, classes, ...all }: CoverageDocument, of: string | undefined): Share | undefined {
  if (of === undefined) return all;
  const found = vendors.find(({ vendor }) => vendor === of) ?? classes.find((each) => each.class === of);
  return found ?? (/^\dxx$/.test(of) && all.rows > 0 ? undefined : { rows: 0, met: 0, percent: 0 });
}
