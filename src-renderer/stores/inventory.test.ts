import { afterEach, describe, expect, it } from 'vitest';
import { aLinkId, aMachine, aMachineId, aSnapshot, changes } from '../test/records.ts';
import { applyInventory, inventoryStore, keepInventories, receiveInventory } from './inventory.ts';

afterEach(() => inventoryStore.setState({ hosts: new Map() }));

describe('inventory', () => {
  it('replaces everything with a snapshot', () => {
    const before = applyInventory(undefined, aSnapshot([aMachine({ number: 1 })]), true);
    const after = applyInventory(before, aSnapshot([aMachine({ number: 2 })], 9), false);
    expect([...after.machines.keys()]).toEqual([aMachineId(2)]);
    expect(after).toMatchObject({ cached: false, position: { revision: 9 } });
  });

  it('keeps the identity of records a change does not name', () => {
    const before = applyInventory(
      undefined,
      aSnapshot([aMachine({ number: 1 }), aMachine({ number: 2 })]),
      false,
    );
    const after = applyInventory(before, changes(2, [aMachine({ number: 2, state: 'running' })]), false);
    expect(after.machines.get(aMachineId(1))).toBe(before.machines.get(aMachineId(1)));
    expect(after.machines.get(aMachineId(2))?.state).toBe('running');
  });

  it('may apply the same change twice', () => {
    const before = applyInventory(undefined, aSnapshot([aMachine({ number: 1 })]), false);
    const event = changes(2, [aMachine({ number: 3 })], [aMachineId(1)]);
    const once = applyInventory(before, event, false);
    expect(applyInventory(once, event, false)).toEqual(once);
  });

  it('keeps the list when only the hypervisor changed', () => {
    const before = applyInventory(undefined, aSnapshot([aMachine()]), false);
    expect(applyInventory(before, changes(2, []), false).machines).toBe(before.machines);
  });

  it('isolates hosts and forgets removed ones', () => {
    receiveInventory(aLinkId(1), aSnapshot([aMachine()]), false);
    const first = inventoryStore.getState().hosts.get(aLinkId(1));
    receiveInventory(aLinkId(2), aSnapshot([]), false);
    expect(inventoryStore.getState().hosts.get(aLinkId(1))).toBe(first);
    keepInventories((linkId) => linkId === aLinkId(2));
    expect([...inventoryStore.getState().hosts.keys()]).toEqual([aLinkId(2)]);
  });
});
