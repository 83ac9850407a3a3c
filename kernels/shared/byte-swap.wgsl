// The bytes of a word, or of each of several, the other way round. Alias: Word (u32 or a vector of it).

fn byteSwap(x: Word) -> Word {
  return (x << Word(24u)) | ((x & Word(0xff00u)) << Word(8u)) | ((x >> Word(8u)) & Word(0xff00u)) | (x >> Word(24u));
}
