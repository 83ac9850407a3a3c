import { dirname } from 'node:path';
import type { Wanted } from './adapters.js';
import { type NoSwiftShader, type SwiftShader, swiftShader } from './swiftshader.js';
import { findVulkan, type VulkanSystem } from './vulkan.js';

/** A way to reach an adapter: what to set in a child process before Dawn is loaded there. */
export interface Candidate {
  readonly id: 'system' | 'swiftshader';
  /** For people, e.g. `the system's Vulkan`. */
  readonly description: string;
  /** To be merged into the child's environment: `{ ...process.env, ...candidate.env }`. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where the candidates come from; tests give their own. */
export interface CandidateSources {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly vulkan: () => VulkanSystem;
  readonly swiftShader: () => SwiftShader | NoSwiftShader;
}

const real: CandidateSources = { platform: process.platform, env: process.env, vulkan: findVulkan, swiftShader };

function libraryPath(folder: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const before = env.LD_LIBRARY_PATH;
  return { LD_LIBRARY_PATH: before ? `${folder}:${before}` : folder };
}

/** Newer loaders read the first name only, older ones know the second only. */
function driverFiles(files: readonly string[]): Record<string, string> {
  const list = files.join(':');
  return { VK_DRIVER_FILES: list, VK_ICD_FILENAMES: list };
}

function system(sources: CandidateSources): Candidate {
  const { loader, manifests } = sources.vulkan();
  const env: Record<string, string> = {};
  const words = ["the system's Vulkan"];
  if (manifests.some(({ searched }) => !searched)) {
    const strange = manifests.filter(({ searched }) => !searched);
    Object.assign(
      env,
      driverFiles([...strange, ...manifests.filter(({ searched }) => searched)].map(({ file }) => file)),
    );
    words.push(`with ${strange.map(({ file }) => file).join(', ')}, where the loader does not look by itself`);
  }
  if (loader === null && manifests.length > 0) {
    const fallback = sources.swiftShader();
    if (fallback.available) {
      Object.assign(env, libraryPath(dirname(fallback.loader), sources.env));
      words.push('with the Vulkan loader of the npm package @sparticuz/chromium, because the system has none');
    }
  }
  return { id: 'system', description: words.join(' '), env };
}

/** SwiftShader with its own loader; null when it is not there. */
export function swiftShaderCandidate(
  found: SwiftShader | NoSwiftShader,
  env: NodeJS.ProcessEnv = process.env,
): Candidate | null {
  if (!found.available) return null;
  return {
    id: 'swiftshader',
    description: `SwiftShader ${found.version} from npm`,
    env: { ...libraryPath(found.directory, env), ...driverFiles([found.icd]) },
  };
}

/**
 * The environments worth trying, best first: open a child in each until one yields the adapter that is wanted
 * (`selectAdapter` there answers null otherwise). Unpacks SwiftShader when it is among them.
 */
export function candidates({ software }: Wanted, sources: CandidateSources = real): Candidate[] {
  if (sources.platform !== 'linux')
    return [{ id: 'system', description: `this system's own graphics (${sources.platform})`, env: {} }];
  const list = [system(sources)];
  if (software !== false) {
    const fallback = swiftShaderCandidate(sources.swiftShader(), sources.env);
    if (fallback !== null) list.push(fallback);
  }
  return list;
}
