const BLOCK = 512;

function field(header: Uint8Array, start: number, length: number): string {
  const text = Buffer.from(header.buffer, header.byteOffset + start, length).toString('latin1');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/**
 * Reads the named plain files out of a ustar archive; folders, links and extensions are passed over.
 * @returns the files found, by the name asked for
 * @throws when the archive ends within a file or a header's checksum is wrong
 */
export function readTar(archive: Uint8Array, names: readonly string[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    // The checksum counts its own eight bytes as spaces.
    const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (sum !== Number.parseInt(field(header, 148, 8).trim(), 8))
      throw new Error(`tar header at byte ${at} is damaged`);
    const size = Number.parseInt(field(header, 124, 12).trim() || '0', 8);
    const type = field(header, 156, 1);
    const start = at + BLOCK;
    if (!(start + size <= archive.length)) throw new Error('tar archive is cut short');
    const name = field(header, 0, 100).replace(/^\.\//, '');
    if ((type === '0' || type === '') && names.includes(name)) files.set(name, archive.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
