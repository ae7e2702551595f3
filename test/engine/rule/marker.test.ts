/** Tests where a scenario marker in a request body is found, and which texts are markers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMarkers, parseScenarioText } from "../../../src/engine/rule/marker.ts";

const scenarioOf = (body: unknown) => findMarkers(body).scenario;

describe("for the marker,", () => {
  it.each([
    ["at the start", "fauxgen:fail a cat", { name: "fail" }],
    ["after white space, at the end", "a cat fauxgen:fail", { name: "fail" }],
    ["with a code", "a fauxgen:fail=PROVIDER_ERROR cat", { name: "fail", value: "PROVIDER_ERROR" }],
    ["after a line break", "a cat\nfauxgen:stuck", { name: "stuck" }],
  ])("a marker is found in free text %s", (_where, text, marker) => {
    expect(scenarioOf({ prompt: text })).toEqual(marker);
  });

  it.each([
    ["inside a word", "notfauxgen:fail"],
    ["followed by punctuation", "fauxgen:fail, please"],
    ["in capitals", "FAUXGEN:FAIL"],
    ["without a name", "fauxgen: fail"],
    ["in a data URI", "data:text/plain,fauxgen:fail fauxgen:fail"],
  ])("a marker is not found %s", (_where, text) => {
    expect(scenarioOf({ prompt: text })).toBeUndefined();
  });

  it.each([
    [
      "https://media.test/fauxgen:fail=generation_input_video_inaccessible.mp4",
      { name: "fail", value: "generation_input_video_inaccessible" },
    ],
    ["https://media.test/a/b/fauxgen%3Areject.mp4?x=1#y", { name: "reject" }],
    ["https://media.test/fauxgen:stuck", { name: "stuck" }],
  ])("a marker is found in the last path segment of %s", (url, marker) => {
    expect(scenarioOf({ input: [{ type: "video", url }] })).toEqual(marker);
  });

  it.each([
    "https://fauxgen:fail@host/video.mp4",
    "https://host/fauxgen:fail/video.mp4",
    "https://host?fauxgen:fail",
    "https://fauxgen:80",
  ])("no marker is found in the URL %s outside its last path segment", (url) => {
    expect(scenarioOf({ url })).toBeUndefined();
  });

  it("the first marker in the document wins, and a label is separate", () => {
    const body = { a: "fauxgen:label=mine", b: [{ c: "x fauxgen:stuck" }, "fauxgen:fail"] };
    expect(findMarkers(body)).toEqual({ scenario: { name: "stuck" }, label: "mine" });
  });

  it("a body without a marker gives none, and no body breaks the search", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (body) => {
        const marker = scenarioOf(body);
        if (!decodeURIComponentSafely(JSON.stringify(body)).includes("fauxgen:")) expect(marker).toBeUndefined();
      }),
    );
  });
});

describe("for a scenario in a header or a setting,", () => {
  it.each([
    ["fail", { name: "fail" }],
    [" fail=CODE.1 ", { name: "fail", value: "CODE.1" }],
  ])("the text %s is parsed", (text, marker) => {
    expect(parseScenarioText(text)).toEqual(marker);
  });

  it.each(["", "Fail", "fail CODE", "fail=", "=x"])("the text '%s' is refused", (text) => {
    expect(parseScenarioText(text)).toBeUndefined();
  });
});

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
