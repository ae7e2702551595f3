/** Tests how an edit changes the body of an answer. */
import { describe, expect, it } from "vitest";
import { answerEdit, editBody } from "../../../src/engine/rule/answer-edit.ts";

const BODY = JSON.stringify({
  id: "a",
  status: "queued",
  url: null,
  createdAt: "2026-11-22T10:00:00.120Z",
  items: [{ status: "done", link: "http://x/1" }, { link: "" }],
  links: ["http://x/1", "http://x/2"],
  count: 3,
});

function edit(document: object): unknown {
  return JSON.parse(editBody(BODY, answerEdit.parse(document)));
}

describe("an edit of an answer", () => {
  it("adds fields to every object, and leaves those that are there", () => {
    expect(edit({ add: { status: "x", more: [1] } })).toMatchObject({
      status: "queued",
      more: [1],
      items: [
        { status: "done", more: [1] },
        { status: "x", more: [1] },
      ],
    });
  });

  it("makes fields null wherever they occur", () => {
    expect(edit({ null: ["link", "count"] })).toMatchObject({ count: null, items: [{ link: null }, { link: null }] });
  });

  it("fills in null only beside a status, and only where the field is absent", () => {
    expect(edit({ fill: ["url", "link"] })).toMatchObject({
      link: null,
      items: [{ status: "done", link: "http://x/1" }, { link: "" }],
    });
    expect(edit({ fill: ["error"] })).toMatchObject({ error: null, items: [{ error: null }, { link: "" }] });
  });

  it("leaves out nulls", () => {
    expect(edit({ dropNulls: true })).not.toHaveProperty("url");
  });

  it("reverses the order of the fields of every object", () => {
    expect(editBody('{"a":1,"b":{"c":2,"d":3}}', { reverse: true })).toBe('{"b":{"d":3,"c":2},"a":1}');
  });

  it("sets a value only where the present one is of the same type", () => {
    expect(edit({ set: { count: 2 ** 53, status: 7 } })).toMatchObject({ count: 2 ** 53, status: "queued" });
  });

  it("maps words, with * for any other", () => {
    expect(edit({ map: { status: { queued: "waiting", "*": "expired" } } })).toMatchObject({
      status: "waiting",
      items: [{ status: "expired" }, { link: "" }],
    });
  });

  it("appends to texts and to each text of a list, but not to an empty one", () => {
    expect(edit({ append: { link: "?a", links: "?b" } })).toMatchObject({
      links: ["http://x/1?b", "http://x/2?b"],
      items: [{ link: "http://x/1?a" }, { link: "" }],
    });
  });

  it("writes times with six decimals and an offset, which name the same instant", () => {
    const { createdAt } = edit({ times: "offset" }) as { createdAt: string };
    expect(createdAt).toBe("2026-11-22T10:00:00.120000+00:00");
    expect(Date.parse(createdAt)).toBe(Date.parse("2026-11-22T10:00:00.120Z"));
  });

  it("leaves a body that is not JSON, and one that it does not concern, byte for byte", () => {
    expect(editBody("<p>", { dropNulls: true })).toBe("<p>");
    expect(editBody('{ "a": 1.0 }', { status: 202 })).toBe('{ "a": 1.0 }');
  });

  it("is refused if it edits nothing", () => {
    expect(answerEdit.safeParse({}).error?.issues[0]?.message).toBe("name at least one edit");
  });

  it("takes events of a stream with a name of one line, and leaves a body as it is", () => {
    const one = { events: [{ event: "notice", data: { any: ["JSON"] } }] };
    expect(edit(one)).toEqual(JSON.parse(BODY));
    expect(answerEdit.safeParse({ events: [{ event: "a\nb", data: 1 }] }).success).toBe(false);
    expect(answerEdit.safeParse({ events: [] }).success).toBe(false);
    expect(answerEdit.safeParse({ events: Array.from({ length: 10 }, () => one.events[0]) }).success).toBe(false);
  });
});
