/**
 * Workgroup counts for a one-dimensional problem that may exceed the limit of one dimension: rows of
 * at most `limit` workgroups. Kernels number their workgroup as `group.y * num_workgroups.x + group.x`
 * and return early past the end.
 */
export function linearGrid(workgroups: number, limit: number): [number, number, number] {
  if (workgroups <= limit) return [workgroups, 1, 1];
  const rows = Math.ceil(workgroups / limit);
  // Equal rows leave the fewest idle workgroups in the last one.
  return [Math.ceil(workgroups / rows), rows, 1];
}
