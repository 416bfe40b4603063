import type { Job } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allFaults } from '../../fixtures/all-faults.ts';
import { Gate } from './gate.ts';
import { rounds, type Scenario, scenariosOf } from './points.ts';
import { FaultStage } from './stage.ts';
import { deadlyFates } from './tool-deaths.ts';
import { works } from './works.ts';

/** What the works have in common is done with some of them where not all is. */
const whole = ['cloud', 'flatten'];
const own = ['disk', 'base', 'generalise'];

const scenarios = works
  .flatMap(scenariosOf)
  .filter(({ work, step }) => allFaults || whole.includes(work.label) || own.includes(step));

const victims = {
  async 'host service'(stage: FaultStage) {
    // Its next life is held nowhere.
    stage.host.atStep(() => undefined);
    await stage.restartHost();
  },
  async libvirtd(stage: FaultStage, gate: Gate) {
    await stage.libvirtd.kill();
    await gate.release();
    await stage.libvirtd.start();
  },
};

describe.each(['host service', 'libvirtd'] as const)('with the %s killed', (victim) => {
  let stage: FaultStage;

  beforeAll(async () => {
    stage = await FaultStage.open();
  });
  afterAll(() => stage.close());

  /** What became of each. */
  async function play(round: readonly Scenario[]): Promise<string[]> {
    stage.host.atStep(() => undefined);
    const scenarios = await Promise.all(
      round.map(async (scenario) => ({ scenario, begin: await scenario.work.prepare(stage, scenario.name) })),
    );
    const gate = new Gate(stage);
    await gate.hold(scenarios);
    await victims[victim](stage, gate);
    stage.host.atStep(() => undefined);
    const jobs = await stage.ended(gate.jobIds);
    await stage.stopMachines();
    return jobs.flatMap((job) => problem(gate.scenario(job.id), job));
  }

  test(
    `at each of ${scenarios.length} points, each machine is whole or not at all there`,
    async () => {
      const problems: string[] = [];
      for (const round of rounds(scenarios)) problems.push(...(await play(round)));
      expect(problems).toEqual([]);
      expect(await stage.leftovers()).toEqual([]);
    },
    15 * 60_000,
  );
});

test('with a tool killed at each of its calls, the job fails and takes everything back', async () => {
  const stage = await FaultStage.open();
  try {
    const deaths = works.flatMap((work) =>
      Array.from({ length: work.toolCalls }, (_, call) =>
        // No plan's name is to be a part of another's.
        deadlyFates.map((fate) => ({ work, call, fate, name: `dead-${work.label}-${call}-${fate}` })),
      ).flat(),
    );
    const jobIds = await Promise.all(
      deaths.map(async ({ work, call, fate, name }) => {
        const begin = await work.prepare(stage, name);
        await stage.tools.plan(name, [...Array.from({ length: call }, () => 'live' as const), fate]);
        return begin();
      }),
    );
    const jobs = await stage.ended(jobIds);
    expect(jobs.filter(({ state }) => state !== 'failed').map(({ subject }) => subject.name)).toEqual([]);
    expect(await stage.tools.left()).toEqual([]);
    expect(await stage.leftovers()).toEqual([]);
  } finally {
    await stage.close();
  }
}, 120_000);

function problem(scenario: Scenario | undefined, { state, error, subject }: Job): string[] {
  const expected = scenario?.route === 'on' ? 'done' : 'cancelled';
  return state === expected ? [] : [`${subject.name} is ${state}: ${error?.message ?? ''}`];
}
