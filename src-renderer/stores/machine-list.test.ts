import type { HostLinkId } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../lib/machine-filter.ts';
import { aLink, aLinkId, aMachine, aMachineId, aSnapshot, changes } from '../test/records.ts';
import { applyInventory, type Inventories } from './inventory.ts';
import { MachineList } from './machine-list.ts';
import { machineKey } from './machine-key.ts';

const linkId: HostLinkId = aLinkId(1);
const links = [aLink()];
const byName = { column: 'name', descending: false } as const;
const start = applyInventory(
  undefined,
  aSnapshot([3, 1, 10, 2].map((number) => aMachine({ number }))),
  false,
);
const inventories = (host: typeof start): Inventories => new Map([[linkId, host]]);
const keysOf = (...numbers: number[]) => numbers.map((number) => machineKey(linkId, aMachineId(number)));

describe('machine list', () => {
  it('sorts names the way people count', () => {
    const list = new MachineList([], byName);
    expect(list.update(inventories(start), links)).toEqual(keysOf(1, 2, 3, 10));
    expect(new MachineList([], { ...byName, descending: true }).update(inventories(start), links)).toEqual(
      keysOf(10, 3, 2, 1),
    );
  });

  it('keeps the identity of its keys when a change moves nothing', () => {
    const list = new MachineList([], byName);
    const before = list.update(inventories(start), links);
    const after = applyInventory(start, changes(2, [aMachine({ number: 2, state: 'running' })]), false);
    expect(list.update(inventories(after), links)).toBe(before);
  });

  it('moves, adds and removes single machines', () => {
    const list = new MachineList([], byName);
    list.update(inventories(start), links);
    const renamed = applyInventory(
      start,
      changes(2, [aMachine({ number: 1, name: 'vm-4' }), aMachine({ number: 5 })], [aMachineId(3)]),
      false,
    );
    expect(list.update(inventories(renamed), links)).toEqual(keysOf(2, 1, 5, 10));
    expect(list.view.total).toBe(4);
  });

  it('lets machines enter and leave the filter', () => {
    const list = new MachineList(parseFilter('state:running'), byName);
    expect(list.update(inventories(start), links)).toEqual([]);
    const running = applyInventory(start, changes(2, [aMachine({ number: 10, state: 'running' })]), false);
    expect(list.update(inventories(running), links)).toEqual(keysOf(10));
    const off = applyInventory(running, changes(3, [aMachine({ number: 10 })]), false);
    expect(list.update(inventories(off), links)).toEqual([]);
  });

  it('gives the same order by patches as by a fresh sort', () => {
    const order = { column: 'state', descending: false } as const;
    const list = new MachineList([], order);
    let host = applyInventory(
      undefined,
      aSnapshot(Array.from({ length: 200 }, (_, number) => aMachine({ number }))),
      false,
    );
    list.update(inventories(host), links);
    for (let step = 0; step < 100; step++) {
      const number = (step * 37) % 200;
      host = applyInventory(
        host,
        changes(step + 2, [aMachine({ number, state: step % 3 === 0 ? 'running' : 'paused' })]),
        false,
      );
      list.update(inventories(host), links);
    }
    expect(list.keys).toEqual(new MachineList([], order).update(inventories(host), links));
  });

  it('drops the machines of a host that is gone', () => {
    const list = new MachineList([], byName);
    list.update(inventories(start), links);
    expect(list.update(new Map(), links)).toEqual([]);
  });

  it('follows a host that gets another name', () => {
    const list = new MachineList(parseFilter('host:gamma'), byName);
    expect(list.update(inventories(start), links)).toEqual([]);
    expect(list.update(inventories(start), [aLink({ name: 'gamma' })])).toHaveLength(4);
  });
});
