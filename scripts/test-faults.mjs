/**
 * `npm run test:faults`: kill the host service and libvirtd at every point of every way to receive images and to make,
 * copy and delete machines, and a hundred times at random. `npm test` takes the points that differ from way to way.
 */
import { mustRun, npmProgram, run } from './lib/run.mjs';
import { isMain, runMain } from './lib/say.mjs';

async function testFaults() {
  await mustRun(npmProgram('tsc'), ['-b', 'host-service']);
  const args = ['run', '--project', 'integration', 'tests/host-service/faults', 'killed-'];
  const env = { ...process.env, LIMEN_ALL_FAULTS: '1' };
  return (await run(npmProgram('vitest'), args, { show: true, env })).code;
}

if (isMain(import.meta.url)) await runMain(testFaults);
