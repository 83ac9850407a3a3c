/** What tells a software adapter from a card. */
export interface SoftwareSigns {
  readonly isFallbackAdapter?: boolean;
  readonly architecture?: string;
  readonly description?: string;
  readonly device?: string;
  readonly name?: string;
}

const software = /swiftshader|llvmpipe|lavapipe|softpipe|\bWARP\b|Microsoft Basic Render/i;

/**
 * True when the adapter computes on the CPU. The one place where this is decided: its answer ends in
 * every result, and timings of such an adapter never make a verdict about hardware.
 */
export function isSoftware(info: SoftwareSigns): boolean {
  if (info.isFallbackAdapter === true) return true;
  if (info.architecture === 'software' || info.architecture === 'swiftshader') return true;
  return [info.description, info.device, info.name].some((words) => words !== undefined && software.test(words));
}
