import koffi from 'koffi';
import * as c from './constants.js';

/**
 * NVML's functions through koffi. Layouts and signatures: NVML API Reference Guide, "Device Structs" and "Device
 * Queries"; `test/telemetry/nvml.test.ts` compares the layouts with what a C compiler makes of them.
 */
export const nvmlPciInfo = koffi.struct({
  busIdLegacy: koffi.array('char', 16),
  domain: 'uint32_t',
  bus: 'uint32_t',
  device: 'uint32_t',
  /** The device's id in the upper half, the vendor's in the lower. */
  pciDeviceId: 'uint32_t',
  pciSubSystemId: 'uint32_t',
  busId: koffi.array('char', 32),
});
export const nvmlMemory = koffi.struct({ total: 'uint64_t', free: 'uint64_t', used: 'uint64_t' });
export const nvmlUtilization = koffi.struct({ gpu: 'uint32_t', memory: 'uint32_t' });
export const nvmlFieldValue = koffi.struct({
  fieldId: 'uint32_t',
  scopeId: 'uint32_t',
  timestamp: 'int64_t',
  latencyUsec: 'int64_t',
  valueType: 'int',
  nvmlReturn: 'int',
  /** A union of eight bytes; integers of all types begin at its first. */
  value: 'uint64_t',
});

const handle = koffi.pointer(koffi.opaque());
const out = (type: string | ReturnType<typeof koffi.struct>) => koffi.out(koffi.pointer(type));
const u32 = out('uint32_t');
const u64 = out('uint64_t');

/** An answer of NVML's: `value` is there when `code` is NVML_SUCCESS. */
export type Answer<T> = { readonly code: 0; readonly value: T } | { readonly code: number; readonly value: null };

type Native = (...args: unknown[]) => number;
/** A card's handle; opaque. */
export type Handle = unknown;

/** One field value as koffi decodes it. */
interface FieldValue {
  nvmlReturn: number;
  value: number | bigint;
}

export interface PciInfo {
  readonly busId: string;
  readonly busIdLegacy: string;
  readonly pciDeviceId: number;
  readonly pciSubSystemId: number;
}

/** What is used of the library. A function that this version of it lacks answers NVML_ERROR_FUNCTION_NOT_FOUND. */
export class NvmlLibrary {
  readonly #library: ReturnType<typeof koffi.load>;
  readonly #functions = new Map<string, Native | null>();

  /** @throws when the library cannot be loaded */
  constructor(path: string) {
    this.#library = koffi.load(path);
  }

  initialise(): number {
    return this.#call(['nvmlInit_v2', 'nvmlInit'], []);
  }

  shutdown(): number {
    return this.#call(['nvmlShutdown'], []);
  }

  driverVersion(): Answer<string> {
    return this.#text(['nvmlSystemGetDriverVersion'], 81);
  }

  count(): Answer<number> {
    return this.#number(['nvmlDeviceGetCount_v2', 'nvmlDeviceGetCount'], u32, []);
  }

  /** A card that may not be opened, or is lost, has no handle. */
  handle(index: number): Answer<Handle> {
    const box: Handle[] = [null];
    const code = this.#call(
      ['nvmlDeviceGetHandleByIndex_v2', 'nvmlDeviceGetHandleByIndex'],
      [
        ['uint32_t', index],
        [out(handle as never), box],
      ],
    );
    return code === c.NVML_SUCCESS ? { code, value: box[0] } : { code, value: null };
  }

  /** Before version 3 the struct ends within `busId`, which then holds nothing of use: take `busIdLegacy`. */
  pciInfo(device: Handle): Answer<PciInfo> {
    const info: Record<string, unknown> = {};
    const code = this.#call(
      ['nvmlDeviceGetPciInfo_v3', 'nvmlDeviceGetPciInfo_v2', 'nvmlDeviceGetPciInfo'],
      [
        [handle, device],
        [out(nvmlPciInfo), info],
      ],
    );
    if (code !== c.NVML_SUCCESS) return { code, value: null };
    return { code: 0, value: info as unknown as PciInfo };
  }

  name = (device: Handle) => this.#text(['nvmlDeviceGetName'], 96, device);
  uuid = (device: Handle) => this.#text(['nvmlDeviceGetUUID'], 96, device);
  vbios = (device: Handle) => this.#text(['nvmlDeviceGetVbiosVersion'], 32, device);

  /** An unsigned number of `nvmlDevice<query>`, with an argument between handle and answer where it takes one. */
  number(query: string, device: Handle, ...select: readonly number[]): Answer<number> {
    return this.#number([`nvmlDevice${query}`], u32, [
      [handle, device],
      ...select.map((value) => ['int', value] as const),
    ]);
  }

  /** As `number`, of 64 bits. */
  wide(names: readonly string[], device: Handle, ...select: readonly number[]): Answer<bigint> {
    const box: (number | bigint)[] = [0];
    const code = this.#call(
      names.map((name) => `nvmlDevice${name}`),
      [[handle, device], ...select.map((value) => ['int', value] as const), [u64, box]],
    );
    return code === c.NVML_SUCCESS ? { code, value: BigInt(box[0] ?? 0) } : { code, value: null };
  }

  /** Several unsigned numbers of one query, in order. */
  numbers(query: string, device: Handle, how: number): Answer<number[]> {
    const boxes = Array.from({ length: how }, () => [0]);
    const code = this.#call([`nvmlDevice${query}`], [[handle, device], ...boxes.map((box) => [u32, box] as const)]);
    return code === c.NVML_SUCCESS ? { code, value: boxes.map(([value]) => value as number) } : { code, value: null };
  }

  memory(device: Handle): Answer<{ total: number; used: number }> {
    const box: { total?: number | bigint; used?: number | bigint } = {};
    const code = this.#call(
      ['nvmlDeviceGetMemoryInfo'],
      [
        [handle, device],
        [out(nvmlMemory), box],
      ],
    );
    if (code !== c.NVML_SUCCESS) return { code, value: null };
    return { code: 0, value: { total: Number(box.total), used: Number(box.used) } };
  }

  utilisation(device: Handle): Answer<{ gpu: number; memory: number }> {
    const box = {} as { gpu: number; memory: number };
    const code = this.#call(
      ['nvmlDeviceGetUtilizationRates'],
      [
        [handle, device],
        [out(nvmlUtilization), box],
      ],
    );
    return code === c.NVML_SUCCESS ? { code, value: box } : { code, value: null };
  }

  /** One of the numbered fields, which have an answer of their own beside the call's. */
  field(fieldId: number, device: Handle): Answer<number> {
    const empty = { scopeId: 0, timestamp: 0, latencyUsec: 0, valueType: 0, nvmlReturn: 0, value: 0 };
    const box = { fieldId, ...empty } as FieldValue & { fieldId: number };
    const code = this.#call(
      ['nvmlDeviceGetFieldValues'],
      [
        [handle, device],
        ['int', 1],
        [koffi.inout(koffi.pointer(nvmlFieldValue)), box],
      ],
    );
    const own = code === c.NVML_SUCCESS ? box.nvmlReturn : code;
    // Unsigned of 32 bits: what the union holds above is left over.
    return own === c.NVML_SUCCESS
      ? { code: 0, value: Number(BigInt.asUintN(32, BigInt(box.value))) }
      : { code: own, value: null };
  }

  #number(names: readonly string[], type: typeof u32, args: readonly (readonly [unknown, unknown])[]): Answer<number> {
    const box = [0];
    const code = this.#call(names, [...args, [type, box]]);
    return code === c.NVML_SUCCESS ? { code, value: box[0] as number } : { code, value: null };
  }

  #text(names: readonly string[], size: number, device?: Handle): Answer<string> {
    const buffer = Buffer.alloc(size);
    const code = this.#call(names, [
      ...(device === undefined ? [] : [[handle, device] as const]),
      ['void *', buffer],
      ['uint32_t', size],
    ]);
    if (code !== c.NVML_SUCCESS) return { code, value: null };
    const end = buffer.indexOf(0);
    return { code: 0, value: buffer.toString('latin1', 0, end < 0 ? size : end) };
  }

  /** Calls the first of `names` that the library has. */
  #call(names: readonly string[], args: readonly (readonly [unknown, unknown])[]): number {
    for (const name of names) {
      const native = this.#find(
        name,
        args.map(([type]) => type),
      );
      if (native) return native(...args.map(([, value]) => value));
    }
    return c.NVML_ERROR_FUNCTION_NOT_FOUND;
  }

  #find(name: string, types: readonly unknown[]): Native | null {
    let found = this.#functions.get(name);
    if (found !== undefined) return found;
    try {
      found = this.#library.func(name, 'int', types as never) as unknown as Native;
    } catch {
      // koffi throws for a symbol that is not there.
      found = null;
    }
    this.#functions.set(name, found);
    return found;
  }
}
