/**
 * `npm run test:e2e`: the end-to-end tests in a real Electron, on a display of their own. Builds what is not up to
 * date. usage: node scripts/e2e.mjs [arguments for playwright test]
 */
import { join } from 'node:path';
import { electronRuntime } from './electron-runtime.mjs';
import { build } from './lib/build.mjs';
import { cache } from './lib/paths.mjs';
import { findProgram, npmProgram, run } from './lib/run.mjs';
import { isMain, note, runMain } from './lib/say.mjs';

/** Where the machine-readable result goes. */
export const e2eReport = join(cache, 'test-reports', 'e2e.json');

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} Playwright's exit code.
 */
export function endToEnd(args) {
  return runPlaywright(['--reporter=list,json', ...args]);
}

/**
 * Run Playwright on an up-to-date build and the Electron of this machine.
 *
 * @param {readonly string[]} args for `playwright test`.
 * @returns {Promise<number>} its exit code.
 */
export async function runPlaywright(args) {
  await build({ desktop: true });
  const electron = await electronRuntime();
  note(`running on Electron ${electron.version} (${electron.origin}), ${electron.path}`);
  const playwright = [npmProgram('playwright'), 'test', ...args];
  const [command = '', ...rest] =
    findProgram('xvfb-run') === undefined ? playwright : [...onOwnDisplay, ...playwright];
  const { code } = await run(command, rest, {
    show: true,
    env: {
      ...process.env,
      LIMEN_ELECTRON_BIN: electron.path,
      PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport,
      // Otherwise compiled tests stay behind in the system's temporary folder.
      PLAYWRIGHT_TRANSFORM_CACHE_DIR: join(cache, 'playwright'),
    },
  });
  return code;
}

/** `-a` takes the next free display number, so runs do not meet each other or the person's own display. */
const onOwnDisplay = ['xvfb-run', '-a', '-s', '-screen 0 2000x1200x24'];

if (isMain(import.meta.url)) await runMain(() => endToEnd(process.argv.slice(2)));
