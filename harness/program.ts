import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Constant, Dispatch } from '../kernels/declaration.js';
import { kernelsRoot } from './root.js';

/**
 * Program assembly: a generated header of `enable`, `requires`, `alias` and `const` lines, the shared modules, then
 * the WGSL file, all as they stand on disk. Every generated line remembers where it came from, so that a
 * compiler's message can name the file, line and column that a person would edit.
 */
export interface Program {
  readonly code: string;
  readonly entryPoint: string;
  /** Source of generated line i + 1; null for header lines. */
  readonly origins: readonly ({ readonly file: string; readonly line: number } | null)[];
}

/** WGSL that does not compile. Each problem is placed in its source file. */
export class ShaderError extends Error {
  override name = 'ShaderError';
}

export function assemble(dispatch: Dispatch, read: (path: string) => string = readKernelFile): Program {
  const header = [
    ...(dispatch.enables ?? []).map((feature) => `enable ${feature};`),
    ...(dispatch.languageFeatures ?? []).map((feature) => `requires ${feature};`),
    ...Object.entries(dispatch.aliases ?? {}).map(([name, type]) => `alias ${name} = ${type};`),
    ...Object.entries(dispatch.constants ?? {}).map(([name, value]) => constantLine(name, value)),
  ];
  const lines: string[] = [...header];
  const origins: Program['origins'][number][] = header.map(() => null);
  for (const file of [...(dispatch.modules ?? []), dispatch.wgsl]) {
    read(file)
      .split('\n')
      .forEach((text, index) => {
        lines.push(text);
        origins.push({ file, line: index + 1 });
      });
  }
  return { code: lines.join('\n'), entryPoint: dispatch.entryPoint ?? 'main', origins };
}

/** Puts a compiler's message where it belongs. `lineNum` and `linePos` count from 1, as WebGPU has them. */
export function locate(program: Program, message: { message: string; lineNum: number; linePos: number }): string {
  const origin = program.origins[message.lineNum - 1];
  const text = program.code.split('\n')[message.lineNum - 1] ?? '';
  const place = origin
    ? `${placeOf(origin.file)}:${origin.line}:${message.linePos}`
    : `generated header, line ${message.lineNum}`;
  return `${place}: ${message.message}\n    ${text}\n    ${' '.repeat(Math.max(0, message.linePos - 1))}^`;
}

/** Kernels of another revision name their files by absolute paths. */
const placeOf = (file: string) => (isAbsolute(file) ? file : `kernels/${file}`);

function constantLine(name: string, constant: Constant): string {
  const { type, value } = typeof constant === 'number' ? { type: 'u32', value: constant } : constant;
  return `const ${name}: ${type} = ${literal(name, type, value)};`;
}

function literal(name: string, type: string, value: number | boolean): string {
  if (type === 'bool') return String(value);
  if (type === 'f32') {
    if (!Number.isFinite(value)) throw new ShaderError(`constant ${name} is ${value}; WGSL has no literal for it`);
    // The shortest decimal that names the double rounds to the same f32; hexadecimal would be no plainer.
    const text = String(value);
    return `${text}${/[.e]/.test(text) ? '' : '.0'}f`;
  }
  if (!Number.isSafeInteger(value)) throw new ShaderError(`constant ${name} is ${value}; ${type} takes whole numbers`);
  return `${value}${type === 'u32' ? 'u' : 'i'}`;
}

function readKernelFile(path: string): string {
  return readFileSync(resolve(kernelsRoot, path), 'utf8');
}

/** @throws {ShaderError} with one placed line per problem */
export async function compile(device: GPUDevice, program: Program): Promise<GPUComputePipeline> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: program.code });
  const info = await module.getCompilationInfo();
  const scoped = await device.popErrorScope();
  const errors = info.messages.filter((m) => m.type === 'error');
  if (errors.length > 0) throw new ShaderError(errors.map((m) => locate(program, m)).join('\n'));
  if (scoped) throw new ShaderError(scoped.message);
  try {
    return await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, entryPoint: program.entryPoint },
    });
  } catch (error) {
    const files = [...new Set(program.origins.flatMap((o) => (o ? [placeOf(o.file)] : [])))].join(', ');
    throw new ShaderError(`${files}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
