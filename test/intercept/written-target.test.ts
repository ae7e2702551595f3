/** Tests which host the first bytes of a connection name. */
import { describe, expect, it } from "vitest";
import { isIncompleteHead, writtenTarget } from "../../src/intercept/written-target.ts";

const isWanted = (host: string): boolean => host.toLowerCase() === "api.sync.so";
const find = (bytes: string | Buffer) => writtenTarget(Buffer.from(bytes as string, "latin1"), isWanted);

describe("the host that bytes name", () => {
  it.each([
    ["CONNECT api.sync.so:443 HTTP/1.1\r\nhost: api.sync.so:443\r\n\r\n", "tunnel"],
    ["CONNECT 203.0.113.9:443 HTTP/1.1\r\nHost: api.sync.so:443\r\n\r\n", "tunnel"],
    ["GET / HTTP/1.1\r\nHost: API.sync.so\r\n\r\n", "request"],
    ["POST /v2/generate HTTP/1.1\r\na: b\r\nhost:api.sync.so:443\r\ncontent-length: 2\r\n\r\n{}", "request"],
    ["GET https://api.sync.so/v2 HTTP/1.1\r\nhost: proxy.test\r\n\r\n", "request"],
    ["GET http://user:word@api.sync.so:80/v2?x=1 HTTP/1.0\r\n\r\n", "request"],
    ["\x16\x03\x01\x00\x40\x01\x00\x00\x00\x00\x0bapi.sync.so\x00\x17", "handshake"],
    ["\x05\x01\x00\x03\x0bapi.sync.so\x01\xbb", "socks"],
    ["\x04\x01\x01\xbb\x00\x00\x00\x01\x00api.sync.so\x00", "socks"],
  ])("is found in %j", (bytes, how) => {
    expect(find(bytes)).toMatchObject({ host: expect.stringMatching(/^api\.sync\.so$/i), how });
  });

  it.each([
    "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n",
    "GET /api.sync.so HTTP/1.1\r\nhost: example.com\r\nreferer: https://api.sync.so/\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: example.com\r\n\r\nhost: api.sync.so\r\n",
    "host: api.sync.so\r\n\r\n",
    "EHLO api.sync.so\r\n",
    "\x16\x03\x01\x00\x40\x01\x00\x00\x00\x00\x0bexample.com\x00\x17",
    `\x05${"x".repeat(1000)}api.sync.so`,
    "",
  ])("is not found in %j", (bytes) => {
    expect(find(bytes)).toBeUndefined();
  });

  it("tells a whole CONNECT request from one with more bytes", () => {
    const whole = "CONNECT api.sync.so:443 HTTP/1.1\r\nhost: api.sync.so:443\r\n\r\n";
    expect(find(whole)?.isWhole).toBe(true);
    expect(find(`${whole}\x16`)?.isWhole).toBe(false);
  });
});

it.each([
  ["GET / HTTP/1.1\r\n", true],
  ["GET / HTTP/1.1\r\nhost: a\r\n", true],
  ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", false],
  ["EHLO there\r\n", false],
  ["GET key\r\n", false],
  ["\x16\x03\x01", false],
])("a request's head is held until it is complete, and nothing else is: %j", (bytes, isHeld) => {
  expect(isIncompleteHead(Buffer.from(bytes, "latin1"))).toBe(isHeld);
});
