/** Tests the search for cycles in a graph. */
import { describe, expect, it } from "vitest";
import { findCycles } from "./cycles.ts";

const graph = (...edges: readonly string[]) =>
  edges.map((edge) => {
    const [from = "", to = ""] = edge.split(" ");
    return { from, to };
  });

describe("findCycles", () => {
  it("finds no cycle in an acyclic graph whose paths join again", () => {
    expect(findCycles(graph("a b", "a c", "b d", "c d", "d e", "a e"))).toEqual([]);
  });

  it("finds a cycle of two nodes and a node that points to itself", () => {
    expect(findCycles(graph("a b", "b c", "c b", "d d"))).toEqual([["b", "c"], ["d"]]);
  });

  it("finds a long cycle without the nodes that are only connected to it", () => {
    expect(findCycles(graph("x b", "a b", "b c", "b y", "c d", "d a", "d z"))).toEqual([["b", "c", "d", "a"]]);
  });

  it("merges cycles that share a node, and keeps other cycles separate", () => {
    const cycles = findCycles(graph("a b", "b a", "b c", "c b", "c d", "d e", "e d"));
    expect(cycles.map((cycle) => cycle.toSorted())).toEqual([
      ["d", "e"],
      ["a", "b", "c"],
    ]);
  });
});
