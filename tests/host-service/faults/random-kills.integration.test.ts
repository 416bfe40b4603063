import { setTimeout as delay } from 'node:timers/promises';
import { isFinished } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allFaults } from '../../fixtures/all-faults.ts';
import { FaultStage } from './stage.ts';
import { deadlyFates } from './tool-deaths.ts';
import { type Work, works } from './works.ts';

const KILLS = allFaults ? 100 : 20;
/** Unfinished jobs there are to be for a kill to count. */
const AT_WORK = 6;
const LONGEST_WAIT_MS = 250;
/** Beyond that some are deleted. */
const MACHINES = 40;

/** The same in every `npm test`, as far as processes do the same twice; another one may be tried. */
const seed = Number(process.env['LIMEN_TEST_SEED'] ?? 20);

let stage: FaultStage;

beforeAll(async () => {
  stage = await FaultStage.open();
});
afterAll(() => stage.close());

test(`after ${KILLS} kills at random (LIMEN_TEST_SEED=${seed}), nothing is left but whole machines`, async () => {
  const random = generator(seed);
  const pick = <T>(among: readonly T[]): T => {
    const found = among[Math.floor(random() * among.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
  const kills: readonly (() => Promise<void>)[] = [
    () => stage.restartHost(),
    () => stage.restartLibvirtd(),
    () => stage.tools.plan('limen', [pick(deadlyFates)]),
  ];
  let begun = 0;
  for (let killed = 0; killed < KILLS; ) {
    for (let atWork = await unfinished(); atWork < AT_WORK; atWork += 1) {
      begun += 1;
      void begin(pick(works), `m${begun}`, random() < 0.2);
    }
    void thinOut(random());
    await delay(random() * LONGEST_WAIT_MS);
    // Where nothing is at work, nothing is proven.
    if ((await unfinished()) === 0) continue;
    await pick(kills)();
    killed += 1;
  }
  await stage.settled();
  await stage.stopMachines();
  expect(await stage.leftovers()).toEqual([]);
}, 600_000);

async function unfinished(): Promise<number> {
  return (await stage.api.jobs.list({})).filter(({ state }) => !isFinished(state)).length;
}

/** What is asked of a service that is being killed may fail as it likes; what it leaves behind is looked at. */
async function begin(work: Work, name: string, cancelled: boolean): Promise<void> {
  try {
    const jobId = await (await work.prepare(stage, name))();
    if (cancelled) await stage.api.jobs.cancel({ jobId });
  } catch {
    // It never was.
  }
}

async function thinOut(chance: number): Promise<void> {
  try {
    await stage.stopMachines();
    const machines = await stage.api.machines.list({});
    const machine = machines[Math.floor(chance * machines.length)];
    if (machines.length < MACHINES || machine === undefined) return;
    await stage.api.machines.delete({ machineId: machine.id });
    await stage.api.machines.purge({ machineId: machine.id });
  } catch {
    // It stays, perhaps in the trash.
  }
}

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
