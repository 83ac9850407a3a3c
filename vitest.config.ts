import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Of packages below that came without their sources.
  logLevel: 'error',
  test: {
    include: ['test/**/*.test.ts'],
    // Tests on software adapters use every core by themselves, and compile shaders for seconds.
    pool: 'forks',
    maxWorkers: Math.min(2, availableParallelism()),
    // Whatever was tuned on this machine must neither change a test's figures nor be changed by one.
    env: { ASSAY_TUNING_CACHE: join(tmpdir(), `assay-test-${process.pid}`, 'tuning.json') },
    // It imports JSON without the attribute that Node asks for.
    server: { deps: { inline: ['@actions/workflow-parser'] } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', 'json', './test/reporters/skips.ts'],
    // .ci/run counts from here.
    outputFile: { json: 'node_modules/.cache/assay/vitest.json' },
  },
});
