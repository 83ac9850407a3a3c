import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { mode } from '../../reports/schema.js';

/** The file that remembers what tuning found: where it lies and what is in it. */
export const CACHE_SCHEMA = 'assay.tuning/1';

const finite = z.number();
const count = z.number().int().nonnegative();

/**
 * What tuning one variant on one workload found, and everything that makes it hold or not. Fields that this version
 * does not know are passed over: an entry of another version is stale, not damaged.
 */
export const cacheEntry = z.object({
  /** The adapter's name, its driver and how it was reached. */
  device: z.string().min(1),
  driver: z.string().nullable(),
  backend: z.string(),
  mode,
  /** Kernel and shape, e.g. `matmul/f32/m512-n512-k512`. */
  workload: z.string().min(1),
  variant: z.string().min(1),
  /** See `harness/source-hash.ts`. */
  sourceHash: z.string().regex(/^[0-9a-f]{64}$/),
  toolVersion: z.string(),
  tuning: z.record(z.string(), finite),
  /** False: the default won. */
  differs: z.boolean(),
  /** Rate over the default's in the same run, with its 95 % interval; null when the default won or does not run. */
  ratio: z.strictObject({ value: finite, low: finite, high: finite }).nullable(),
  date: z.iso.datetime(),
  seed: count,
  /** Rounds that the comparison with the default rests on. */
  rounds: count,
  /** Configurations tried, of so many that there are. */
  tried: count,
  spaceSize: count,
});
export type CacheEntry = z.infer<typeof cacheEntry>;

/** Entries are checked one by one, so that one that is damaged costs itself alone. */
export const cacheFile = z.object({ schema: z.literal(CACHE_SCHEMA), entries: z.array(z.unknown()) });

/**
 * `ASSAY_TUNING_CACHE`, else `assay/tuning.json` in the user's folder for caches: `XDG_CACHE_HOME` where it is set
 * (XDG Base Directory Specification 0.8), `%LOCALAPPDATA%` on Windows, `~/Library/Caches` on macOS, else `~/.cache`.
 */
export function cachePath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.ASSAY_TUNING_CACHE) return env.ASSAY_TUNING_CACHE;
  return join(cacheFolder(env, platform, home), 'assay', 'tuning.json');
}

function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}
