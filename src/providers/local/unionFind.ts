/** The root of a member of a union-find forest (R. Tarjan, 1975); path halving keeps the trees shallow. */
export function rootOf(parents: Int32Array, member: number): number {
  let root = member;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] as number] as number;
    root = parents[root] as number;
  }
  return root;
}
