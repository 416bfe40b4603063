import { LimenError } from '@limen/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostClient } from '../api/host-client.ts';
import { aLink, aLinkId, aMachine, aMachineId, aSnapshot, changes } from '../test/records.ts';
import { receiveFeed } from './feed.ts';
import { inventoryStore } from './inventory.ts';
import { machineKey } from './machine-key.ts';
import { offeredActions, powerStore, runPowerAction } from './power.ts';

vi.mock('../api/host-client.ts', () => ({ hostClient: vi.fn() }));

const ref = { linkId: aLinkId(1), machineId: aMachineId(1) };
const key = machineKey(ref.linkId, ref.machineId);
const pending = () => powerStore.getState().pending.get(key)?.action;
const inventory = (event: ReturnType<typeof aSnapshot>) =>
  receiveFeed(
    { type: 'inventory', linkId: ref.linkId, cached: false, event },
    { command: vi.fn(), show: vi.fn() },
  );

function answer(result: Promise<unknown>): void {
  vi.mocked(hostClient).mockReturnValue({
    machines: { power: () => result },
  } as unknown as ReturnType<typeof hostClient>);
}

beforeEach(() => {
  vi.useFakeTimers();
  inventory(aSnapshot([aMachine()]));
});

afterEach(() => {
  vi.useRealTimers();
  powerStore.setState({ pending: new Map() });
  inventoryStore.setState({ hosts: new Map() });
});

describe('optimistic power actions', () => {
  it('shows at once and ends with the event that shows another state', async () => {
    answer(Promise.resolve(aMachine()));
    const running = runPowerAction(ref, aMachine(), 'start');
    expect(pending()).toBe('start');
    await running;
    expect(pending()).toBe('start');
    inventory(changes(2, [aMachine({ state: 'running' })]));
    expect(pending()).toBeUndefined();
  });

  it('is not ended by an event about the same state', async () => {
    answer(new Promise(() => {}));
    void runPowerAction(ref, aMachine(), 'start');
    inventory(changes(2, [aMachine({ name: 'renamed' })]));
    expect(pending()).toBe('start');
  });

  it('rolls back and gives the reason when refused', async () => {
    const refusal = new LimenError('CONFLICT', { reason: 'wrong-state' });
    answer(Promise.reject(refusal));
    expect(await runPowerAction(ref, aMachine(), 'start')).toEqual({
      ok: false,
      error: refusal,
    });
    expect(pending()).toBeUndefined();
  });

  it('ends with the answer where the state stays the same', async () => {
    answer(Promise.resolve(aMachine({ state: 'running' })));
    await runPowerAction(ref, aMachine({ state: 'running' }), 'reboot');
    expect(pending()).toBeUndefined();
  });

  it('gives up on a guest that ignores a polite shutdown', async () => {
    answer(Promise.resolve(aMachine()));
    await runPowerAction(ref, aMachine(), 'shutdown');
    expect(pending()).toBe('shutdown');
    vi.advanceTimersByTime(30_000);
    expect(pending()).toBeUndefined();
  });

  it('ends when the machine is gone', () => {
    answer(new Promise(() => {}));
    void runPowerAction(ref, aMachine(), 'start');
    inventory(changes(2, [], [ref.machineId]));
    expect(pending()).toBeUndefined();
  });
});

describe('offered actions', () => {
  it('follow state, permission and link', () => {
    const mine = aMachine({ state: 'off', owner: 'ann' });
    expect(offeredActions(aLink(), mine)).toEqual(['start']);
    expect(offeredActions(aLink({ role: 'user' }), mine)).toEqual(['start']);
    expect(offeredActions(aLink({ role: 'user' }), aMachine())).toEqual([]);
    expect(offeredActions(aLink({ state: 'waiting' }), mine)).toEqual([]);
    expect(offeredActions(undefined, mine)).toEqual([]);
  });
});
