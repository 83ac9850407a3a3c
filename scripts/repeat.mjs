// Runs a suite many times and compares: no crash, no hang at exit, the same verdict on every measurement's
// correctness. A workload that one run skipped as too slow has no verdict there.
//   node scripts/repeat.mjs 20 quick --device swiftshader
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [times = '20', suite = 'quick', ...flags] = process.argv.slice(2);
const cli = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'bench', 'cli.js');
const folder = mkdtempSync(join(tmpdir(), 'assay-repeat-'));
const HANG_MS = 15 * 60_000;
const verdicts = new Map();
const seconds = [];
let bad = 0;

for (let i = 0; i < Number(times); i++) {
  const json = join(folder, `${i}.json`);
  const start = Date.now();
  const run = spawnSync(process.execPath, [cli, 'run', suite, '--out', folder, '--json', json, ...flags], {
    encoding: 'utf8',
    timeout: HANG_MS,
    killSignal: 'SIGKILL',
  });
  seconds.push((Date.now() - start) / 1000);
  if (run.status !== 0) {
    bad++;
    console.log(`run ${i + 1}: ${run.signal ?? `exit ${run.status}`}\n${run.stderr.slice(-2000)}`);
    continue;
  }
  for (const { workload, implementation, correctness } of JSON.parse(readFileSync(json, 'utf8')).measurements) {
    const name = `${workload} ${implementation}`;
    const seen = verdicts.get(name) ?? {};
    seen[correctness.status] = (seen[correctness.status] ?? 0) + 1;
    verdicts.set(name, seen);
  }
  console.log(`run ${i + 1}: exit 0 after ${seconds.at(-1).toFixed(0)} s`);
}
for (const [name, seen] of verdicts) {
  const checked = Object.keys(seen).filter((status) => status !== 'not-checked');
  if (checked.length > 1 || seen.incorrect) bad++;
  console.log(
    `${name}: ${Object.entries(seen)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}`,
  );
}
console.log(`${times} runs, ${Math.min(...seconds).toFixed(0)} to ${Math.max(...seconds).toFixed(0)} s, ${bad} bad`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = bad === 0 ? 0 : 1;
