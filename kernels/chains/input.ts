import { describe, record, wholeNumber } from '../arguments.js';
import type { Shape } from '../declaration.js';
import { InputError } from '../errors.js';
import type { Chain, ChainAxes } from './chain.js';
import type { Domain } from './domain.js';
import { type ChainInput, STARTS, TERMS, WORDS } from './replay.js';

/**
 * A caller's input and the shape that follows from it.
 * @throws {InputError} naming the argument, what it must be and what it was
 */
export function chainInput(input: unknown, chain: Chain, axes: ChainAxes): { shape: Shape; input: ChainInput } {
  const given = record(input, chain.id, ['invocations', 'iterations', 'starts', 'terms']);
  const size = (name: keyof ChainAxes) => wholeNumber(given[name], name, axes[name].min, axes[name].max);
  const shape = { invocations: size('invocations'), iterations: size('iterations') };
  const starts = words(given.starts, 'starts', STARTS * WORDS, (i) => chain.start(i % WORDS));
  const terms = words(given.terms, 'terms', TERMS, (i) => chain.term(i));
  return { shape, input: { ...shape, starts, terms } };
}

function words(value: unknown, name: string, length: number, domain: (index: number) => Domain): Uint32Array {
  if (!(value instanceof Uint32Array))
    throw new InputError(`${name} must be a Uint32Array of ${length} words, got ${describe(value)}`);
  if (value.length !== length) throw new InputError(`${name} must hold ${length} words, got ${value.length}`);
  const wrong = value.findIndex((word, i) => !domain(i).holds(word));
  if (wrong >= 0)
    throw new InputError(`${name}[${wrong}] must be ${domain(wrong).meaning}, got the word ${value[wrong]}`);
  return value;
}
