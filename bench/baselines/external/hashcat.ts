import { InputError } from '../../../kernels/errors.js';
import { kernels } from '../../../kernels/index.js';
import { workloadId } from '../../../kernels/shape.js';
import { parseWorkload, type Workload } from '../../suites/index.js';
import { linesOf, shown } from './lines.js';
import { knownWorkload, type ReadContext, type Reader, type Reading } from './reader.js';

/**
 * `device:mode:core clock:memory clock:milliseconds:hashes per second`, as `status_benchmark_machine_readable` prints it
 * (hashcat 6, src/terminal.c). The milliseconds have a comma under some locales; clocks are −1 when unknown.
 */
const LINE = /^(\d+):(\d+):-?\d+:-?\d+:\d+(?:[.,]\d+)?:(\d+)$/;
/** `# version: v6.2.6`, and of old versions `# hashcat (v3.10) Mon …`; followed by lines of options. */
const VERSION = /^#.*?\b(v\d+\.\d+[\w.+-]*)/;
/** SHA2-256 of one short message, the only mode that is a workload of ours. */
const SHA256 = 1400;

export const hashcatReader: Reader = {
  format: 'hashcat',
  about: '`hashcat -b -m 1400 --machine-readable`, one implementation per device',
  read(text, context) {
    const lines = linesOf(text);
    const version = lines.flatMap((line) => VERSION.exec(line.text)?.[1] ?? [])[0];
    const target = knownWorkload(oneBlockMessages(context));
    const rates = new Map<string, number[]>();
    const otherModes = new Set<string>();
    const leftOut: string[] = [];
    let strange = 0;
    for (const { number, text: line } of lines) {
      const [, device, mode, rate] = LINE.exec(line) ?? [];
      if (device === undefined) strange += line.startsWith('#') ? 0 : 1;
      else if (Number(mode) !== SHA256) otherModes.add(mode as string);
      else if (!(Number(rate) > 0 && Number.isSafeInteger(Number(rate))))
        leftOut.push(`device ${device} with ${rate} hashes per second (line ${number})`);
      else rates.set(device, [...(rates.get(device) ?? []), Number(rate)]);
    }
    if (otherModes.size > 0) leftOut.push(`hash modes ${[...otherModes].join(', ')}`);
    if (strange > 0) leftOut.push(`${strange} other line${strange === 1 ? '' : 's'}`);
    if (rates.size === 0)
      throw new InputError(
        lines.length === 0
          ? 'it is empty'
          : `expected lines like 1:${SHA256}:1905:9751:52.32:5302000000, found ${leftOut.join(', ') || shown((lines[0] as { text: string }).text)}`,
      );
    const readings = [...rates].map(([device, each]): Reading => {
      const words = [version ? `hashcat ${version}` : 'hashcat', `device ${device}`, 'candidates made on the device'];
      return {
        ...target,
        ...{ implementation: `${context.name}/device-${device}`, provenance: words.join(', '), tuning: {} },
        // Every benchmark is a round: a file may hold several, one after another.
        roundsNs: each.map((rate) => [(target.work.operations / rate) * 1e9]),
      };
    });
    return { readings, leftOut };
  },
  failedAs: (context) => [{ ...knownWorkload(oneBlockMessages(context)), implementation: `${context.name}/unknown` }],
};

/** The biggest of the run's workloads that hash one block per message as mode 1400 does, else the biggest declared. */
function oneBlockMessages({ asked }: ReadContext): Workload {
  const kernel = kernels.find(({ id }) => id === 'sha256');
  if (!kernel) throw new Error('there is no kernel sha256 to compare hashcat with');
  const declared = kernel.workloads.map((shape) => parseWorkload(workloadId(kernel, shape)));
  const oneBlock = (all: readonly Workload[]) =>
    all.filter(({ kernel: { id }, shape }) => id === 'sha256' && shape.messages === shape.blocks);
  const biggest = (all: readonly Workload[]) =>
    all.reduce<Workload | null>((a, b) => (a && (a.shape.blocks ?? 0) >= (b.shape.blocks ?? 0) ? a : b), null);
  const chosen = biggest(oneBlock(asked)) ?? biggest(oneBlock(declared));
  if (!chosen) throw new Error('sha256 declares no workload of one block per message');
  return chosen;
}
