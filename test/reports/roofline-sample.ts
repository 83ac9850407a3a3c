import type { Measurement, Result } from '../../reports/schema.js';
import { hardwareResult, sampleResult } from './sample.js';

/** Results in which workloads stand under measured roofs, built from a measurement of the sample. */

type Roofline = NonNullable<Measurement['roofline']>;
const KIND_UNIT = { float: 'flop/s', integer: 'iop/s' } as const;

export interface Place extends Partial<Omit<Roofline, 'operationsPerByte'>> {
  readonly workload: string;
  readonly implementation?: string;
  readonly kind: Roofline['kind'];
  /** Null moves no bytes. */
  readonly perByte: number | null;
  readonly rate: number;
  readonly status?: 'valid' | 'unreliable';
}

const model = () => sampleResult().measurements[0] as Measurement;
const doubt = [{ code: 'wide-interval' as const, detail: '±4 %' }];

/** A measurement with its place under the roofs. */
export function placed({ workload, implementation = 'assay/best', kind, perByte, rate, ...more }: Place): Measurement {
  const { status = 'valid', compute = null, memory = null, operations = 1e9 } = more;
  const bytes = perByte === null ? 0 : operations / perByte;
  return {
    ...model(),
    ...{ workload, implementation, family: kind === 'float' ? 'ai' : 'mining', versusBaseline: null, ceiling: null },
    rate: { value: rate, unit: KIND_UNIT[kind], low: rate * 0.99, high: rate * 1.01 },
    roofline: { kind, operations, bytes, operationsPerByte: perByte, rate, compute, memory },
    ...{ status, reasons: status === 'unreliable' ? doubt : [] },
  };
}

/** A ceiling: a rate of its own, under no roof. */
export function ceilingOf(
  workload: string,
  unit: 'flop/s' | 'iop/s' | 'byte/s',
  value: number,
  status: 'valid' | 'unreliable' = 'valid',
): Measurement {
  return {
    ...model(),
    ...{ workload, implementation: 'assay/best', family: unit === 'byte/s' ? 'memory' : 'arithmetic', ceiling: null },
    rate: { value, unit, low: value * 0.99, high: value * 1.01 },
    ...{ roofline: null, versusBaseline: null, status, reasons: status === 'unreliable' ? doubt : [] },
  };
}

/** Rates of an RTX 3090 as one may hope for, or of two cores. */
export function rooflineMeasurements(scale: 1 | 0.0012 = 1, status: 'valid' | 'unreliable' = 'valid'): Measurement[] {
  const flop = (value: number) => value * 1e12 * scale;
  const byte = (value: number) => value * 1e9 * scale * (scale === 1 ? 1 : 4);
  const fma = { of: ['fma-f32/n1048576-i1024'], value: flop(34.1) };
  const half = { of: ['fma-f16/n1048576-i1024'], value: flop(34.4) };
  const copy = { of: ['copy/n268435456'], value: byte(841) };
  const pages = { of: ['page-read/n4294967296'], value: byte(702) };
  const words = ['int-add3/n1048576-i1024', 'int-logic/n1048576-i1024', 'int-rotate/n1048576-i1024'];
  const scanMix = { of: words, value: flop(8.9) };
  const ethashMix = { of: words, value: flop(8.1) };
  const of = (name: string, place: Omit<Place, 'workload'>) => placed({ workload: name, status, ...place });
  return [
    ceilingOf('copy/n268435456', 'byte/s', copy.value, status),
    ceilingOf('page-read/n4294967296', 'byte/s', pages.value, status),
    ceilingOf('fma-f32/n1048576-i1024', 'flop/s', fma.value, status),
    ceilingOf('mul-add-f32/n1048576-i1024', 'flop/s', flop(17.2), status),
    ceilingOf('fma-f16/n1048576-i1024', 'flop/s', flop(34.4), status),
    ceilingOf('int-add/n1048576-i1024', 'iop/s', flop(17.1), status),
    ceilingOf('int-add3/n1048576-i1024', 'iop/s', flop(8.9), status),
    ceilingOf('int-rotate/n1048576-i1024', 'iop/s', flop(8.6), status),
    ceilingOf('int-logic/n1048576-i1024', 'iop/s', flop(9.0), status),
    ceilingOf('int-mul/n1048576-i1024', 'iop/s', flop(8.7), status),
    ceilingOf('int-sha256/n1048576-i1024', 'iop/s', flop(8.8), status),
    ceilingOf('dot4-i8/n1048576-i1024', 'iop/s', flop(68), status),
    ceilingOf('matrix-i8/n1048576-i1024', 'iop/s', flop(270), status),
    of('matmul/f32/m2048-n2048-k2048', { kind: 'float', perByte: 341, rate: flop(21.3), compute: fma, memory: copy }),
    of('matmul/f32/m2048-n2048-k2048', {
      implementation: 'assay/naive',
      ...{ kind: 'float', perByte: 341, rate: flop(1.9), compute: fma, memory: copy },
    }),
    of('matmul/f32/m2048-n2048-k2048', {
      implementation: 'onnxruntime/webgpu',
      ...{ kind: 'float', perByte: 341, rate: flop(12.8), compute: fma, memory: copy },
    }),
    of('matmul/f32/m2048-n2048-k2048', {
      ...{ implementation: 'onnxruntime/cpu', kind: 'float', perByte: 341, rate: flop(0.07) },
    }),
    of('matmul/f16/m2048-n2048-k2048', { kind: 'float', perByte: 683, rate: flop(25), compute: half, memory: copy }),
    of('attention/f32/b1-h32-kv8-q1-k4096-d128', {
      ...{ kind: 'float', perByte: 0.98, rate: flop(0.71), compute: fma, memory: copy, status: 'unreliable' },
    }),
    of('attention/f32/b1-h32-kv8-q1-k4096-d128', {
      ...{ implementation: 'onnxruntime/webgpu', kind: 'float', perByte: 0.98, rate: flop(0.4), compute: fma },
      ...{ memory: copy, status: 'unreliable' },
    }),
    of('sha256d-scan/n16777216', { kind: 'integer', perByte: null, rate: flop(7.7), compute: scanMix }),
    of('sha256/n131072-blocks131072', {
      kind: 'integer',
      perByte: 24,
      rate: flop(7.4),
      compute: scanMix,
      memory: copy,
    }),
    of('ethash/e176-n1048576', { kind: 'integer', perByte: 1.3, rate: flop(0.77), compute: ethashMix, memory: pages }),
  ];
}

export function rooflineResult(kind: 'hardware' | 'software' = 'hardware'): Result {
  return kind === 'hardware'
    ? { ...hardwareResult(), measurements: rooflineMeasurements() }
    : sampleResult({ measurements: rooflineMeasurements(0.0012, 'unreliable') });
}
