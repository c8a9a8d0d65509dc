/** Cycles of a directed graph, each as the list of its nodes in order: one for every back edge a depth-first walk meets. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (node: string, path: string[]): void => {
    const at = path.indexOf(node);
    if (at >= 0) {
      cycles.push([...path.slice(at), node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) walk(node, []);
  return cycles;
}

/** Every node that can be reached from `starts`, these included. */
export function reachable(
  edges: ReadonlyMap<string, readonly string[]>,
  starts: readonly string[],
): ReadonlySet<string> {
  const seen = new Set<string>();
  const pending = [...starts];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    pending.push(...(edges.get(node) ?? []));
  }
  return seen;
}
