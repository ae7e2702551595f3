/** Parts of provocations that several resources share. */
import type { Outcome, Provocation } from "../../http/outcomes.ts";

/** A UUID that nothing has. */
export const NOBODY = "00000000-0000-4000-8000-000000000000";

export function withoutAccount({ account: _account, ...provocation }: Provocation): Provocation {
  return provocation;
}

/** The two 401 of every route that asks for a key, and a revoked key's. */
export function rejectedKeys(operation: Outcome["operation"], provoke: Provocation): Outcome[] {
  const keyless = withoutAccount(provoke);
  return [
    { operation, status: 401, source: "client", provoke: keyless },
    { operation, status: 401, source: "client", provoke: { ...keyless, key: "sk-unknown" } },
    { operation, status: 401, source: "client", provoke: { ...keyless, account: "revoked" } },
  ];
}
