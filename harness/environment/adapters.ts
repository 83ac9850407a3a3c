import { type Create, createGpu, type DawnMode } from './dawn.js';
import { isSoftware } from './software.js';

/**
 * Finding an adapter inside a process that has loaded Dawn: the probe's child and the card's worker.
 * Dawn addresses adapters by a part of their name only, so names are listed first and then asked for one by one.
 */

export interface ListedName {
  readonly backend: string;
  readonly name: string;
}

export interface NamedAdapter extends ListedName {
  /** The object that the adapter came from. */
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

export interface AdapterList {
  /** In Dawn's order for high performance: the first is what a program that does not choose is given. */
  readonly adapters: NamedAdapter[];
  /** Names that Dawn lists but cannot be asked for, because an earlier name contains them or is the same. */
  readonly hidden: string[];
}

/** No adapter is called so; asking for it makes Dawn list those that are there. */
const NOBODY = 'assay: list the adapters';

/** Reads Dawn's refusal of an unknown adapter name. Exported for its test. */
export function parseListing(message: string): ListedName[] {
  return [...message.matchAll(/^ \* backend: '([^']*)', name: '(.*)'$/gm)].map((match) => ({
    backend: match[1] ?? '',
    name: match[2] ?? '',
  }));
}

async function request(
  create: Create,
  mode: DawnMode,
  name: string | null,
): Promise<{ gpu: GPU; adapter: GPUAdapter } | null> {
  const gpu = createGpu(create, mode, name);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter && { gpu, adapter };
}

/**
 * Every adapter that can be asked for by name, each with an adapter object of its own (one device can be made of each).
 * @throws what Dawn throws for reasons other than an unknown name
 */
export async function listAdapterObjects(create: Create, mode: DawnMode): Promise<AdapterList> {
  let listed: ListedName[];
  try {
    const unexpected = await request(create, mode, NOBODY);
    // Null means that there is no driver at all: Dawn then has no list to complain with.
    if (unexpected === null) return { adapters: [], hidden: [] };
    listed = [];
  } catch (error) {
    listed = parseListing(error instanceof Error ? error.message : String(error));
    if (listed.length === 0) throw error;
  }
  const adapters: NamedAdapter[] = [];
  const hidden: string[] = [];
  for (const [position, entry] of listed.entries()) {
    if (listed.slice(0, position).some((earlier) => earlier.name.includes(entry.name))) {
      hidden.push(entry.name);
      continue;
    }
    const found = await request(create, mode, entry.name);
    if (found !== null) adapters.push({ ...entry, ...found });
  }
  return { adapters, hidden };
}

export interface Wanted {
  /** Part of the adapter's name, in any case; null accepts all. */
  readonly deviceName: string | null;
  /** True takes only a software adapter, false only hardware, null prefers hardware. */
  readonly software: boolean | null;
}

/**
 * The best of `adapters` for a wish, or null: hardware before software, otherwise in the order given.
 * Used with Dawn's adapters in the worker and with probed ones in `devices`, so that both choose alike.
 */
export function chooseAdapter<T>(
  adapters: readonly T[],
  wanted: Wanted,
  describe: (adapter: T) => { name: string; software: boolean },
): T | null {
  const part = wanted.deviceName?.toLowerCase() ?? '';
  const fitting = adapters
    .map((adapter) => ({ adapter, ...describe(adapter) }))
    .filter(({ name }) => name.toLowerCase().includes(part))
    .filter(({ software }) => wanted.software === null || software === wanted.software);
  return (fitting.find(({ software }) => !software) ?? fitting[0])?.adapter ?? null;
}

/**
 * What a worker calls: the adapter that fits, of those in this process's environment, or null when none does.
 * Dawn stays reachable (see `createGpu`); `name` is the card's name, `adapter.info.description` its driver.
 */
export async function selectAdapter(create: Create, wanted: Wanted, mode: DawnMode): Promise<NamedAdapter | null> {
  const { adapters } = await listAdapterObjects(create, mode);
  return chooseAdapter(adapters, wanted, ({ name, adapter }) => ({ name, software: isSoftware(adapter.info) }));
}
