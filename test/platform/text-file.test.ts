/** Tests that text files are read in the encodings in which editors save, and named if they cannot be read. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { FileUnreadable, readTextFile } from "../../src/platform/text-file.ts";

function fileOf(bytes: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-text-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, "file");
  writeFileSync(path, bytes);
  return path;
}

describe("a text file", () => {
  const text = "name: café\nport: 1\n";

  it.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16 with a mark", Buffer.from(`\uFEFF${text}`, "utf16le")],
    ["UTF-16, big end first, with a mark", Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
    ["CRLF", Buffer.from(text.replaceAll("\n", "\r\n"))],
    ["CR alone", Buffer.from(text.replaceAll("\n", "\r"))],
  ])("is read in %s", (_encoding, bytes) => {
    expect(readTextFile(fileOf(bytes))).toBe(text);
  });

  it.each([
    ["UTF-16 without a mark", Buffer.from(text, "utf16le"), "save it as UTF-8"],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), "the file is UTF-32; save it as UTF-8"],
    ["UTF-32, big end first", Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]), "the file is UTF-32"],
    ["Latin-1", Buffer.from(text, "latin1"), "the file is not UTF-8"],
  ])("in %s is refused with what to do", (_encoding, bytes, reason) => {
    expect(() => readTextFile(fileOf(bytes))).toThrow(reason);
  });

  it("that does not exist, or is a folder, is named so", () => {
    expect(() => readTextFile("/nowhere/at/all.yaml")).toThrow(new FileUnreadable("there is no such file"));
    expect(() => readTextFile(tmpdir())).toThrow(new FileUnreadable("this is a folder, not a file"));
  });
});
