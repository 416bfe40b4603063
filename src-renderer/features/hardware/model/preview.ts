import type { Hardware, HardwareEdit, HardwareSet } from '@limen/contract';
import { isDeviceEdit, previewDevice } from './device-edits.ts';
import { findDisk, findInterface } from './devices.ts';
import { type Difference, differences } from './differences.ts';

/** A definition as it would be after a change of what is there; additions and removals leave it as it is. */
export function preview(set: HardwareSet, edit: HardwareEdit): HardwareSet {
  if (isDeviceEdit(edit)) return previewDevice(set, edit);
  switch (edit.type) {
    case 'set-vcpus':
      return { ...set, vcpus: { current: edit.current, maximum: edit.maximum } };
    case 'set-cpu':
      return { ...set, cpu: { mode: edit.mode, model: edit.model, topology: edit.topology } };
    case 'set-memory': {
      const { currentBytes, maximumBytes } = edit;
      return { ...set, memory: { ...set.memory, currentBytes, maximumBytes } };
    }
    case 'update-disk': {
      const { type: _type, target, ...wishes } = edit;
      return withDisk(set, target, wishes);
    }
    case 'grow-disk':
      return withDisk(set, edit.target, { capacityBytes: edit.sizeBytes });
    case 'update-interface': {
      const { type: _type, mac, network, newMac: _newMac, ...wishes } = edit;
      const source = network && { type: network.type, source: 'name' in network ? network.name : null };
      return withInterface(set, mac, { ...wishes, ...source });
    }
    case 'set-boot-order':
      return withOrder(set, edit.devices);
    case 'change-media':
    case 'add-disk':
    case 'add-drive':
    case 'add-interface':
    case 'remove-disk':
    case 'remove-interface':
      return set;
  }
}

/**
 * What a change does, against the stored definition; against what runs where the definition has it already and only
 * the running machine is to follow.
 */
export function effectOf(
  edit: HardwareEdit,
  { stored, live }: Pick<Hardware, 'stored' | 'live'>,
): readonly Difference[] {
  const after = differences(stored, preview(stored, edit));
  if (after.length > 0 || live === null) return after;
  return differences(live, preview(live, edit));
}

type Wishes = Readonly<Record<string, unknown>>;

function withDisk(set: HardwareSet, target: string, wishes: Wishes): HardwareSet {
  const changed = findDisk(set, target);
  return {
    ...set,
    disks: set.disks.map((disk) => (disk === changed ? { ...disk, ...given(wishes) } : disk)),
  };
}

function withInterface(set: HardwareSet, mac: string, wishes: Wishes): HardwareSet {
  const changed = findInterface(set, mac);
  return {
    ...set,
    interfaces: set.interfaces.map((card) => (card === changed ? { ...card, ...given(wishes) } : card)),
  };
}

function given(wishes: Wishes): Wishes {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}

function withOrder(set: HardwareSet, names: readonly string[]): HardwareSet {
  const order = (name: string): number | null => {
    const index = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
    return index < 0 ? null : index + 1;
  };
  return {
    ...set,
    disks: set.disks.map((disk) => ({ ...disk, bootOrder: order(disk.target) })),
    interfaces: set.interfaces.map((card) => ({ ...card, bootOrder: order(card.mac) })),
  };
}
