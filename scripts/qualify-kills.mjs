// Kills a qualification at random moments and resumes it, again and again: every check must be finished once and stay
// finished. Needs a build.   node scripts/qualify-kills.mjs [times = 100] [seed = 1]
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const CHECKS = ['identity', 'memory', 'compute', 'telemetry'];

/** Three short checks on the card, and one that needs none. */
async function child(folder) {
  const [{ executeQualify }, { memoryStep }, { telemetryStep }, { DEFAULT_POLICY }, { openStore }, { readJournal }] =
    await Promise.all(
      [
        'bench/qualify/qualify.js',
        'bench/qualify/checks/memory.js',
        'bench/qualify/checks/telemetry.js',
        'bench/qualify/policy.js',
        'reports/store.js',
        'reports/journal.js',
      ].map(built),
    );
  const hashing = (id) => ({
    ...{ id, title: id, about: 'SHA-256' },
    async run({ card }) {
      await card.run('sha256', { messages: [new TextEncoder().encode('abc')] });
      return { status: 'pass', reasons: [], figures: {} };
    },
  });
  const settings = {
    ...{ level: 'quick', checks: null, seed: 1, fault: null, challenge: null, device: null, software: true },
    ...{ policy: { ...DEFAULT_POLICY, memory: { ...DEFAULT_POLICY.memory, rehearsalMiB: 4 } }, timeScale: 0.01 },
  };
  const [path] = journalsIn(folder);
  const journal = path === undefined ? null : readJournal(path);
  const start = journal?.records.find((r) => r.type === 'start');
  await executeQualify(settings, openStore(folder), {}, start ? { start, ...journal } : null, {
    steps: [hashing('identity'), memoryStep, hashing('compute'), telemetryStep],
    lockFolder: join(folder, 'locks'),
  });
}

/** One that was killed before its first line holds nothing, and is begun anew. */
const journalsIn = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name));

/** mulberry32 */
function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function begin(folder) {
  const process = fork(fileURLToPath(import.meta.url), ['--child', folder], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  process.stderr.on('data', (data) => {
    said += data;
  });
  const ended = new Promise((resolve) => process.once('close', (code, signal) => resolve({ code, signal, said })));
  return { process, ended };
}

async function main(times, seed) {
  const { readJournal } = await built('reports/journal.js');
  const next = random(seed);
  let [done, kills, longestMs] = [0, 0, 6000];
  const checksOf = (path) =>
    readJournal(path).records.flatMap((r) => (r.type === 'check' ? [JSON.stringify(r.check)] : []));
  while (kills < times) {
    const folder = mkdtempSync(join(tmpdir(), 'assay-kills-'));
    let before = [];
    for (;;) {
      const startedAt = Date.now();
      const { process, ended } = begin(folder);
      const kill = kills < times && (await Promise.race([ended.then(() => false), delay(next() * longestMs, true)]));
      if (kill) process.kill('SIGKILL');
      const { code, signal, said } = await ended;
      if (signal === 'SIGKILL') kills++;
      else if (code !== 0) throw new Error(`it could not be resumed after ${kills} kills (${folder}): ${said}`);
      const [path] = journalsIn(folder);
      const now = path === undefined ? [] : checksOf(path);
      if (JSON.stringify(now.slice(0, before.length)) !== JSON.stringify(before))
        throw new Error(`a finished check was lost or changed after ${kills} kills: ${folder}`);
      before = now;
      if (signal === 'SIGKILL') continue;
      const ids = now.map((check) => JSON.parse(check).id);
      if (JSON.stringify(ids) !== JSON.stringify(CHECKS))
        throw new Error(`checks ${ids} after ${kills} kills: ${folder}`);
      done++;
      longestMs = Math.max(1000, Date.now() - startedAt);
      break;
    }
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${kills} kills, ${done} qualifications came to their end, no finished check lost or repeated`);
}

if (process.argv[2] === '--child') {
  process.once('disconnect', () => process.exit(1));
  await child(process.argv[3]);
  process.exit(0);
} else await main(Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 1));
