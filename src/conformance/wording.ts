/** Says an expectation in words, for people who read why a client failed. */
import type { Base } from "./base.ts";
import type { Expectation } from "./expectation-document.ts";
import { limitOf } from "./limit.ts";

export function describeExpectation(expectation: Expectation, base: Base): string {
  if ("not" in expectation) return `not: ${describeExpectation(expectation.not, base)}`;
  if ("either" in expectation)
    return expectation.either
      .map((all) => all.map((each) => describeExpectation(each, base)).join(" and "))
      .join(", or ");
  if ("exit" in expectation)
    return `the command ends by itself with ${expectation.exit === "zero" ? "0" : "another code than 0"}`;
  if ("ends" in expectation)
    return `the command ends within ${inSeconds(expectation.ends.within)} after ${expectation.ends.after}`;
  if ("none" in expectation) {
    const { of: group, after, for: time, less } = expectation.none;
    const until =
      time === "retry-after" ? "before the time of Retry-After" : `within ${inSeconds(time)} after ${after}`;
    return `no ${group} request ${until}${less > 0 ? ` less ${inSeconds(less)}` : ""}`;
  }
  if ("atMost" in expectation) return `at most ${number(expectation.atMost, base)}`;
  if ("atLeast" in expectation) return `at least ${number(expectation.atLeast, base)}`;
  if ("spaced" in expectation)
    return `${expectation.spaced.of} requests are at least ${inSeconds(expectation.spaced.by)} apart`;
  if ("same" in expectation)
    return `all ${expectation.same.of} requests have the same ${expectation.same.what === "body" ? "body" : expectation.same.what.slice(7)}`;
  if ("rests" in expectation)
    return `at most ${base.pollsAfterEnd} reads of jobs whose end was told, as when all goes well`;
  if ("keyed" in expectation) return "each create has the vendor's idempotency key";
  if ("order" in expectation) return `requests come in this order: ${expectation.order.join(", ")}`;
  if ("delivered" in expectation) {
    const { which, status, within } = expectation.delivered;
    return `the receiver answers ${which === "all" ? "every webhook" : `the ${which} webhook`} ${status.join(" or ")}${within === undefined ? "" : ` within ${inSeconds(within)}`}`;
  }
  if ("downloaded" in expectation)
    return `every file that was made is fetched whole${expectation.downloaded === "once" ? ", and once" : ""}`;
  if ("keyless" in expectation) return "no request to a file host has the API key";
  if ("untouched" in expectation) return "the forged link is never asked for";
  if ("vendor" in expectation) return `the vendor is ${expectation.vendor.join(" or ")}`;
  return "the client's file equals the file that was served";
}

type Counted = Extract<Expectation, { readonly atMost: unknown }>["atMost"];

function number({ of: group, count, after, for: forMs, status }: Counted, base: Base): string {
  const limit = Math.round(limitOf(count, base));
  return [
    `${limit} ${group} request${limit === 1 ? "" : "s"}`,
    ...(status === undefined ? [] : [`answered ${status}`]),
    ...(forMs === undefined ? [] : [`within ${inSeconds(forMs)}`]),
    ...(after === undefined ? [] : [`after ${after}`]),
  ].join(" ");
}

function inSeconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}
