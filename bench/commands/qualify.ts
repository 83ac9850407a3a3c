import { z } from 'zod';
import { faultNamed } from '../../harness/faults/names.js';
import { unknownName } from '../../harness/suggest.js';
import { InputError } from '../../kernels/errors.js';
import { qualificationTable } from '../../reports/formats/qualification.js';
import type { Result } from '../../reports/schema.js';
import { openStore } from '../../reports/store.js';
import { formatDuration } from '../../reports/units.js';
import { EXIT } from '../exit.js';
import { json, outFolder, parseFlags, seed } from '../flags.js';
import { checkOutputs, humanStream, jsonOutput, writeOutputs } from '../outputs.js';
import { loadPolicy } from '../qualify/policy-file.js';
import { RigProgress } from '../qualify/progress.js';
import type { QualifyObserver } from '../qualify/qualify.js';
import { cardsOfRig, executeRig, type RigCard } from '../qualify/rig.js';
import type { QualifySettings } from '../qualify/settings.js';
import { CHECK_IDS, type CheckId, LEVELS } from '../qualify/step.js';
import type { Earlier } from '../run/run.js';
import { ownFiles } from './run.js';

const options = z.object({
  level: z.enum(LEVELS),
  device: z.array(z.string().min(1, '--device needs a part of an adapter’s name')).default([]),
  all: z.boolean().optional(),
  software: z.boolean().optional(),
  hardware: z.boolean().optional(),
  policy: z.string().min(1, '--policy needs a file').optional(),
  check: z.array(z.string()).optional(),
  seed,
  challenge: z
    .string()
    .regex(/^[\x20-\x7e]{1,256}$/, '--challenge must be 1 to 256 printable ASCII characters')
    .optional(),
  rehearse: z.string().optional(),
  out: outFolder,
  json: json.optional(),
});

/** `assay qualify`. @returns the exit code */
export async function qualify(flags: unknown): Promise<number> {
  const given = parseFlags(options, flags);
  if (given.software && given.hardware) throw new InputError('--software and --hardware exclude each other');
  if (given.all && given.device.length > 0) throw new InputError('--all and --device exclude each other');
  const software = given.software ? true : given.hardware ? false : null;
  const common = {
    level: given.level,
    checks: given.check ? given.check.map(checkNamed) : null,
    seed: given.seed,
    policy: loadPolicy(given.policy),
    fault: given.rehearse === undefined ? null : faultNamed(given.rehearse),
    challenge: given.challenge ?? null,
    software,
    timeScale: 1,
  };
  const { names, hidden } = given.all ? await cardsOfRig(software) : { names: given.device, hidden: [] };
  const devices = names.length > 0 ? names : [null];
  if (hidden.length > 0)
    process.stderr.write(
      `assay: NOT qualified, because their names do not set them apart: ${hidden.join(', ')}. Take the others out, or hide them from the driver.\n`,
    );
  const code = await performQualify(
    devices.map((device) => ({ settings: { ...common, device } })),
    given.out,
    given.json,
  );
  // A card that nobody looked at has not passed.
  return code === EXIT.ok && hidden.length > 0 ? EXIT.noAnswer : code;
}

function checkNamed(name: string): CheckId {
  const found = CHECK_IDS.find((id) => id === name);
  if (!found) throw unknownName('check', name, CHECK_IDS);
  return found;
}

/** Qualifies, shows and writes; shared with `resume`. */
export async function performQualify(
  cards: readonly { readonly settings: QualifySettings; readonly earlier?: Earlier }[],
  out: string,
  jsonTarget: string | undefined,
): Promise<number> {
  const store = openStore(out);
  const outputs = jsonOutput(jsonTarget);
  checkOutputs(
    outputs,
    cards.flatMap(({ earlier }) => (earlier ? ownFiles(store, earlier.start.id) : [])),
  );
  const progress = new RigProgress(cards.length);
  const say = (text: string) => {
    progress.clear();
    humanStream(outputs).write(text);
  };
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const rig = cards.map(
      ({ settings, earlier = null }, i): RigCard => ({
        settings,
        earlier,
        observer: observerOf(settings, i, progress, say),
      }),
    );
    const { cards: outcomes, exitCode } = await executeRig(rig, store, { signal: stop.signal });
    progress.clear();
    const results: Result[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome instanceof Error) {
        process.stderr.write(`assay: ${cards[i]?.settings.device ?? 'the card'}: NOT JUDGED: ${outcome.message}\n`);
        continue;
      }
      results.push(outcome.result);
      const { files, result } = outcome;
      const colour = process.stdout.isTTY && !process.env.NO_COLOR;
      say(qualificationTable(result, { width: Math.min(80, process.stdout.columns ?? 80), colour }));
      if (outcome.exitCode === EXIT.interrupted)
        say(`\nInterrupted; what was finished is kept. Go on with: assay resume ${files.journal}\n`);
      say(`\nresult    ${files.json}\npage      ${files.html}\njournal   ${files.journal}\n\n`);
    }
    if (results.length > 0) writeOutputs<unknown>(outputs, cards.length === 1 ? results[0] : results);
    return exitCode;
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function observerOf(
  settings: QualifySettings,
  index: number,
  progress: RigProgress,
  say: (text: string) => void,
): QualifyObserver {
  let name = settings.device ?? '';
  return {
    opened: (device, journal, budgetMs) => {
      name = device.name;
      say(
        [
          `assay qualify ${settings.level}: ${name}, about ${formatDuration(budgetMs)}, seed ${settings.seed}, policy ${settings.policy.name}`,
          ...(device.software ? ['REHEARSAL: a software adapter, which says nothing about hardware'] : []),
          ...(settings.fault === null ? [] : [`REHEARSAL: the fault ${settings.fault} is put in`]),
          `journal   ${journal}`,
          '',
          '',
        ].join('\n'),
      );
    },
    warned: (text) => {
      progress.clear();
      process.stderr.write(`assay: ${name}: ${text}\n`);
    },
    progress: (standing) => progress.show(index, name, standing),
  };
}
