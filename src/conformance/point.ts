/** Decides whether a client came to the point of a case; before it, nothing that the client did says anything. */
import type { CaseDocument } from "./case-document.ts";
import type { Observation } from "./observation.ts";
import { matchesStatus, type Judged } from "./predicates.ts";

/** Returns whether the point was met; without a stated one, the first fault was applied, or a job was made. */
export function pointMet({ point, faults }: CaseDocument, observed: Observation): Judged {
  const stated = Object.keys(point).length > 0 ? point : faults.length > 0 ? { fault: 1 } : { made: 1 };
  const { made, fault, times = 1, scenario, over, step, requests, deliveries, lost, held } = stated;
  const checks: Judged[] = [];
  const check = (holds: boolean, seen: string, ids: readonly number[] = []): void => {
    checks.push({ holds, seen, requests: ids });
  };
  if (made !== undefined) check(observed.made.length >= made, `${observed.made.length} jobs were made`);
  if (fault !== undefined) {
    const met = observed.faulted(fault);
    check(met.length >= times, `fault ${fault} was applied ${met.length} times`, idsOf(met));
  }
  if (scenario !== undefined) {
    const hits = observed.recorded.rules
      .filter((rule) => rule.scenario !== null)
      .reduce((sum, rule) => sum + rule.hits, 0);
    check(hits > 0, `the scenario was applied ${hits} times`);
  }
  if (over === true) check(observed.event("over") !== undefined, "the client was never told that a job had ended");
  if (step !== undefined)
    check(observed.recorded.steps.length >= step, `${observed.recorded.steps.length} steps were carried out`);
  if (requests !== undefined) {
    const { of: group, count, status } = requests;
    const found = observed
      .of(group)
      .filter(({ request }) => status === undefined || matchesStatus(request.status, [status]));
    check(found.length >= count, `${found.length} such ${group} requests came`, idsOf(found));
  }
  if (deliveries !== undefined)
    check(observed.answered.length >= deliveries, `${observed.answered.length} deliveries were answered`);
  if (lost === true)
    check(
      observed.recorded.deliveries.some(({ status }) => status === "lost"),
      "no delivery was due",
    );
  if (held === true) {
    const met = observed.faulted(1);
    check(
      met.some(({ request }) => observed.groups.contains("held-poll", request)),
      "the fault met no read that asks to be held",
      idsOf(met),
    );
  }
  const missing = checks.filter((each) => !each.holds);
  return {
    holds: missing.length === 0,
    seen: (missing.length > 0 ? missing : checks).map(({ seen }) => seen).join("; "),
    requests: checks.flatMap((each) => each.requests).slice(0, 50),
  };
}

function idsOf(found: readonly { readonly request: { readonly id: number } }[]): number[] {
  return found.map(({ request }) => request.id);
}
