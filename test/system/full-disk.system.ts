/** Fills a small file system of its own under the installed server, and empties sandboxes to get out again. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { startServer } from "../load/server.ts";
import { makeProject } from "../package/packed.ts";
import { headersOf, lipsync } from "../support/sync.ts";

const DISK_MIB = 48;

describe("the installed server on a full disk", { timeout: 120_000 }, () => {
  const packed = inject("packed");
  let cli: string;
  let disk: string;
  beforeAll(async () => {
    const project = await makeProject(packed, "full-disk", { "package.json": "{}" });
    cli = join(project, "node_modules", "fauxgen", "dist", "cli.js");
    disk = join(packed.scratch, "disk");
    mkdirSync(disk);
    // Needs the rights of root, as CI has them.
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", disk]);
    return () => {
      execFileSync("umount", [disk]);
    };
  }, 120_000);

  const filler = (): string => join(disk, "filler");

  /** Takes all the room that is left. */
  function fillDisk(): void {
    for (let mib = DISK_MIB; mib >= 0; mib -= 1)
      try {
        writeFileSync(`${filler()}-${mib}`, Buffer.alloc(Math.max(4096, mib * 1024 * 1024)));
      } catch {
        // The part that was written stays, so that the disk is full in the end.
      }
  }

  function makeRoom(): void {
    for (let mib = DISK_MIB; mib >= 0; mib -= 1) rmSync(`${filler()}-${mib}`, { force: true });
  }

  const create = (url: string, sandbox: string) =>
    fetch(`${url}/v2/generate`, {
      method: "POST",
      headers: { ...headersOf(sandbox), "content-type": "application/json" },
      body: JSON.stringify(lipsync),
    });
  const control = (url: string, method: string, path: string) => fetch(`${url}/_fauxgen/sandboxes/${path}`, { method });

  it("refuses creates in the vendor's words, resets and deletes, and works again once there is room, without a restart", async () => {
    const server = await startServer(["--data", join(disk, "data.db")], { cli });
    onTestFinished(async () => {
      await server.stop("SIGKILL");
      makeRoom();
    });
    for (const sandbox of ["one", "two"])
      for (let made = 0; made < 50; made += 1) expect((await create(server.url, sandbox)).status).toBe(201);
    fillDisk();
    let refused = await create(server.url, "one");
    for (let tried = 0; tried < 2000 && refused.status === 201; tried += 1) refused = await create(server.url, "one");
    expect(refused.status).toBe(500);
    expect(refused.headers.get("x-fauxgen-diagnostic")).toContain("STORE_UNWRITABLE");
    expect(await refused.json()).toHaveProperty("message");

    expect((await control(server.url, "POST", "one/reset")).status).toBe(200);
    expect((await control(server.url, "DELETE", "two")).status).toBe(204);
    const left = (await (await control(server.url, "GET", "one/generations")).json()) as { items: unknown[] };
    expect(left.items).toEqual([]);

    makeRoom();
    for (const sandbox of ["one", "two", "three"]) expect((await create(server.url, sandbox)).status).toBe(201);
    await server.stop();
    const again = await startServer(["--data", join(disk, "data.db")], { cli });
    for (const sandbox of ["one", "two", "three"]) {
      const kept = (await (await control(again.url, "GET", `${sandbox}/generations`)).json()) as { items: unknown[] };
      expect([sandbox, kept.items.length]).toEqual([sandbox, 1]);
    }
    await again.stop();
  });

  it("starts on a full disk, by its reserve", async () => {
    const data = join(disk, "start.db");
    const first = await startServer(["--data", data], { cli });
    expect((await create(first.url, "kept")).status).toBe(201);
    await first.stop();
    fillDisk();
    onTestFinished(makeRoom);
    const second = await startServer(["--data", data], { cli });
    const kept = (await (await control(second.url, "GET", "kept/generations")).json()) as { items: unknown[] };
    expect(kept.items).toHaveLength(1);
    await second.stop("SIGKILL");
  });
});
