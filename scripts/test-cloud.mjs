/**
 * `npm run test:cloud`: build a Debian cloud image, make a machine of it and a machine of a template of that one, and
 * log in on their serial consoles. Six minutes without KVM, most of them the guests'; the image is kept for the next time.
 */
import { setUp } from './setup.mjs';
import { mustRun, npmProgram, run } from './lib/run.mjs';
import { isMain, runMain } from './lib/say.mjs';

async function testCloud() {
  await setUp(['hypervisor', 'test', 'cloud']);
  await mustRun(npmProgram('tsc'), ['-b', 'host-service']);
  return (await run(npmProgram('vitest'), ['run', '--project', 'cloud'], { show: true })).code;
}

if (isMain(import.meta.url)) await runMain(testCloud);
