import { spawn } from 'node:child_process';
import { type AdapterInfo, type ProbeAnswer, probeAnswer } from './adapter-info.js';
import { chooseAdapter } from './adapters.js';
import { type Candidate, candidates } from './candidates.js';
import { builtFile } from './root.js';
import { isSoftware } from './software.js';
import { findVulkan, type Manifest } from './vulkan.js';

/** Why a probe has no answer: Dawn did not load, refused, ended early, did not end, or said something else. */
export type ProbeFailure = 'not-loaded' | 'refused' | 'crashed' | 'hung' | 'garbled';

export type ProbeResult =
  | {
      readonly status: 'ok';
      readonly adapters: readonly AdapterInfo[];
      readonly hidden: readonly string[];
      /** What drivers, loader and Dawn wrote meanwhile: the only trace of a driver that Dawn refuses. */
      readonly log: string;
    }
  | { readonly status: 'failed'; readonly code: ProbeFailure; readonly message: string; readonly log: string };

export interface ProbeOptions {
  /** The child's script; tests give one that crashes or hangs. */
  readonly script?: string;
  readonly timeoutMs?: number;
}

const LOG_LIMIT = 16_384;

function readAnswer(stdout: string): ProbeAnswer | null {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return probeAnswer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * Looks for adapters in a child process with `env` merged into the environment. Never throws and never rejects:
 * a child that crashes, hangs or cannot load Dawn is an answer too. What it writes to stderr stays out of sight.
 */
export function probe(env: Readonly<Record<string, string>>, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { script = builtFile('harness/environment/probe-process.js'), timeoutMs = 30_000 } = options;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let log = '';
    let late = false;
    const fail = (code: ProbeFailure, message: string) => resolve({ status: 'failed', code, message, log });
    const timer = setTimeout(() => {
      late = true;
      // A process inside a driver may never look at a gentler signal.
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_LIMIT);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      fail('crashed', `the probe could not be started: ${error.message}`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      // Some drivers crash while the process ends; an answer already given stands.
      const answer = readAnswer(stdout);
      if (answer !== null && 'adapters' in answer) return resolve({ status: 'ok', ...answer, log });
      if (answer !== null) return fail(answer.error.stage === 'load' ? 'not-loaded' : 'refused', answer.error.message);
      if (late) return fail('hung', `no answer within ${timeoutMs / 1000} s`);
      if (signal !== null) return fail('crashed', `ended by ${signal}`);
      if (code !== 0) return fail('crashed', `ended with exit code ${code}`);
      return fail('garbled', 'ended without an answer');
    });
  });
}

export interface ListedAdapter extends AdapterInfo {
  readonly candidate: Candidate['id'];
  readonly software: boolean;
  /** True for the one that is taken when nothing is asked for. */
  readonly isDefault: boolean;
}

export interface ProbedCandidate {
  readonly candidate: Candidate;
  readonly result: ProbeResult;
}

export interface AdapterReport {
  readonly adapters: readonly ListedAdapter[];
  /** Names that Dawn lists but cannot be told apart by. */
  readonly hidden: readonly string[];
  readonly probed: readonly ProbedCandidate[];
  /** Each driver alone, looked at only when all of them together crash or hang; else empty. */
  readonly drivers: readonly { readonly manifest: Manifest; readonly result: ProbeResult }[];
}

/** Two at a time: a probe loads every driver that the environment names. */
async function inPairs<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += 2) results.push(...(await Promise.all(items.slice(i, i + 2).map(each))));
  return results;
}

/** Puts probed candidates together: each adapter once, the default marked. Exported for its test. */
export function mergeAdapters(probed: readonly ProbedCandidate[]): Pick<AdapterReport, 'adapters' | 'hidden'> {
  const found: Omit<ListedAdapter, 'isDefault'>[] = [];
  const hidden: string[] = [];
  for (const { candidate, result } of probed) {
    if (result.status !== 'ok') continue;
    hidden.push(...result.hidden);
    for (const info of result.adapters) {
      if (found.some((other) => other.name === info.name && other.description === info.description)) continue;
      found.push({ ...info, candidate: candidate.id, software: isSoftware(info) });
    }
  }
  const first = defaultOf(found);
  return { adapters: found.map((adapter) => ({ ...adapter, isDefault: adapter === first })), hidden };
}

/** Candidates are tried in order, and the first that yields an adapter is kept. */
function defaultOf<T extends { candidate: Candidate['id']; name: string; software: boolean }>(
  found: readonly T[],
): T | null {
  const nothing = { deviceName: null, software: null };
  for (const id of ['system', 'swiftshader'] as const) {
    const adapter = chooseAdapter(
      found.filter(({ candidate }) => candidate === id),
      nothing,
      (it) => it,
    );
    if (adapter !== null) return adapter;
  }
  return null;
}

/** Probes every candidate and lists the adapters: what `devices` and `doctor` show. Never throws. */
export async function listAdapters(options: ProbeOptions = {}): Promise<AdapterReport> {
  const list = candidates({ deviceName: null, software: null });
  const probed = await inPairs(list, async (candidate) => ({ candidate, result: await probe(candidate.env, options) }));
  const system = probed.find(({ candidate }) => candidate.id === 'system');
  const broken = system?.result.status === 'failed' && ['crashed', 'hung'].includes(system.result.code);
  const suspects = broken ? findVulkan().manifests : [];
  const drivers = await inPairs(suspects, async (manifest) => {
    const only = { ...system?.candidate.env, VK_DRIVER_FILES: manifest.file, VK_ICD_FILENAMES: manifest.file };
    return { manifest, result: await probe(only, options) };
  });
  return { ...mergeAdapters(probed), probed, drivers };
}
