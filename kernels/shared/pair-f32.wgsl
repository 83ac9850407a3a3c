// Two neighbouring elements as memory holds them, here f32. See pair-f16.wgsl.
alias Pair = vec2<f32>;

fn unpackPair(pair: Pair) -> vec2<f32> {
  return pair;
}

fn packPair(values: vec2<f32>) -> Pair {
  return values;
}
