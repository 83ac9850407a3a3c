/** A target that every hash meets. */
export const EVERY_NONCE = (1n << 256n) - 1n;

/** Targets around a hash: it and its neighbours, and for every word those that the words above it do not decide. */
export function targetsAround(hash: bigint): { target: bigint; wins: boolean }[] {
  const around = [
    { target: hash, wins: true },
    { target: hash - 1n, wins: false },
  ];
  for (let word = 0n; word < 8n; word++) {
    const unit = 1n << (32n * word);
    const above = (hash / unit) * unit;
    if (above + unit <= EVERY_NONCE) around.push({ target: above + unit, wins: true });
    if (above > 0n) around.push({ target: above - 1n, wins: false });
  }
  return around;
}
