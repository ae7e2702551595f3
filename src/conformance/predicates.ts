/** Decides whether an expectation holds, from what was observed, with the requests that it rests on. */
import type { Base } from "./base.ts";
import type { Expectation, OperationGroup, Statuses } from "./expectation-document.ts";
import { limitOf } from "./limit.ts";
import type { Observation, Seen } from "./observation.ts";

/** What is allowed beside every time, because clocks and sockets have a grain. */
const SLACK_MS = 50;

/** Whether an expectation holds, in words, and the requests that show it. */
export interface Judged {
  readonly holds: boolean;
  /** What was seen, as a sentence without a full stop. */
  readonly seen: string;
  readonly requests: readonly number[];
}

export function judge(expectation: Expectation, observed: Observation, base: Base): Judged {
  if ("not" in expectation) {
    const inner = judge(expectation.not, observed, base);
    return { ...inner, holds: !inner.holds };
  }
  if ("either" in expectation) {
    const options = expectation.either.map((all) => all.map((each) => judge(each, observed, base)));
    const holds = options.some((all) => all.every((each) => each.holds));
    const shown = holds ? options.filter((all) => all.every((each) => each.holds)) : options;
    return {
      holds,
      seen: shown.flatMap((all) => all.map(({ seen }) => seen)).join("; "),
      requests: [...new Set(shown.flatMap((all) => all.flatMap(({ requests }) => requests)))],
    };
  }
  if ("exit" in expectation) return exited(expectation.exit, observed);
  if ("ends" in expectation) return ended(expectation.ends, observed);
  if ("none" in expectation) return none(expectation.none, observed);
  if ("atMost" in expectation) return counted(expectation.atMost, observed, base, (number, limit) => number <= limit);
  if ("atLeast" in expectation) return counted(expectation.atLeast, observed, base, (number, limit) => number >= limit);
  if ("spaced" in expectation) return spaced(expectation.spaced, observed);
  if ("same" in expectation) return same(expectation.same, observed);
  if ("rests" in expectation) return rests(observed, base);
  if ("keyed" in expectation) return keyed(observed);
  if ("order" in expectation) return ordered(expectation.order, observed);
  if ("delivered" in expectation) return delivered(expectation.delivered, observed);
  if ("downloaded" in expectation) return downloaded(expectation.downloaded, observed);
  if ("keyless" in expectation) return keyless(observed);
  if ("untouched" in expectation)
    return {
      holds: observed.recorded.canaryFetched !== true,
      seen: `the forged link was ${observed.recorded.canaryFetched === true ? "" : "not "}asked for`,
      requests: [],
    };
  if ("vendor" in expectation) {
    const vendor = observed.made[0]?.vendor ?? observed.requests[0]?.request.vendor ?? "";
    return { holds: expectation.vendor.includes(vendor), seen: `the vendor is ${vendor}`, requests: [] };
  }
  return {
    holds: observed.recorded.artifact === true,
    seen: `the client's file ${observed.recorded.artifact === true ? "equals" : "does not equal"} a file that was served`,
    requests: [],
  };
}

type Part<Name extends string> = Expectation extends infer Each
  ? Each extends Readonly<Record<Name, infer Value>>
    ? Value
    : never
  : never;

/** Describes how the command ended. */
export function describeExit({ recorded: { exit } }: Observation): string {
  const took = `after ${seconds(exit.endedAt - exit.startedAt)}`;
  if (exit.endedBy === "hang") return `the command was still running ${took} and was ended`;
  if (exit.endedBy === "stop") return `the command was still running ${took}, when the case had seen enough`;
  if (exit.code === undefined) return `the command died of ${exit.signal ?? "an unknown cause"} ${took}`;
  return `the command ended with ${exit.code} ${took}`;
}

function exited(wanted: "zero" | "nonzero", observed: Observation): Judged {
  const { code, endedBy } = observed.recorded.exit;
  const holds = endedBy === undefined && code !== undefined && (code === 0) === (wanted === "zero");
  return { holds, seen: describeExit(observed), requests: [] };
}

function ended({ within, after }: Part<"ends">, observed: Observation): Judged {
  const event = observed.event(after);
  const { exit } = observed.recorded;
  if (event === undefined) return { holds: exit.endedBy === undefined, seen: describeExit(observed), requests: [] };
  const took = exit.endedAt - event.at;
  return {
    holds: exit.endedBy === undefined && took <= within + SLACK_MS,
    seen: `${describeExit(observed)}, ${seconds(took)} after ${after}`,
    requests: event.request === undefined ? [] : [event.request],
  };
}

function none({ of: group, after, for: forMs, less }: Part<"none">, observed: Observation): Judged {
  const event = observed.event(after);
  if (event === undefined) return { holds: true, seen: `${after} did not happen`, requests: [] };
  const until = forMs === "retry-after" ? (retryDateOf(observed, event.request) ?? event.at) : event.at + forMs;
  const early = observed
    .of(group)
    .filter(
      ({ request, at }) =>
        request.id !== event.request &&
        at >= event.at &&
        at < until - less - SLACK_MS &&
        !isRepeatBelow(request.id, observed),
    );
  const [first] = early;
  const seen =
    first === undefined
      ? `no ${group} request came within ${seconds(until - less - event.at)} of ${after}`
      : `${early.length === 1 ? `a ${group} request` : `${early.length} ${group} requests`} came within ${seconds(until - less - event.at)} of ${after}, the first after ${seconds(first.at - event.at)}`;
  return { holds: first === undefined, seen, requests: withEvent(event.request, early) };
}

/** Returns when the time of the answer's Retry-After date is over. */
function retryDateOf(observed: Observation, id: number | undefined): number | undefined {
  const found = observed.requests.find(({ request }) => request.id === id);
  const text = found?.request.response.retryAfter ?? null;
  if (found === undefined || text === null) return undefined;
  if (/^\d+$/.test(text)) return (found.answeredAt ?? found.at) + Number(text) * 1000;
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  // The date is the sandbox's, whose clock may differ from the client's.
  return found.at + (date - Date.parse(found.request.at)) / observed.recorded.rate;
}

function counted(
  { of: group, count, after, for: forMs, status }: Part<"atMost">,
  observed: Observation,
  base: Base,
  isRight: (number: number, limit: number) => boolean,
): Judged {
  const event = after === undefined ? undefined : observed.event(after);
  if (after !== undefined && event === undefined) return { holds: true, seen: `${after} did not happen`, requests: [] };
  const until = event === undefined || forMs === undefined ? Number.POSITIVE_INFINITY : event.at + forMs;
  const found = observed
    .of(group)
    .filter(
      ({ request, at }) =>
        (event === undefined || (at >= event.at && request.id !== event.request)) &&
        at <= until &&
        (status === undefined || matchesStatus(request.status, [status])),
    );
  const limit = limitOf(count, base);
  const scope = [
    ...(status === undefined ? [] : [`answered ${status}`]),
    ...(after === undefined ? [] : [`${forMs === undefined ? "" : `within ${seconds(forMs)} `}after ${after}`.trim()]),
  ].join(" ");
  return {
    holds: isRight(found.length, limit),
    seen: `${found.length} ${group} request${found.length === 1 ? "" : "s"}${scope === "" ? "" : ` ${scope}`} (limit ${Math.round(limit)})`,
    requests: withEvent(event?.request, found.slice(0, 50)),
  };
}

function spaced({ of: group, by, after }: Part<"spaced">, observed: Observation): Judged {
  const event = after === undefined ? undefined : observed.event(after);
  const found = observed
    .of(group)
    .filter(({ at, request }) => event === undefined || at >= event.at || request.id === event.request);
  const close = found.flatMap((each, index) => {
    const before = found[index - 1];
    // An answer that takes long must not make its successor look early.
    const gap = before === undefined ? Number.POSITIVE_INFINITY : each.at - (before.answeredAt ?? before.at);
    return gap < by - SLACK_MS ? [{ each, before, gap }] : [];
  });
  const [first] = close;
  return {
    holds: first === undefined,
    seen:
      first === undefined
        ? `${found.length} ${group} requests, at least ${seconds(by)} apart`
        : `${close.length + 1} ${group} requests were closer than ${seconds(by)}, the first two ${seconds(first.gap)} apart`,
    requests: close.flatMap(({ each, before }) => [
      ...(before === undefined ? [] : [before.request.id]),
      each.request.id,
    ]),
  };
}

function same({ of: group, what }: Part<"same">, observed: Observation): Judged {
  const found = observed.of(group);
  const values = new Set(found.map((each) => textOf(each, what)));
  return {
    holds: values.size <= 1,
    seen: `${found.length} ${group} requests with ${values.size} different ${what === "body" ? "bodies" : `values of ${what.slice(7)}`}`,
    requests: found.map(({ request }) => request.id),
  };
}

function textOf({ request: { request } }: Seen, what: string): string {
  if (what !== "body") return request.headers[what.slice("header:".length)] ?? "";
  return JSON.stringify(request.body, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

function rests(observed: Observation, base: Base): Judged {
  const late = observed.pollsAfterEnd();
  return {
    holds: late.length <= base.pollsAfterEnd,
    seen: `${late.length} reads of jobs whose end had been told`,
    requests: ids(late),
  };
}

function keyed(observed: Observation): Judged {
  const name = observed.groups.idempotencyHeader;
  const found = observed.of("create");
  const bare = found.filter(({ request }) => name === undefined || request.request.headers[name] === undefined);
  return {
    holds: bare.length === 0,
    seen:
      name === undefined
        ? "the vendor has no idempotency key"
        : `${bare.length} of ${found.length} creates had no ${name}`,
    requests: bare.map(({ request }) => request.id),
  };
}

function ordered(order: readonly OperationGroup[], observed: Observation): Judged {
  const used: Seen[] = [];
  for (const group of order) {
    const after = used.at(-1)?.request.id ?? 0;
    const next = observed.of(group).find(({ request }) => request.id > after);
    if (next === undefined)
      return {
        holds: false,
        seen: `no ${group} request came${used.length === 0 ? "" : " after these"}`,
        requests: ids(used),
      };
    used.push(next);
  }
  return { holds: true, seen: order.join(", then "), requests: ids(used) };
}

function delivered({ which, status, within }: Part<"delivered">, observed: Observation): Judged {
  if (which === "forged" || which === "unknown") {
    const answers = observed.recorded.steps.flatMap(({ answer }) => (answer?.kind === which ? [answer] : []));
    return {
      holds: answers.length > 0 && answers.every((answer) => matchesStatus(answer.status ?? null, status)),
      seen: answers.map((answer) => `the ${which} webhook was answered ${answer.status ?? "not at all"}`).join("; "),
      requests: [],
    };
  }
  const { deliveries } = observed.recorded;
  const wanted = which === "all" ? deliveries : deliveries.slice(which === "first" ? 0 : -1).slice(0, 1);
  const wrong = wanted.flatMap(({ id, attempts: all, createdAt }) => {
    // A receiver that has left with its client answers nothing, which is not an answer.
    const attempts = all.filter(({ ending }) => ending !== "unreachable");
    if (attempts.length === 0) return [];
    const right = attempts.find((attempt) => matchesStatus(attempt.status, status));
    if (right === undefined)
      return [`${id} was answered ${attempts.map((each) => each.status ?? each.ending).join(", ")}`];
    const took = (Date.parse(right.endedAt) - Date.parse(createdAt)) / observed.recorded.rate;
    return within !== undefined && took > within + SLACK_MS ? [`${id} was answered after ${seconds(took)}`] : [];
  });
  return {
    holds: wrong.length === 0,
    seen: wrong.length === 0 ? `${wanted.length} deliveries were answered ${status.join(" or ")}` : wrong.join("; "),
    requests: [],
  };
}

function downloaded(wanted: "good" | "once", observed: Observation): Judged {
  const whole = observed.wholeDownloads().size;
  const made = observed.filesMade;
  const found = observed.of("download").filter(({ request }) => (request.status ?? 0) < 300);
  const twice = found.length - new Set(found.map(({ request }) => request.path)).size;
  const isOnce = wanted === "good" || twice === 0;
  return {
    holds: whole >= made && isOnce,
    seen: `${whole} of ${made} files were fetched whole${isOnce ? "" : `, ${twice} of them again`}`,
    requests: ids(found),
  };
}

function keyless(observed: Observation): Judged {
  const { keyHeaders } = observed.recorded;
  const leaking = observed
    .of("download")
    .filter(({ request }) => request.path.startsWith("/_media/") || request.url.includes("moved=1"))
    .filter(({ request }) => keyHeaders.some((name) => request.request.headers[name] !== undefined));
  return {
    holds: leaking.length === 0,
    seen: `${leaking.length} file requests had the API key`,
    requests: ids(leaking),
  };
}

/**
 * Returns whether a request only repeats one that was cut off, within the same moment: the transport below the client
 * may do so once, on a connection that was kept open.
 */
function isRepeatBelow(id: number, observed: Observation): boolean {
  const index = observed.requests.findIndex(({ request }) => request.id === id);
  const [before, each] = [observed.requests[index - 1], observed.requests[index]];
  if (before === undefined || each === undefined || before.request.state !== "dropped") return false;
  return (
    before.request.method === each.request.method &&
    before.request.url === each.request.url &&
    each.at - before.at < SLACK_MS &&
    before.request.method === "GET"
  );
}

/** Returns whether a status is one of those or of their classes. */
export function matchesStatus(status: number | null, wanted: Statuses): boolean {
  return status !== null && wanted.some((each) => String(status) === each || `${Math.floor(status / 100)}xx` === each);
}

function withEvent(event: number | undefined, found: readonly Seen[]): number[] {
  return [...(event === undefined ? [] : [event]), ...ids(found)];
}

function ids(found: readonly Seen[]): number[] {
  return found.map(({ request }) => request.id);
}

function seconds(milliseconds: number): string {
  return Math.abs(milliseconds) < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
