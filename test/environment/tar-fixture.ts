import { brotliCompressSync } from 'node:zlib';

/** Writes a ustar archive of plain files; names of 100 bytes at most. */
export function writeTar(files: Record<string, string>): Buffer {
  const blocks: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000755\0', 100);
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124);
    header.write('        0', 148);
    header.write('ustar\0', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const data = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    data.write(content);
    blocks.push(header, data);
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const swiftShaderFiles = {
  'libEGL.so': 'not wanted',
  'libvk_swiftshader.so': 'the driver',
  'libvulkan.so.1': 'the loader',
  'vk_swiftshader_icd.json': '{}',
};

/** What the npm package ships, small. */
export function swiftShaderArchive(files: Record<string, string> = swiftShaderFiles): Buffer {
  return brotliCompressSync(writeTar(files));
}
