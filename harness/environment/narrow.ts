import { probe } from './probe.js';
import { findVulkan } from './vulkan.js';

/**
 * An environment in which a program that cannot choose its adapter finds only those called `name`: the given one when
 * it offers no other, else the first driver manifest that does so alone.
 *
 * @returns null when no environment tells them apart, e.g. two models behind one driver
 */
export async function environmentWithOnly(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>> | null> {
  const offersOnly = async (candidate: Readonly<Record<string, string>>) => {
    const found = await probe(candidate);
    if (found.status !== 'ok') return false;
    const names = [...found.adapters.map((adapter) => adapter.name), ...found.hidden];
    return names.length > 0 && names.every((other) => other === name);
  };
  if (await offersOnly(env)) return env;
  if (process.platform !== 'linux') return null;
  for (const { file } of findVulkan().manifests) {
    const narrowed = { ...env, VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file };
    if (await offersOnly(narrowed)) return narrowed;
  }
  return null;
}
