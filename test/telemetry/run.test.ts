import { expect, test } from 'vitest';
import { Recorder } from '../../bench/run/recorder.js';
import { RunTelemetry } from '../../bench/run/telemetry.js';
import { noFacts, noFigures, type Telemetry } from '../../harness/telemetry/types.js';
import { buildResult } from '../../reports/build-result.js';
import { type JournalRecord, journalRecord } from '../../reports/journal-records.js';
import { result as resultSchema } from '../../reports/schema.js';
import { hardwareResult, journalOf } from '../reports/sample.js';

const { device } = hardwareResult();
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function run(
  telemetry: Partial<Telemetry>,
  append = (records: JournalRecord[], record: JournalRecord) => {
    records.push(journalRecord.parse(record));
  },
) {
  const records: JournalRecord[] = [];
  let closed = 0;
  const source: Telemetry = {
    ...{ source: 'nvml', facts: { ...noFacts, vbios: '94.02', vramBytes: 5, powerLimitWatts: 290 }, problems: [] },
    sample: async () => ({ ...noFigures(), powerWatts: 340 }),
    close: async () => {
      closed++;
    },
    ...telemetry,
  };
  const journal = { path: '/nowhere', append: (record: JournalRecord) => append(records, record), close: () => {} };
  const recorder = new Recorder(journal, new Date(), []);
  return { records, recorder, telemetry: new RunTelemetry(device, source), closed: () => closed };
}

test('samples become lines of the journal, and the card’s facts those of the device', async () => {
  const { records, recorder, telemetry } = run({});
  telemetry.begin(recorder);
  await settled();
  await telemetry.stop();
  expect(records).toMatchObject([{ type: 'telemetry', sample: { source: 'nvml', powerWatts: 340 } }]);
  expect(telemetry.device).toMatchObject({
    identity: { vbios: '94.02', source: 'nvml' },
    vramBytes: 5,
    powerLimitWatts: 290,
  });
  const result = buildResult([...journalOf(hardwareResult()), ...records]);
  expect(resultSchema.parse(result).telemetry).toHaveLength(1);
});

test('a source that is lost is an event of the run', async () => {
  const { records, recorder, telemetry } = run({ sample: () => Promise.reject(new Error('GPU is lost')) });
  telemetry.begin(recorder);
  await settled();
  await telemetry.stop();
  expect(records).toMatchObject([
    { type: 'event', code: 'telemetry-lost', detail: 'GPU is lost' },
    { type: 'telemetry', sample: { powerWatts: null } },
  ]);
});

test('a card without telemetry leaves the device as it is and writes nothing', async () => {
  const { records, recorder, telemetry } = run({ source: null });
  telemetry.begin(recorder);
  await settled();
  await telemetry.stop();
  expect([telemetry.device, records]).toEqual([device, []]);
});

test('a journal that takes no more lines ends the sampling and nothing else', async () => {
  const { recorder, telemetry, closed } = run({}, () => {
    throw new Error('no space left on the device');
  });
  telemetry.begin(recorder);
  await settled();
  expect(closed()).toBe(1);
});
