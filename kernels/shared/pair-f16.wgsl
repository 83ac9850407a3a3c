// Two neighbouring elements as memory holds them, here f16 in one word. No adapter needs a feature for it, and what is
// bound by memory does not feel the conversion.
alias Pair = u32;

fn unpackPair(pair: Pair) -> vec2<f32> {
  return unpack2x16float(pair);
}

fn packPair(values: vec2<f32>) -> Pair {
  return pack2x16float(values);
}
