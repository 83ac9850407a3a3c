/**
 * Block headers that anyone can look up: public facts of the Bitcoin chain, as serialised, 80 bytes in
 * hexadecimal. The nonce is in the last four bytes, little-endian.
 */
export interface PublishedHeader {
  readonly height: number;
  readonly header: string;
  readonly nonce: number;
  /** Block hash as it is displayed: most significant byte first. */
  readonly hash: string;
  readonly source: string;
}

export const publishedHeaders: readonly PublishedHeader[] = [
  {
    height: 0,
    header:
      '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c',
    nonce: 2083236893,
    hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
    source: 'the genesis block; Bitcoin Core, chainparams.cpp; Bitcoin Wiki, "Genesis block"',
  },
  {
    height: 1,
    header:
      '010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299',
    nonce: 2573394689,
    hash: '00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048',
    source: 'block 1, in every block explorer',
  },
  {
    height: 125552,
    header:
      '0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a42a14695',
    nonce: 2504433986,
    hash: '00000000000000001e8d6829a8a21adc5d38d0a473b144b6765798e61f98bd1d',
    source: 'Bitcoin Wiki, "Block hashing algorithm", the worked example',
  },
];

export function headerBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** The 256-bit target that a header's compact `bits` field stands for (Bitcoin Wiki, "Difficulty"). */
export function targetOfBits(header: Uint8Array): bigint {
  const bits = new DataView(header.buffer, header.byteOffset, 80).getUint32(72, true);
  return BigInt(bits & 0x7fffff) << BigInt(8 * ((bits >>> 24) - 3));
}
