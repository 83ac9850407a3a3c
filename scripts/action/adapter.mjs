// Which adapter the kernels run on, and Mesa's software Vulkan where a runner has none.
import { Refusal } from './inputs.mjs';
import { annotate, call } from './runner.mjs';

const PACKAGES = ['mesa-vulkan-drivers', 'libvulkan1'];

/**
 * @param wanted auto, gpu, lavapipe or swiftshader
 * @param list tells the adapters that `assay devices` finds, as `[{ name, software }]`
 * @returns options of `assay run` and `assay check`
 * @throws {Refusal} with exit code 3 where lavapipe was asked for by name and cannot be had
 */
export async function adapterOptions(wanted, list, env) {
  if (wanted === 'gpu') return ['--hardware'];
  if (wanted === 'swiftshader') return ['--device=swiftshader'];
  const isLavapipe = ({ name }) => /llvmpipe/i.test(name);
  let found = await list();
  const hardware = wanted === 'auto' && found.some(({ software }) => !software);
  if (hardware) return ['--hardware'];
  const may = wanted === 'lavapipe' || env.RUNNER_ENVIRONMENT === 'github-hosted';
  let why = 'nothing is installed on a runner of your own unless adapter: lavapipe asks for it';
  if (!found.some(isLavapipe) && may) {
    why = await installMesa(env);
    found = await list();
  }
  if (found.some(isLavapipe)) return ['--device=llvmpipe'];
  if (wanted === 'lavapipe')
    throw new Refusal(
      `adapter lavapipe is not here (${why}). Debian, Ubuntu: apt-get install ${PACKAGES.join(' ')}`,
      3,
    );
  annotate('notice', `No GPU and no lavapipe (${why}): SwiftShader from npm computes, and is slower.`);
  return ['--device=swiftshader'];
}

/** @returns what came of it, for a message */
async function installMesa(env) {
  const root = process.getuid?.() === 0;
  for (const args of [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES],
  ]) {
    const [command, ...rest] = root ? args : ['sudo', '--non-interactive', ...args];
    const { exitCode } = await call(args.join(' '), command, rest, {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (exitCode !== 0) return `${args.slice(0, 2).join(' ')} ended with ${exitCode}`;
  }
  return 'its packages were installed';
}
