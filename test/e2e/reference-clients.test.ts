/** Tests that the reference clients, as the commands that users of a test suite run, finish a job and behave as the vendors ask. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectFauxgen } from "../../src/index.ts";
import { clients } from "../support/clients/clients.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";

const COMMAND = fileURLToPath(new URL("../support/clients/run.ts", import.meta.url));

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-clients-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe("the reference client that does all", () => {
  it.concurrent.each(clients.get("all")?.vendors ?? [])("renders at %s as a command", async (vendor) => {
    const { url } = await listenForTest({ timing: "instant" });
    const folder = scratchFolder();
    const environment = {
      CLIENT_FOLDER: folder,
      SYNC_BASE_URL: url,
      SYNC_API_KEY: "fx_all_main",
      OXEN_BASE_URL: `${url}/api/ai`,
      OXEN_API_KEY: "fx_all_main",
      RENDERNET_BASE_URL: url,
      RENDERNET_API_KEY: "fx_all_main",
      VIVIX_BASE_URL: url,
      VIVIX_API_KEY: "vvx_live_fx_all_main",
    };
    const ended = await run(process.execPath, [COMMAND, "all", vendor], folder, environment);
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readdirSync(folder)).toEqual([expect.not.stringContaining(".part")]);
    const sandbox = await (await connectFauxgen(url)).existing("all");
    expect(await sandbox.conduct.list()).toEqual([]);
  });
});

it("a reference client refuses a vendor whose pages do not offer what it uses", async () => {
  const { code, stderr } = await run(process.execPath, [COMMAND, "webhook", "affogato"], scratchFolder());
  expect(code).toBe(2);
  expect(stderr).toContain("webhook sync|vivix");
});
