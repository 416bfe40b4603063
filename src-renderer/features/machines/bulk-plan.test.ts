import { powerAction } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { machineKey } from '../../stores/machine-key.ts';
import { aLink, aLinkId, aMachine, aMachineId } from '../../test/records.ts';
import { type BulkCandidate, bulkActions, planBulk } from './bulk-plan.ts';

function candidate(number: number, wish: Partial<BulkCandidate>): BulkCandidate {
  return { key: machineKey(aLinkId(1), aMachineId(number)), machine: undefined, link: aLink(), ...wish };
}

describe('bulk plan', () => {
  it('says who is skipped and why', () => {
    const plan = planBulk('start', [
      candidate(1, { machine: aMachine({ number: 1, state: 'off' }) }),
      candidate(2, { machine: aMachine({ number: 2, state: 'running' }) }),
      candidate(3, { machine: aMachine({ number: 3 }), link: aLink({ state: 'waiting' }) }),
      candidate(4, { machine: aMachine({ number: 4 }), link: aLink({ role: 'user' }) }),
      candidate(5, {}),
    ]);
    expect(plan.targets.map((target) => target.machine.name)).toEqual(['vm-1']);
    expect(plan.skipped.map((skip) => skip.reason)).toEqual(['state', 'link', 'permission', 'gone']);
  });

  it('offers only what somebody allows', () => {
    const off = candidate(1, { machine: aMachine({ state: 'off' }) });
    const running = candidate(2, { machine: aMachine({ state: 'running' }) });
    expect(bulkActions([off], powerAction.options)).toEqual(['start']);
    expect(bulkActions([off, running], powerAction.options)).toEqual(
      powerAction.options.filter((action) => action !== 'resume'),
    );
    expect(bulkActions([], powerAction.options)).toEqual([]);
  });
});
