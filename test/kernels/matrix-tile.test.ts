import { expect, test } from 'vitest';
import type { Limits } from '../../kernels/declaration.js';
import { fittingTile, type MatrixTile } from '../../kernels/matrix-tile.js';

const wanted = { tileM: 128, tileN: 128, subM: 64, subN: 32 };
const bytesOf = ({ tileM, tileN }: MatrixTile) => 80 * (tileM + tileN);
const tileFor = (invocations: number, storage: number, subgroup: number) =>
  fittingTile('matmul/test', wanted, bytesOf, {
    maxComputeInvocationsPerWorkgroup: invocations,
    maxComputeWorkgroupStorageSize: storage,
    subgroupMaxSize: subgroup,
  } as Limits);

test('the tile as wanted where it fits, with a subgroup for each part', () => {
  expect(tileFor(256, 20480, 32)).toEqual({ ...wanted, group: 256 });
  expect(tileFor(1024, 49152, 64)).toEqual({ ...wanted, group: 512 });
});

test('a smaller tile where there is less workgroup memory', () => {
  expect(tileFor(256, 20479, 32)).toEqual({ ...wanted, tileM: 64, group: 128 });
  expect(tileFor(256, 10240, 32)).toEqual({ ...wanted, tileM: 64, tileN: 64, group: 64 });
});

test('bigger parts where subgroups are larger than a workgroup holds so many of', () => {
  expect(tileFor(256, 20480, 64)).toEqual({ ...wanted, subN: 64, group: 256 });
  expect(tileFor(256, 20480, 128)).toEqual({ ...wanted, subN: 128, group: 256 });
  expect(tileFor(128, 20480, 128)).toEqual({ ...wanted, subM: 128, subN: 128, group: 128 });
});

test('what cannot fit is refused by the limit', () => {
  expect(() => tileFor(256, 1024, 32)).toThrow('maxComputeWorkgroupStorageSize is 1024');
  expect(() => tileFor(16, 20480, 32)).toThrow('maxComputeInvocationsPerWorkgroup is 16');
});
