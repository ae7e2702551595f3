/** Tests that the heads of all written requests are judged, whatever the writes, and that bodies pass untouched. */
import { describe, expect, it } from "vitest";
import { WrittenRequests } from "../../src/intercept/written-requests.ts";

const isWanted = (host: string): boolean => host === "api.sync.so";
const WANTED = "GET /v2/models HTTP/1.1\r\nhost: api.sync.so\r\n\r\n";
const post = (framing: string, body: string): string =>
  `POST / HTTP/1.1\r\nhost: example.test\r\n${framing}\r\n\r\n${body}`;

/** Writes each part, and returns what is passed on, and the host that was found in the last part. */
function write(...parts: string[]): { readonly passed: string; readonly found: string | undefined } {
  const requests = new WrittenRequests();
  let passed = "";
  for (const part of parts) {
    const judged = requests.take(Buffer.from(part, "latin1"), isWanted);
    if ("found" in judged) return { passed, found: judged.found.host };
    passed += judged.bytes?.toString("latin1") ?? part;
  }
  return { passed, found: undefined };
}

describe("a wanted host is found", () => {
  it.each([
    ["in one write", [WANTED]],
    ["after another request in the same write", [post("content-length: 0", WANTED)]],
    ["after a body in the same write", [post("content-length: 3", `abc${WANTED}`)]],
    ["after a body in several writes", [post("content-length: 5", "a"), "bc", `de${WANTED}`]],
    ["after chunks", [post("transfer-encoding: chunked", `3;x=y\r\nabc\r\n0\r\n\r\n${WANTED}`)]],
    [
      "after chunks and trailers",
      [post("transfer-encoding: gzip, chunked", "1\r\n"), "a\r\n0\r\nx: y\r\n\r\n", WANTED],
    ],
    [
      "after chunks that are cut in their sizes",
      [post("transfer-encoding: chunked", "1"), "\r", `\na\r\n0\r\n\r\n${WANTED}`],
    ],
    ["after what is not chunked though it says so", [post("transfer-encoding: chunked", "no size\r\n"), WANTED]],
    ["in a line that comes in pieces", ["GET /v2", "/models HT", "TP/1.1\r\n", "host: api.sync.so\r\n", "\r\n"]],
    ["in single bytes", [...WANTED]],
    ["after bytes of another protocol", ["\x05\x01\x00", WANTED]],
  ])("%s", (_where, parts) => {
    const { passed, found } = write(...parts);
    expect(found).toBe("api.sync.so");
    expect(passed).not.toContain("api.sync.so");
  });
});

describe("bytes pass as they are", () => {
  it.each([
    ["of requests to other hosts, in pieces", [...post("content-length: 3", "abc"), ...post("content-length: 0", "")]],
    ["of a body that reads like a request", [post(`content-length: ${WANTED.length}`, ""), WANTED]],
    [
      "of chunks that read like requests",
      [post("transfer-encoding: chunked", ""), `${WANTED.length.toString(16)}\r\n`, WANTED, "\r\n0\r\n\r\n"],
    ],
    ["of a body that reads like a cut request", [post("content-length: 16", ""), "GET / HTTP/1.1\r\n"]],
    ["of another protocol", ["EHLO there\r\n", "MAIL FROM:<a@api.sync.so>\r\n", "QUIT"]],
    ["of a line without an end", ["PING x"]],
    ["that begin like a handshake and are none", [`\x16\x00${"api.sync.so"}`]],
  ])("%s", (_what, parts) => {
    expect(write(...parts)).toEqual({ passed: parts.join(""), found: undefined });
  });

  it("and are not copied, unless a part was held", () => {
    const requests = new WrittenRequests();
    const take = (text: string) => requests.take(Buffer.from(text), isWanted);
    expect(take(post("content-length: 0", ""))).toEqual({ bytes: undefined });
    expect(take("GET / HTTP/1.1\r\n")).toEqual({ bytes: Buffer.alloc(0) });
    expect(take("host: example.test\r\n\r\n")).toEqual({
      bytes: Buffer.from("GET / HTTP/1.1\r\nhost: example.test\r\n\r\n"),
    });
    expect(take("abc")).toEqual({ bytes: undefined });
  });
});
