/** Finds the cycles of a graph with Tarjan's algorithm: every group of nodes that reach each other. */
export function findCycles(edges: readonly { readonly from: string; readonly to: string }[]): string[][] {
  const targets = Map.groupBy(edges, ({ from }) => from);
  const indexes = new Map<string, number>();
  /** The lowest index that a node reaches through nodes of unfinished groups. */
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];

  const visit = (node: string): number => {
    const index = indexes.size;
    indexes.set(node, index);
    open.push(node);
    let low = index;
    for (const { to } of targets.get(node) ?? []) {
      if (!indexes.has(to)) low = Math.min(low, visit(to));
      else if (open.includes(to)) low = Math.min(low, lowest.get(to) ?? indexes.get(to) ?? low);
      if (to === node) cycles.push([node]);
    }
    lowest.set(node, low);
    if (low === index) {
      const group = open.splice(open.indexOf(node));
      if (group.length > 1) cycles.push(group);
    }
    return low;
  };

  for (const node of targets.keys()) if (!indexes.has(node)) visit(node);
  return cycles;
}
