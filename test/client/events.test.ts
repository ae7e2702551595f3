/** Tests that a stream of server-sent events is read correctly, however the network splits it. */
import { describe, expect, it } from "vitest";
import { readEvents } from "../../src/client/events.ts";

/** Returns the kinds of the events in a body that arrives in these pieces. */
async function kindsIn(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind } of readEvents(ReadableStream.from(pieces))) kinds.push(kind);
  return kinds;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe("readEvents", () => {
  it("reads one event after another", async () => {
    expect(await kindsIn([bytes('event: a\ndata: {"kind":"a"}\n\nevent: b\ndata: {"kind":"b"}\n\n')])).toEqual([
      "a",
      "b",
    ]);
  });

  it("reads the same events from a body that is cut into any two pieces, also within a character", async () => {
    const body = bytes('event: a\ndata: {"kind":"ä €"}\n\n: still here\n\nid: 7\ndata: {"kind":"b"}\n\n');
    for (let cut = 0; cut <= body.length; cut += 1)
      expect(await kindsIn([body.slice(0, cut), body.slice(cut)])).toEqual(["ä €", "b"]);
  });

  it("reads a body that arrives byte by byte", async () => {
    const body = bytes('event: a\r\ndata: {"kind":"a"}\r\n\r\ndata: {"kind":"b"}\r\n\r\n');
    expect(await kindsIn([...body].map((byte) => Uint8Array.of(byte)))).toEqual(["a", "b"]);
  });

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("reads lines that end with %s", async (_name, end) => {
    const lines = ["event: a", 'data: {"kind":"a"}', "", 'data:{"kind":"b"}', "", ": end", ""];
    expect(await kindsIn([bytes(lines.join(end))])).toEqual(["a", "b"]);
  });

  it("ignores comments, ids, reconnection times and unknown fields", async () => {
    const body = ': still here\n\nid: 1\n\nretry: 10\n\nfuture: x\n\nid: 2\nretry: 20\ndata: {"kind":"a"}\n\n';
    expect(await kindsIn([bytes(body)])).toEqual(["a"]);
  });

  it("joins the data lines of an event", async () => {
    expect(await kindsIn([bytes('data: {\ndata: "kind": "a"\ndata: }\n\n')])).toEqual(["a"]);
  });

  it("drops an event that the end of the stream truncates", async () => {
    expect(await kindsIn([bytes('data: {"kind":"a"}\n\ndata: {"kind":"b"}\n')])).toEqual(["a"]);
  });
});
