/**
 * `npm run bench:<name>`: one benchmark, in the real desktop on a display of its own unless it needs none; its
 * numbers go to `bench/results/<name>.json`. usage: node scripts/bench.mjs NAME
 */
import { runPlaywright } from './e2e.mjs';
import { mustRun, npmProgram, run } from './lib/run.mjs';
import { isMain, runMain } from './lib/say.mjs';

/** What is measured is the library or the host service alone: no Electron, no display. */
const withoutDesktop = ['libvirt', 'create'];

/**
 * @param {readonly string[]} names
 * @returns {Promise<number>} Playwright's exit code.
 */
async function bench(names) {
  const args = ['--config', 'bench/playwright.config.ts', '--reporter=list', ...names];
  if (!names.every((name) => withoutDesktop.includes(name))) return runPlaywright(args);
  await mustRun(npmProgram('tsc'), ['-b', 'libvirt', 'host-service']);
  return (await run(npmProgram('playwright'), ['test', ...args], { show: true })).code;
}

if (isMain(import.meta.url)) await runMain(() => bench(process.argv.slice(2)));
