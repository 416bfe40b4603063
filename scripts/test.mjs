/**
 * `npm test`: set up, build, lint, unit, integration and end-to-end tests, in this order; stops at the first stage
 * that fails. The last line counts the tests of all runners.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { e2eReport, endToEnd } from './e2e.mjs';
import { build } from './lib/build.mjs';
import { cache } from './lib/paths.mjs';
import { playwrightCounts, vitestCounts } from './lib/reports.mjs';
import { npmProgram, run } from './lib/run.mjs';
import { runMain, say, seconds } from './lib/say.mjs';
import { setUp } from './setup.mjs';

const reports = join(cache, 'test-reports');

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {() => Promise<boolean>} run resolves to whether it succeeded.
 * @property {() => Promise<import('./lib/reports.mjs').Counts>} [counts]
 */

/** @type {readonly Stage[]} */
const stages = [
  { name: 'set-up', run: done(() => setUp(['hypervisor', 'desktop', 'test'])) },
  { name: 'build', run: done(() => build({ desktop: true })) },
  // Imported late: on a fresh clone its packages are there only after the set-up.
  { name: 'lint', run: async () => (await import('./lint.mjs')).lint() },
  vitestStage('unit'),
  vitestStage('integration'),
  {
    name: 'end-to-end',
    run: async () => (await endToEnd([])) === 0,
    counts: () => playwrightCounts(e2eReport),
  },
];

await runMain(async () => {
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  let failedStage = '';
  for (const stage of stages) {
    const start = performance.now();
    say(`--- ${stage.name}`);
    const succeeded = await attempt(stage);
    const counts = (await stage.counts?.()) ?? { passed: 0, failed: 0, skipped: 0 };
    // A stage that broke without a failed test of its own counts as one.
    if (!succeeded && counts.failed === 0) counts.failed = 1;
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    const tests = stage.counts === undefined ? '' : `, ${counts.passed} passed, ${counts.failed} failed`;
    lines.push(`${succeeded ? 'ok  ' : 'FAIL'} ${stage.name} (${seconds(start)}${tests})`);
    if (!succeeded) {
      failedStage = stage.name;
      break;
    }
  }
  say('--- summary');
  for (const line of lines) say(line);
  if (failedStage !== '') say(`stopped at: ${failedStage}`);
  if (total.skipped > 0) say(`${total.skipped} skipped`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
});

/**
 * @param {'unit' | 'integration'} project
 * @returns {Stage}
 */
function vitestStage(project) {
  const report = join(reports, `${project}.json`);
  return {
    name: project,
    run: async () => {
      const args = [
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ];
      return (await run(npmProgram('vitest'), args, { show: true })).code === 0;
    },
    counts: () => vitestCounts(report),
  };
}

/**
 * @param {() => Promise<void>} work
 * @returns {() => Promise<boolean>}
 */
function done(work) {
  return async () => {
    await work();
    return true;
  };
}

/** @param {Stage} stage */
async function attempt(stage) {
  try {
    return await stage.run();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}
