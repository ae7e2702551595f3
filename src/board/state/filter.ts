/** Searches requests: words that occur anywhere, and `field:value` for one field. */
import type { RequestRow } from "./model.ts";

type Test = (row: RequestRow) => boolean;

const fields: Readonly<Record<string, (row: RequestRow) => string>> = {
  vendor: (row) => row.vendor ?? "",
  op: (row) => row.operation ?? "",
  operation: (row) => row.operation ?? "",
  method: (row) => row.method,
  account: (row) => row.account ?? "",
  label: (row) => row.label ?? "",
  state: (row) => row.state,
  scenario: (row) => row.scenario ?? "",
  rule: (row) => row.rules.join(" "),
  id: (row) => row.generations.join(" "),
};

/** Returns the test of a search, or undefined for an empty one. `status:4xx` stands for a class. */
export function searchOf(text: string): Test | undefined {
  const tests = text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(testOf);
  if (tests.length === 0) return undefined;
  return (row) => tests.every((test) => test(row));
}

function testOf(word: string): Test {
  const [, name = "", value = ""] = /^([a-z]+):(.+)$/i.exec(word) ?? [];
  const wanted = value.toLowerCase();
  if (name === "status") {
    const pattern = wanted.replaceAll("x", "");
    return ({ status, state }) => (status === null ? state === wanted : String(status).startsWith(pattern));
  }
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field !== undefined) return (row) => field(row).toLowerCase().includes(wanted);
  const plain = word.toLowerCase();
  return (row) =>
    row.url.toLowerCase().includes(plain) ||
    [row.method, row.operation, row.label, row.scenario, row.fault, ...row.generations].some(
      (each) => each?.toLowerCase().includes(plain) === true,
    );
}
