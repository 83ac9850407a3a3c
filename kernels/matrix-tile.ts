import type { Limits } from './declaration.js';
import { checkWorkgroup } from './workgroup.js';

/** Rows and columns of a result that a workgroup computes, and of the part that each of its subgroups does. */
export interface MatrixTile {
  readonly tileM: number;
  readonly tileN: number;
  readonly subM: number;
  readonly subN: number;
}

const parts = ({ tileM, tileN, subM, subN }: MatrixTile): number => (tileM / subM) * (tileN / subN);

/**
 * The tile as wanted, or a smaller one that divides it where the adapter has less workgroup memory, or bigger parts
 * where its subgroups are so large that a workgroup holds fewer of them. All sizes are powers of two times the least.
 * @param what kernel and variant, e.g. `matmul/q4/matrix-units`
 * @param bytesOf workgroup memory that a tile takes
 * @returns the tile, and `group`, invocations for a subgroup of the largest size for each part
 * @throws {ShapeError} when nothing fits
 */
export function fittingTile(
  what: string,
  wanted: MatrixTile,
  bytesOf: (tile: MatrixTile) => number,
  limits: Limits,
): MatrixTile & { readonly group: number } {
  let tile = wanted;
  const tooMuch = () => bytesOf(tile) > limits.maxComputeWorkgroupStorageSize;
  while (tooMuch() && tile.tileM > tile.subM) tile = { ...tile, tileM: tile.tileM / 2 };
  while (tooMuch() && tile.tileN > tile.subN) tile = { ...tile, tileN: tile.tileN / 2 };
  const tooMany = () => parts(tile) * limits.subgroupMaxSize > limits.maxComputeInvocationsPerWorkgroup;
  while (tooMany() && tile.subN < tile.tileN) tile = { ...tile, subN: tile.subN * 2 };
  while (tooMany() && tile.subM < tile.tileM) tile = { ...tile, subM: tile.subM * 2 };
  const group = parts(tile) * limits.subgroupMaxSize;
  checkWorkgroup(what, group, bytesOf(tile), limits);
  return { ...tile, group };
}
