#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, Option } from 'commander';

/**
 * The command line. Commands are imported when they are chosen, so that `--help` answers at once and no
 * command loads what another needs. This process owns no GPU.
 */
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const program = new Command('assay')
  .description('What is a graphics card still worth, for mining and for AI, with the evidence.')
  .version(version)
  .showHelpAfterError('(assay --help lists the commands)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 the answer is no, 2 bad input, 3 the environment cannot, 4 no honest answer,\n            5 device lost or worker died, 130 interrupted, 70 internal error.',
  );

let exitCode = 0;
// A reader that went away (`| head`) is no failure: the run still finishes its files. A full disk is one.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = 2;
    if (stream === process.stdout) process.stderr.write(`assay: standard output cannot be written: ${error.message}\n`);
  });

/** Runs a command's function and keeps its exit code; errors become messages. */
const act =
  (load: () => Promise<(...args: never[]) => Promise<number> | number>) =>
  async (...args: unknown[]) => {
    const { reportError } = await import('./exit.js');
    try {
      exitCode = await (await load())(...(args as never[]));
    } catch (error) {
      exitCode = reportError(error);
    }
  };

/** An option that may be given several times, one value each, so that what follows it stays an argument. */
const repeated = (value: string, before: readonly string[] = []) => [...before, value];

const json = new Option('--json <file>', 'write the result as JSON to FILE, or to standard output for -');
const RESULT_FORMATS =
  'table, summary, markdown, llama-bench, csv, csv-samples, json, jsonl, html, junit, customBiggerIsBetter, customSmallerIsBetter, bencher, google-benchmark';
const format = (names = 'markdown, junit, csv, json, jsonl') =>
  new Option(
    '--format <name[:file]>',
    `write the result in this format too, to FILE or to standard output (repeatable): ${names}`,
  ).argParser(repeated);
const out = new Option('--out <dir>', 'folder for journals, results and pages').default('results');

program
  .command('run')
  .description('verify and measure a suite on one card, beside the baselines')
  .argument('[suite]', 'quick, mining, ai, memory, ci, full or publish', 'quick')
  .option('--workload <id...>', 'measure these workloads instead of a suite, e.g. matmul/f32/m512-n512-k512')
  .option('--variant <id...>', 'only these of our variants (default: the suite decides; all with --workload)')
  .option('--device <name>', "part of the adapter's name, as `assay devices` shows it")
  .option('--software', 'take a software adapter even where there is a card')
  .option('--hardware', 'refuse software adapters')
  .option('--baseline <id...>', 'run only these baselines beside ours, e.g. onnxruntime/webgpu')
  .option('--no-baselines', 'run no baselines')
  .option('--external <name=command>', "set another program's figures beside ours, not verified (repeatable)", repeated)
  .option('--external-file <name=file>', 'likewise, from a file that holds what it printed (repeatable)', repeated)
  .option('--external-timeout <seconds>', 'end an external command after this (default: 900)')
  .option('--no-tuning', 'take the declared defaults, whatever `assay tune` has found')
  .option('--rounds <n>', 'rounds per measurement (default: the suite decides)')
  .option('--seed <n>', 'seed of all inputs', '1')
  .addOption(
    new Option('--mode <mode>', "bounds checks on, or off as ONNX Runtime's WebGPU provider has them")
      .choices(['safe', 'peer-equal'])
      .default('safe'),
  )
  .addOption(out)
  .addOption(json)
  .addOption(format(RESULT_FORMATS))
  .action(act(async () => (await import('./commands/run.js')).run));

program
  .command('resume')
  .description('go on with a run that was interrupted, killed, or lost its worker')
  .argument('[run]', 'id or journal of the run; without it the latest unfinished one')
  .addOption(out)
  .addOption(json)
  .addOption(format(RESULT_FORMATS))
  .action(act(async () => (await import('./commands/resume.js')).resume));

program
  .command('qualify')
  .description('judge a used card before it is sold: memory, arithmetic, steadiness, and what it is good for')
  .addOption(
    new Option('--level <level>', '10 minutes, an hour or a night; a rehearsal of it on a software adapter')
      .choices(['quick', 'standard', 'thorough'])
      .default('quick'),
  )
  .option(
    '--device <name>',
    "part of the adapter's name, as `assay devices` shows it (repeatable: side by side)",
    repeated,
  )
  .option('--all', 'all cards of this machine, side by side')
  .option('--software', 'take a software adapter even where there is a card')
  .option('--hardware', 'refuse software adapters')
  .option('--policy <file>', 'thresholds that differ from the default; `assay policy` prints it')
  .option('--check <id...>', 'only these checks, which then can hardly be a PASS')
  .option('--seed <n>', 'seed of patterns, inputs, and of a rehearsed fault', '1')
  .option('--challenge <text>', 'what the buyer wants to find in the result')
  .option('--rehearse <fault>', 'put a fault in, to see that it is found: nothing is then said about the card')
  .addOption(out)
  .addOption(json)
  .action(act(async () => (await import('./commands/qualify.js')).qualify));

program
  .command('policy')
  .description('print the default policy of `assay qualify`, or what a policy file makes of it')
  .argument('[file]', 'a policy file, which is checked')
  .action(act(async () => (await import('./commands/policy.js')).policy));

program
  .command('tune')
  .description('find the fastest tuning of our kernels on one card, for `assay run` to use')
  .argument('[kernel...]', 'kernels, or full workload ids (default: those of the quick suite that can be tuned)')
  .option('--variant <id...>', 'only these variants (default: of each kernel those that the quick suite measures)')
  .option('--budget <seconds>', 'time for each kernel, everything included', '60')
  .option('--seed <n>', 'seed of the inputs and of the order of search', '1')
  .option('--device <name>', "part of the adapter's name, as `assay devices` shows it")
  .option('--software', 'take a software adapter even where there is a card')
  .option('--hardware', 'refuse software adapters')
  .addOption(
    new Option('--mode <mode>', "bounds checks on, or off as ONNX Runtime's WebGPU provider has them")
      .choices(['safe', 'peer-equal'])
      .default('safe'),
  )
  .option('--cache <file>', 'keep the winners in this file (default: ASSAY_TUNING_CACHE, or the user’s cache folder)')
  .option('--no-cache', 'neither read nor keep winners')
  .addOption(json)
  .action(act(async () => (await import('./commands/tune.js')).tune));

program
  .command('compare')
  .description('compare results: runs of one card, or cards; each with the first')
  .argument('<result...>', 'result files that `assay run` wrote')
  .option('--workload <id...>', 'only these workloads')
  .option('--family <name...>', 'only workloads of these families: mining, ai, memory, arithmetic')
  .option('--min-effect <percent>', 'a smaller difference does not matter (default: 4, for runs at different times)')
  .addOption(json)
  .addOption(format())
  .action(act(async () => (await import('./commands/compare.js')).compare));

program
  .command('history')
  .description('results of many runs over time: rates, and where their level changed')
  .argument('<path...>', 'folders of results, or result files')
  .option('-o, --page <file>', 'write a page for a browser to FILE, or to standard output for -')
  .option('--workload <id...>', 'only these workloads')
  .option('--family <name...>', 'only workloads of these families: mining, ai, memory, arithmetic')
  .option('--min-effect <percent>', 'a smaller change does not matter (default: 2)')
  .option(
    '--fail-on-regression [runs]',
    'exit with 1 where the newest change of a series is a slow-down within its last RUNS runs (default: 10)',
  )
  .addOption(json)
  .action(act(async () => (await import('./commands/history.js')).history));

program
  .command('check')
  .description("compare this working tree's kernels with another revision's, on one card, in turns")
  .requiredOption(
    '--against <ref>',
    'branch, tag or commit to compare with, e.g. origin/main; or a result file, which is weaker evidence',
  )
  .option('--workload <id...>', 'only these workloads, with all of their variants')
  .option('--family <name...>', 'only workloads of these families: mining, ai, memory, arithmetic')
  .option('--variant <id...>', 'only these variants (default: the suite decides; all with --workload)')
  .option('--suite <name>', 'workloads to compare (default: ci)')
  .option('--min-effect <percent>', 'a smaller change does not matter (default: 1, and 2 where CI is set)')
  .option('--rounds <n>', 'most rounds for each variant (default: 40, fewer where the answer is clear)')
  .option('--budget <seconds>', 'time for everything (default: 50 for each workload and process)')
  .option(
    '--processes <n>',
    'for a claim that is to last: take the rounds in so many processes, 3 or more, and judge by the mean of each (default: one, and a second that confirms what is faster or slower)',
  )
  .addOption(
    new Option('--ambiguous <what>', 'whether what cannot be said, or not compared, fails with exit code 4')
      .choices(['pass', 'fail'])
      .default('fail'),
  )
  .option('--time-identical', 'time variants too whose program is byte for byte the same')
  .option('--device <name>', "part of the adapter's name, as `assay devices` shows it")
  .option('--software', 'take a software adapter even where there is a card')
  .option('--hardware', 'refuse software adapters')
  .option('--seed <n>', 'seed of all inputs', '1')
  .addOption(out)
  .addOption(json)
  .addOption(format())
  .action(act(async () => (await import('./commands/check.js')).check));

program
  .command('list')
  .description('kernels, their variants, workloads and needs; suites; baselines')
  .argument('[kernel]', 'show only this kernel, in full')
  .addOption(json)
  .action(act(async () => (await import('./commands/list.js')).list));

program
  .command('keygen')
  .description('make a pair of keys to sign results with')
  .option('--out <dir>', 'folder for the two files, which must not be there yet', '.')
  .action(act(async () => (await import('./commands/keygen.js')).keygen));

program
  .command('certify')
  .description('sign a result, for its buyer to check')
  .argument('<result>', 'result file that `assay run` wrote')
  .requiredOption('--key <file>', 'private key that `assay keygen` wrote')
  .option('--challenge <text>', 'what the buyer wants to find in the certificate')
  .option('--valid-days <n>', 'end of the certificate (default: none)')
  .option('-o, --output <file>', 'where to write it (default: beside the result, as NAME.cert.json)')
  .option('--force', 'overwrite a certificate that is there')
  .option('--page <file>', 'write a page for printing too, as HTML')
  .option('--pdf <file>', 'write that page as PDF, which needs Chromium')
  .action(act(async () => (await import('./commands/certify.js')).certify));

program
  .command('verify')
  .description('check a certificate against its result')
  .argument('<certificate>', 'the .cert.json file')
  .argument('[result]', 'the result (default: the one beside it)')
  .option('--key <file>', "the signer's public key")
  .option('--fingerprint <hex>', "the signer's fingerprint, as they told you")
  .option('--challenge <text>', 'what you asked to find in it')
  .option('--journal <file>', "compare the run's journal too")
  .addOption(json)
  .action(act(async () => (await import('./commands/verify.js')).verify));

program
  .command('devices')
  .description('list the adapters and how to choose one')
  .addOption(json)
  .action(act(async () => (await import('./commands/devices.js')).devices));

program
  .command('doctor')
  .description('say what is here, what is missing, and the command that mends it')
  .addOption(json)
  .action(act(async () => (await import('./commands/doctor.js')).doctor));

program
  .command('cards')
  .description('public facts about models of cards, each number with its source and status')
  .argument('[card]', 'show only this one, in full')
  .addOption(json)
  .action(act(async () => (await import('./commands/cards.js')).listCards));

program
  .command('schema')
  .description('print the JSON Schema of result files')
  .addArgument(
    new Argument('[of]', 'a result, a check, a history, or a policy')
      .choices(['result', 'check', 'history', 'policy'])
      .default('result'),
  )
  .action(act(async () => (await import('./commands/schema.js')).schema));

for (const command of [program, ...program.commands]) command.exitOverride().allowExcessArguments(false);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  exitCode = error.exitCode === 0 ? 0 : 2;
}
process.exitCode ||= exitCode;
