import type { BufferPlan, BufferRole, Dispatch, Plan } from '../declaration.js';
import { ShapeError } from '../errors.js';

/** The buffers and dispatches of a plan that is put together from the plans of other kernels. */
export class Composition {
  readonly #buffers = new Map<string, BufferPlan>();
  readonly setup: Dispatch[] = [];
  readonly dispatches: Dispatch[] = [];

  /** Declares a buffer, or makes a scratch that is there as large as its largest user needs. */
  buffer(name: string, role: BufferRole, byteLength: number, contents?: ArrayBufferView): string {
    const there = this.#buffers.get(name);
    if (there && there.role !== role) throw new RangeError(`buffer ${name} is ${there.role} and cannot be ${role}`);
    if (there && role !== 'scratch' && there.byteLength !== byteLength)
      throw new ShapeError(`buffer ${name} has ${there.byteLength} bytes, and a variant wants ${byteLength}`);
    if (!there || there.byteLength < byteLength)
      this.#buffers.set(name, { name, role, byteLength, ...(contents && { contents }) });
    return name;
  }

  /**
   * The dispatches of another kernel's plan, with its buffers under other names. What has no other name is its own
   * scratch, shared by all that are given the same `owner`.
   * @throws {ShapeError} where it wants a buffer that is no scratch larger than it is
   */
  splice(owner: string, { buffers, dispatches }: Plan, names: Readonly<Record<string, string>>): void {
    const renamed = new Map(
      buffers.map(({ name, role, byteLength, contents }) => {
        const to = names[name];
        if (to === undefined) {
          if (role !== 'scratch') throw new RangeError(`${owner}: buffer ${name} (${role}) has no place here`);
          return [name, this.buffer(`${owner}.${name}`, role, byteLength, contents)];
        }
        const there = this.#buffers.get(to);
        if (!there) throw new RangeError(`${owner}: there is no buffer ${to}`);
        return [name, this.buffer(to, there.role, there.role === 'scratch' ? byteLength : atMost(there, byteLength))];
      }),
    );
    const place = (name: string) => renamed.get(name) as string;
    for (const dispatch of dispatches) this.dispatches.push({ ...dispatch, bindings: dispatch.bindings.map(place) });
  }

  plan(repeat: number): Plan {
    return { buffers: [...this.#buffers.values()], setup: this.setup, dispatches: this.dispatches, repeat };
  }
}

/** A buffer may be longer than a variant needs, not shorter. */
function atMost({ name, byteLength }: BufferPlan, wanted: number): number {
  if (wanted > byteLength)
    throw new ShapeError(
      `buffer ${name} has ${byteLength} bytes, and a variant wants ${wanted}: it pads a size that is a multiple of 128`,
    );
  return byteLength;
}
