import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests on software adapters use every core by themselves, and compile shaders for seconds.
    pool: 'forks',
    maxWorkers: Math.min(2, availableParallelism()),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', 'json', './test/reporters/skips.ts'],
    // .ci/run counts from here.
    outputFile: { json: 'node_modules/.cache/assay/vitest.json' },
  },
});
