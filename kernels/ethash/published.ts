import type { Digests } from './reference.js';

/**
 * The small case that clients check themselves with: 1024 bytes of cache from the seed of epoch 0, a dataset of
 * 32 KiB, nonce 0.
 */
export const smallCase: {
  readonly source: string;
  readonly kib: number;
  readonly headerHash: Uint8Array;
  readonly nonce: bigint;
} & Digests = {
  source: 'go-ethereum, consensus/ethash/algorithm_test.go, TestHashimoto',
  kib: 32,
  headerHash: bytes('c9149cc0386e689d789a1c2f3d5d169a61a6218ed30e74414dc736e442ef3d1f'),
  nonce: 0n,
  mixHash: bytes('e4073cffaef931d37117cefd9afd27ea0f1cad6a981dd2605c4a1ac97c519800'),
  finalHash: bytes('d3539235ee2e6f8db665c0a72169f55b7f6c605712330b778ec3944f0eb5a557'),
};

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
