import type { Plan } from '../declaration.js';

export const ALL_KEYS = 'attention/all-keys.wgsl';
const KEYS_SO_FAR = 'attention/keys-so-far.wgsl';

/**
 * A plan of `decode` for a cache that is being filled: its shape's keyLength is the room, and a buffer `position`, one
 * u32, says where the newest key is; what lies behind it is not read. So one plan serves every token.
 */
export function growing(plan: Plan): Plan {
  const counts = ({ modules = [] }: Plan['dispatches'][number]) => modules.includes(ALL_KEYS);
  if (!plan.dispatches.some(counts)) throw new RangeError('no dispatch of this plan asks how many keys there are');
  return {
    ...plan,
    buffers: [...plan.buffers, { name: 'position', role: 'input', byteLength: 4 }],
    dispatches: plan.dispatches.map((dispatch) =>
      counts(dispatch)
        ? {
            ...dispatch,
            modules: (dispatch.modules ?? []).map((module) => (module === ALL_KEYS ? KEYS_SO_FAR : module)),
            constants: { ...dispatch.constants, POSITION_AT: dispatch.bindings.length },
            bindings: [...dispatch.bindings, 'position'],
          }
        : dispatch,
    ),
  };
}
