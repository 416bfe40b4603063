import type { HostLinkId, Machine } from '@limen/contract';
import { useMemo } from 'react';
import { type Inventories, useInventory } from './inventory.ts';

/** A deleted machine that can still be had back. */
export interface TrashEntry {
  readonly linkId: HostLinkId;
  readonly machine: Machine;
  readonly trashed: NonNullable<Machine['trashed']>;
}

/** What is in the trash of all hosts, the last thrown away first. */
export function listTrash(hosts: Inventories): readonly TrashEntry[] {
  return [...hosts]
    .flatMap(([linkId, { machines }]) =>
      [...machines.values()].flatMap((machine) =>
        machine.trashed ? [{ linkId, machine, trashed: machine.trashed }] : [],
      ),
    )
    .sort((a, b) => Date.parse(b.trashed.at) - Date.parse(a.trashed.at));
}

export function useTrash(): readonly TrashEntry[] {
  const hosts = useInventory((state) => state.hosts);
  return useMemo(() => listTrash(hosts), [hosts]);
}
