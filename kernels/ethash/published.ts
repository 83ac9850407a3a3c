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

/** Ethereum's first mined block, with the difficulty that its nonce had to meet. */
export const firstBlock: {
  readonly source: string;
  readonly blockNumber: number;
  readonly difficulty: bigint;
  readonly headerHash: Uint8Array;
  readonly nonce: bigint;
} & Digests = {
  source: 'block 1, in every block explorer; the header hash is Keccak-256 of its RLP without mix hash and nonce',
  blockNumber: 1,
  difficulty: 17_171_480_576n,
  headerHash: bytes('85913a3057ea8bec78cd916871ca73802e77724e014dda65add3405d02240eb7'),
  nonce: 0x539bd4979fef1ec4n,
  mixHash: bytes('969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59'),
  // Not part of a block: it follows from the others.
  finalHash: bytes('000000002bc095dd4de049873e6302c3f14a7f2e5b5a1f60cdf1f1798164d610'),
};

/** Of the same cache, of the one with the seed of epoch 1, and of the dataset from the former: first and last. */
export const smallCache = {
  source: 'go-ethereum, consensus/ethash/algorithm_test.go, TestCacheGeneration and TestDatasetGeneration',
  rows: 16,
  caches: [
    {
      epoch: 0,
      firstRow: bytes(
        '7ce2991c951f7bf4c4c1bb119887ee07871eb5339d7b97b8588e85c742de90e5' +
          'bafd5bbe6ce93a134fb6be9ad3e30db99d9528a2ea7846833f52e9ca119b6b54',
      ),
      lastRow: bytes(
        '845f64fd8324bb85312979dead74f764c9677aab89801ad4f927f1c00f12e28f' +
          '22422bb44200d1969d9ab377dd6b099dc6dbc3222e9321b2c1e84f8e2f07731c',
      ),
    },
    {
      epoch: 1,
      firstRow: bytes(
        '1f56855d59cc5a085720899b4377a0198f1abe948d85fe5820dc0e346b7c0931' +
          'b9cde8e541d751de3b2b3275d0aabfae316209d5879297d8bd99f8a033c9d4df',
      ),
      lastRow: bytes(
        '5f470eb0165c6375eb8f245d50a25d521d1e569e3b2dccce626752bb26eae624' +
          'a24511e831a81fab6898a791579f462574ca4851e6588116493dbccc3072e0c5',
      ),
    },
  ],
  items: 512,
  firstItem: bytes(
    '4bc09fbd530a041dd2ec296110a29e8f130f179c59d223f51ecce3126e8b0c74' +
      '326abc2f32ccd9d7f976bd0944e3ccf8479db39343cbbffa467046ca97e2da63',
  ),
  lastItem: bytes(
    '55876f4d31330caa02aedd0b0c121c3c41e736853a08071f0dd4ddc7412db0bb' +
      'e274a9ac2932552bb37c40e72c2ef1d7cca8236942e480d709d3ea9d5ae0a1b7',
  ),
} as const;

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
