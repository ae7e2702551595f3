import { describe, expect, it } from "vitest";
import { findCycles } from "./cycles.ts";

const graph = (...edges: readonly string[]) =>
  edges.map((edge) => {
    const [from = "", to = ""] = edge.split(" ");
    return { from, to };
  });

describe("findCycles", () => {
  it("finds none in a graph that runs one way, though nodes meet again", () => {
    expect(findCycles(graph("a b", "a c", "b d", "c d", "d e", "a e"))).toEqual([]);
  });

  it("finds two nodes that need each other, and one that needs itself", () => {
    expect(findCycles(graph("a b", "b c", "c b", "d d"))).toEqual([["b", "c"], ["d"]]);
  });

  it("finds a long cycle, whatever hangs on it", () => {
    expect(findCycles(graph("x b", "a b", "b c", "b y", "c d", "d a", "d z"))).toEqual([["b", "c", "d", "a"]]);
  });

  it("takes cycles that share a node for one, and others for others", () => {
    const cycles = findCycles(graph("a b", "b a", "b c", "c b", "c d", "d e", "e d"));
    expect(cycles.map((cycle) => cycle.toSorted())).toEqual([
      ["d", "e"],
      ["a", "b", "c"],
    ]);
  });
});
