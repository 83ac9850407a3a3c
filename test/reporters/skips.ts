import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints the skipped tests at the end with the reason each gave (`context.skip('no shader-f16')`), grouped by reason:
 * a test that did not run is never mistaken for one that passed.
 */
export default class SkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const byReason = new Map<string, string[]>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = (result.state === 'skipped' && result.note) || 'no reason given';
        byReason.set(reason, [...(byReason.get(reason) ?? []), `${module.relativeModuleId}: ${test.fullName}`]);
      }
    }
    if (byReason.size === 0) return;
    const count = [...byReason.values()].reduce((sum, names) => sum + names.length, 0);
    process.stdout.write(`\nSkipped ${count}:\n`);
    for (const [reason, names] of byReason) {
      process.stdout.write(`  ${reason} (${names.length})\n`);
      for (const name of names) process.stdout.write(`    ${name}\n`);
    }
  }
}
