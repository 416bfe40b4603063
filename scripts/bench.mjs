/**
 * `npm run bench:<name>`: one benchmark in the real desktop, on a display of its own; its numbers go to
 * `bench/results/<name>.json`. usage: node scripts/bench.mjs NAME
 */
import { runPlaywright } from './e2e.mjs';
import { isMain, runMain } from './lib/say.mjs';

if (isMain(import.meta.url)) {
  await runMain(() =>
    runPlaywright(['--config', 'bench/playwright.config.ts', '--reporter=list', ...process.argv.slice(2)]),
  );
}
