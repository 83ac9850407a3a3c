import { describe, record } from '../arguments.js';
import { InputError } from '../errors.js';
import { roundToF16 } from '../f16.js';
import type { Model } from '../llm/models.js';
import { randomFloats } from '../random.js';
import type { BlockInput } from './reference.js';
import type { BlockSizes } from './sizes.js';

/** What odd seeds multiply earlier keys by: few of them then get most of the weight, and a lost one shows. */
const SHARP = 4;

/** States and earlier keys and values, uniform, as f16 has them. */
export function blockInput({ width, kvHeads, headSize }: Model, sizes: BlockSizes, seed: number): BlockInput {
  const { tokens, context } = sizes;
  const cached = kvHeads * (context - tokens) * headSize;
  const sharp = seed % 2 === 1 ? SHARP : 1;
  return {
    hidden: roundToF16(randomFloats(tokens * width, seed)),
    pastKeys: roundToF16(randomFloats(cached, seed ^ 0x6b6579).map((x) => sharp * x)),
    pastValues: roundToF16(randomFloats(cached, seed ^ 0x76616c)),
  };
}

/**
 * A caller's input, rounded to f16.
 * @throws {InputError} naming the argument
 */
export function acceptedInput({ width, kvHeads, headSize }: Model, kernel: string, input: unknown): BlockInput {
  const given = record(input, kernel, ['hidden', 'pastKeys', 'pastValues']);
  const floats = (key: string, unit: number, of: string): Float32Array => {
    const value = given[key];
    if (!(value instanceof Float32Array)) throw new InputError(`${key} must be a Float32Array, got ${describe(value)}`);
    if (value.length % unit !== 0)
      throw new InputError(`${key} must hold a multiple of ${unit} elements (${of}), got ${value.length}`);
    return roundToF16(value);
  };
  const hidden = floats('hidden', width, 'width');
  if (hidden.length === 0) throw new InputError('hidden must hold at least one token, got none');
  const cached = (key: string) =>
    given[key] === undefined ? new Float32Array(0) : floats(key, kvHeads * headSize, 'kvHeads · headSize');
  const [pastKeys, pastValues] = [cached('pastKeys'), cached('pastValues')];
  if (pastKeys.length !== pastValues.length)
    throw new InputError(
      `pastValues must hold as many elements as pastKeys, got ${pastValues.length} and ${pastKeys.length}`,
    );
  return { hidden, pastKeys, pastValues };
}
