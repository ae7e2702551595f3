/** Decodes and compares everything stored of a sandbox, with pauses: a bundle's before it is used, a file's on request. */
import { endpointsAt } from "../delivery/endpoints.ts";
import { chosenModes } from "../delivery/mode.ts";
import type { Outbox } from "../delivery/outbox.ts";
import type { Steps } from "../engine/base/turns.ts";
import type { Generation } from "../engine/model/generation.ts";
import { documentChecks, refuseForeign } from "../engine/sandbox/documents.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { ScenarioBook } from "../engine/sandbox/scenario-book.ts";
import { readRow, UnreadableRow } from "../store/unreadable-row.ts";
import type { Vendor } from "../vendors/vendor.ts";

export interface StoredCheckParts {
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly scenarios: ScenarioBook;
  readonly outbox: Outbox;
}

/** Throws `UnreadableRow` for the first row that cannot be used. */
export function* checkStored(sandbox: Sandbox, { vendors, scenarios, outbox }: StoredCheckParts): Steps<void> {
  const all = [...vendors.values()];
  for (const name of sandbox.accounts.names()) {
    for (const { name: vendor, accountState } of all) sandbox.account(name).stateAs(vendor, accountState);
    yield;
  }
  yield* sandbox.generations.checkAll((generation) => {
    checkGeneration(sandbox, vendors, generation);
  });
  const kinds = [...all.flatMap(({ name, documents = [] }) => [...documents, endpointsAt(name)]), chosenModes];
  for (const check of documentChecks(sandbox, kinds)) {
    check();
    yield;
  }
  const misfit = yield* sandbox.store.consistency.firstMisfit(sandbox.rowId);
  if (misfit !== undefined) throw new UnreadableRow(misfit.table, misfit.row, misfit.reason);
  scenarios.check(sandbox);
  yield* outbox.check(sandbox);
}

/** Checks what a generation's row says elsewhere again, and what its vendor keeps in it. Throws `UnreadableRow`. */
function checkGeneration(sandbox: Sandbox, vendors: ReadonlyMap<string, Vendor>, generation: Generation): void {
  const { id, vendor: name, accountId } = generation;
  const vendor = vendors.get(name);
  if (vendor === undefined) throw new UnreadableRow("generations", id, `no vendor is ${name}`);
  refuseForeign(sandbox, "generations", id, accountId);
  readRow("generations", id, () => {
    refuseMisplanned(generation);
    vendor.attributesOf?.(generation);
  });
}

/** Throws for a plan that the engine cannot have made: it would announce a phase twice, never, or at a wrong time. */
function refuseMisplanned({ timeline, announced, nextAt, createdAt, outputs }: Generation): void {
  const { steps } = timeline;
  const index = steps.findIndex(({ phase }) => phase === announced);
  const next = steps[index + 1];
  const expected = next === undefined ? null : createdAt + next.offset;
  if (nextAt !== expected)
    throw new Error(
      `its next transition is planned at ${nextAt}; by its timeline and its phase ${announced}, it is at ${expected}`,
    );
  if (new Set(steps.map(({ phase }) => phase)).size < steps.length) throw new Error("its timeline has one phase twice");
  if (new Set(outputs.map((output) => output.id)).size < outputs.length)
    throw new Error("two of its outputs have one id");
}
