import type {
  HostLinkId,
  HypervisorStatus,
  InventoryEvent,
  InventoryPosition,
  Machine,
  MachineId,
} from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MachineRef } from './machine-key.ts';

export interface HostInventory {
  readonly machines: ReadonlyMap<MachineId, Machine>;
  readonly position: InventoryPosition;
  readonly hypervisor: HypervisorStatus;
  /** From the disk: the host has not answered yet since the desktop started. */
  readonly cached: boolean;
}

export type Inventories = ReadonlyMap<HostLinkId, HostInventory>;

export const inventoryStore = createStore<{ readonly hosts: Inventories }>(() => ({
  hosts: new Map(),
}));

export function useInventory<T>(select: (state: { readonly hosts: Inventories }) => T): T {
  return useStore(inventoryStore, select);
}

/**
 * One step of the sync protocol on one host. Records that did not change keep their identity, which is what
 * keeps all other rows from rendering.
 */
export function applyInventory(
  before: HostInventory | undefined,
  event: InventoryEvent,
  cached: boolean,
): HostInventory {
  const { hypervisor } = event;
  const position = { epoch: event.epoch, revision: event.revision };
  switch (event.type) {
    case 'snapshot':
      return {
        machines: new Map(event.machines.map((m) => [m.id, m])),
        position,
        hypervisor,
        cached,
      };
    case 'changes': {
      if (event.upserted.length === 0 && event.removed.length === 0 && before) {
        return { machines: before.machines, position, hypervisor, cached };
      }
      const machines = new Map(before?.machines);
      for (const machine of event.upserted) machines.set(machine.id, machine);
      for (const id of event.removed) machines.delete(id);
      return { machines, position, hypervisor, cached };
    }
  }
}

export function receiveInventory(linkId: HostLinkId, event: InventoryEvent, cached: boolean): void {
  const { hosts } = inventoryStore.getState();
  inventoryStore.setState({
    hosts: new Map(hosts).set(linkId, applyInventory(hosts.get(linkId), event, cached)),
  });
}

/** Drop what belonged to hosts that were removed or signed out of. */
export function keepInventories(keep: (linkId: HostLinkId) => boolean): void {
  const { hosts } = inventoryStore.getState();
  const kept = [...hosts].filter(([linkId]) => keep(linkId));
  if (kept.length !== hosts.size) inventoryStore.setState({ hosts: new Map(kept) });
}

export function useMachine({ linkId, machineId }: MachineRef): Machine | undefined {
  return useInventory((state) => state.hosts.get(linkId)?.machines.get(machineId));
}

export function getMachine({ linkId, machineId }: MachineRef): Machine | undefined {
  return inventoryStore.getState().hosts.get(linkId)?.machines.get(machineId);
}

export function useHypervisor(linkId: HostLinkId): HypervisorStatus | undefined {
  return useInventory((state) => state.hosts.get(linkId)?.hypervisor);
}
