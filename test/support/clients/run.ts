/**
 * Runs a reference client as a command: `node run.ts CLIENT VENDOR`, such as `node run.ts polling oxen`. The environment
 * names the vendor's base URL and key, as `fauxgen exec` does (see surroundings.ts). Ends with 1 if the job failed.
 */
import { clients, vendorNamed } from "./clients.ts";
import { surroundingsOf } from "./surroundings.ts";

const [name = "", vendorName = ""] = process.argv.slice(2);
const run = clients.get(name);
const vendor = vendorNamed(vendorName);
if (run === undefined || vendor === undefined || !run.vendors.includes(vendorName)) {
  const known = [...clients].map(([each, { vendors }]) => `${each} ${vendors.join("|")}`);
  process.stderr.write(`Usage: run.ts CLIENT VENDOR, with one of:\n${known.join("\n")}\n`);
  process.exitCode = 2;
} else {
  try {
    await run.render(vendor, surroundingsOf(vendorName, process.env));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
