/** Tests which host names count as private, for control, pages and webhooks alike. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isLocalHostname } from "../../src/platform/local-hostnames.ts";

describe("a host name", () => {
  it.each([
    ...["localhost", "app.localhost", "LOCALHOST.", "fauxgen", "printer.local", "db.internal", "api.sync.test"],
    ...["nas.lan", "router.home", "pi.home.arpa", "wiki.corp", "hr.intranet", "svc.private", "x.default.svc"],
    ...["app.my_project_default"],
  ])("%s is private", (name) => {
    expect(isLocalHostname(name, "/nowhere")).toBe(true);
  });

  it.each([
    ...["example.com", "localhost.example.com", "internal.example.org", "test.example.net", "my_host.example.com"],
  ])("%s is public", (name) => {
    expect(isLocalHostname(name, "/nowhere")).toBe(false);
  });

  it("is private if the hosts file names it, but not in a comment", () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-hosts-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "hosts");
    writeFileSync(file, "127.0.0.1 localhost\n10.0.0.7\tApi.Example.com api2.example.com # api3.example.com\n");
    expect(isLocalHostname("api.example.com", file)).toBe(true);
    expect(isLocalHostname("api2.example.com", file)).toBe(true);
    expect(isLocalHostname("api3.example.com", file)).toBe(false);
  });
});
