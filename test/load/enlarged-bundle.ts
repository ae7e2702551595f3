/** Makes a bundle with as many generations as wanted from a sandbox with one, and restores it. */
import { send } from "./sending.ts";

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const JSON_TYPE = { "content-type": "application/json" };
const PIECE_LENGTH = 64 * 1024;

/** Fills a sandbox with unfinished generations of oxen on a frozen clock; returns the status of the restoring. */
export async function fillSandbox(url: string, sandbox: string, count: number): Promise<number | string> {
  const path = `${url}/_fauxgen/sandboxes/${sandbox}`;
  const frozen = JSON.stringify({ clock: { mode: "frozen" } });
  await fetch(path, { method: "PUT", headers: JSON_TYPE, body: frozen });
  await fetch(`${url}/api/ai/queue`, {
    method: "POST",
    headers: { authorization: `Bearer fx_${sandbox}_main`, ...JSON_TYPE },
    body: JSON.stringify({ model: "flux-2-dev", prompt: "a lighthouse fauxgen:stuck" }),
  });
  const saved = (await (await fetch(`${path}/bundle`)).json()) as { tables: Record<string, Table> };
  return send(`${path}/bundle`, { method: "PUT", headers: JSON_TYPE }, enlarge(saved, count));
}

function* enlarge({ tables, ...head }: { readonly tables: Readonly<Record<string, Table>> }, count: number) {
  let waiting = `${JSON.stringify(head).slice(0, -1)},"tables":{`;
  let separator = "";
  for (const [name, { columns, rows }] of Object.entries(tables)) {
    waiting += `${separator}${JSON.stringify(name)}:{"columns":${JSON.stringify(columns)},"rows":[`;
    separator = "]},";
    const made = name === "generations" ? copies({ columns, rows }, count) : name === "outputs" ? [] : rows;
    let comma = "";
    for (const row of made) {
      waiting += comma + JSON.stringify(row);
      comma = ",";
      if (waiting.length < PIECE_LENGTH) continue;
      yield Buffer.from(waiting);
      waiting = "";
    }
  }
  yield Buffer.from(`${waiting}]}}}`);
}

function* copies({ columns, rows }: Table, count: number): Generator<readonly unknown[]> {
  const [row = []] = rows;
  const [idAt, publicIdAt, documentAt] = ["id", "public_id", "document"].map((column) => columns.indexOf(column));
  const publicId = String(row[publicIdAt ?? -1]);
  for (let copy = 1; copy <= count; copy += 1) {
    const ownId = publicId.slice(0, -8) + String(copy).padStart(8, "0");
    yield row.map((value, at) => {
      if (at === idAt) return copy;
      if (at === publicIdAt) return ownId;
      return at === documentAt ? String(value).replaceAll(publicId, ownId) : value;
    });
  }
}
