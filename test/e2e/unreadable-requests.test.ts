/** Tests requests that cannot be read as HTTP or as a URL: each gets an answer, and the server continues. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { listenForTest } from "../support/server.ts";
import { sendRaw } from "../support/raw.ts";

const paths = ["%zz", "%00%ff%zz", "%", "%c3%28", `${"x".repeat(600)}`];

describe("a path that does not decode", () => {
  it.each(vendors.map((vendor) => ({ vendor, name: vendor.name })))(
    "gets $name's answer to an unknown path",
    async ({ vendor }) => {
      const { url } = await listenForTest();
      for (const prefix of vendor.prefixes) {
        for (const path of paths) {
          const answer = await sendRaw(
            url,
            `GET ${prefix}/generations/${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
          );
          expect(answer, `${prefix} ${path}`).toMatch(/^HTTP\/1\.1 40[014] /);
          expect(answer).toContain("application/json");
        }
      }
      expect((await fetch(`${url}/_fauxgen/health`)).status).toBe(200);
    },
  );

  it("gets a problem outside the vendors' prefixes", async () => {
    const { url } = await listenForTest();
    expect(await sendRaw(url, "GET /%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 404 /,
    );
  });
});

describe("bytes that are not a request", () => {
  it.each([
    ["garbage", "\u0000\u0001\u0002 nothing\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["an unknown method token", "FOO /v2/generate HTTP/1.1\r\nhost: localhost\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      "a header of 64 KB",
      `GET /v2/generate HTTP/1.1\r\nhost: localhost\r\nx: ${"y".repeat(65_536)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      "two lengths",
      "POST /v2/generate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
      /^HTTP\/1\.1 400 /,
    ],
  ])("get a bare error status and a close: %s", async (_what, bytes, refusal) => {
    const { url } = await listenForTest();
    expect(await sendRaw(url, bytes)).toMatch(refusal);
    expect((await fetch(`${url}/_fauxgen/health`)).status).toBe(200);
  });

  it("that are an incomplete request do not stop the server", async () => {
    const { url, port } = await listenForTest();
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /v2/generate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
    socket.end();
    await text(socket);
    expect((await fetch(`${url}/_fauxgen/health`)).status).toBe(200);
  });
});

it("the list of outcomes is less than 2 MB and has the 413 of large bodies", async () => {
  const { url } = await listenForTest();
  const listed = await (await fetch(`${url}/_fauxgen/outcomes`)).text();
  expect(listed.length).toBeLessThan(2_000_000);
  expect(JSON.parse(listed)).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ status: 413 })]),
  });
});
