/** Refuses list queries with mistyped names, because an empty list would look like a valid answer. */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { checkAccountName, checkMatch, hasSeen } from "./match-check.ts";
import { vendorNamed } from "../names.ts";
import type { ControlOptions } from "../scope.ts";

/** Throws `unknown-name` for an unknown vendor or account in a query. Labels and ids are not checked. */
export function checkOwner(
  { vendors }: Pick<ControlOptions, "vendors">,
  sandbox: Sandbox,
  { vendor, account }: { readonly vendor?: string | undefined; readonly account?: string | undefined },
): void {
  if (vendor !== undefined) vendorNamed(vendors, vendor, "query.vendor");
  if (account !== undefined) checkAccountName(account, "query.account", sandbox.accounts.names());
}

/** Checks a query of the journal: its vendor, account, operation, method and path. */
export function checkRequestFilter(
  options: Pick<ControlOptions, "vendors" | "context">,
  sandbox: Sandbox,
  filter: {
    readonly vendor?: string | undefined;
    readonly account?: string | undefined;
    readonly operation?: string | undefined;
    readonly method?: string | undefined;
    readonly path?: string | undefined;
  },
): void {
  const { vendor, account, operation, method, path } = filter;
  checkMatch(options, { vendor, account, operation, method: method?.toUpperCase(), path }, "query", {
    accounts: sandbox.accounts.names(),
    hasSeen: hasSeen(options.context.journals.of(sandbox)),
  });
}
