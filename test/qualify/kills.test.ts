import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/root.js';
import { cardOrSkip } from '../harness/adapter.js';

test('killed at random moments it goes on, and no finished check is lost or repeated', async (context) => {
  await (await cardOrSkip(context)).close();
  const script = join(packageRoot, 'scripts/qualify-kills.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '5', '3'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^5 kills, \d+ qualifications came to their end/);
}, 300_000);
