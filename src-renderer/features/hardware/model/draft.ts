import type { HardwareEdit, HardwareSet } from '@limen/contract';
import { type DeviceEdit, deviceEditKey, isDeviceEdit, previewDevice } from './device-edits.ts';
import { bootOrderOf, findDisk, findInterface } from './devices.ts';
import { same } from './same.ts';

/** Changes that were not sent yet, by what they are about; later ones about the same replace earlier ones. */
export type Draft = ReadonlyMap<string, HardwareEdit>;

export const emptyDraft: Draft = new Map();

/**
 * What an edit is about. Fields that QEMU changes while it runs and fields that wait for the next start are apart,
 * so that the host can answer for each.
 */
export function editKey(edit: HardwareEdit): string {
  if (isDeviceEdit(edit)) return deviceEditKey(edit);
  switch (edit.type) {
    case 'set-vcpus':
    case 'set-cpu':
    case 'set-memory':
    case 'set-boot-order':
      return edit.type;
    case 'update-disk':
      return `${edit.ioLimits === undefined ? 'disk' : 'disk-limits'}/${edit.target}`;
    case 'grow-disk':
    case 'remove-disk':
    case 'change-media':
      return `${edit.type}/${edit.target}`;
    case 'update-interface': {
      const isCard = edit.model !== undefined || edit.newMac !== undefined;
      return `${isCard ? 'interface-card' : 'interface'}/${edit.mac.toLowerCase()}`;
    }
    case 'remove-interface':
      return `${edit.type}/${edit.mac.toLowerCase()}`;
    case 'add-disk':
    case 'add-drive':
    case 'add-interface':
      return `${edit.type}/${crypto.randomUUID()}`;
  }
}

/** Put a change into the draft. One that changes nothing of the stored definition takes itself out again. */
export function putEdit(draft: Draft, edit: HardwareEdit, stored: HardwareSet): Draft {
  const key = editKey(edit);
  const rest = withoutRivals(draft, edit);
  const known = rest.get(key);
  // Equal keys mean equal types, so that the later one's fields go over the earlier one's.
  const wish = reduceEdit(known ? ({ ...known, ...edit } as HardwareEdit) : edit, stored);
  if (wish) rest.set(key, wish);
  else rest.delete(key);
  return rest;
}

/** Put a change into the draft although the stored definition has it already: what runs is to get it too. */
export function putLiveEdit(draft: Draft, edit: HardwareEdit): Draft {
  return new Map(draft).set(editKey(edit), edit);
}

export function dropEdit(draft: Draft, key: string): Draft {
  const rest = new Map(draft);
  rest.delete(key);
  return rest;
}

/** What is removed is not changed as well. */
function withoutRivals(draft: Draft, edit: HardwareEdit): Map<string, HardwareEdit> {
  const rest = new Map(draft);
  for (const [key, other] of draft) {
    const rivals =
      (edit.type === 'remove-disk' && 'target' in other && other.target === edit.target) ||
      (edit.type === 'remove-interface' &&
        'mac' in other &&
        other.mac === edit.mac &&
        other.type !== 'add-interface');
    if (rivals) rest.delete(key);
  }
  return rest;
}

/** The edit without what the definition has already; null when nothing is left of it. */
export function reduceEdit(edit: HardwareEdit, set: HardwareSet): HardwareEdit | null {
  if (isDeviceEdit(edit)) return reduceDeviceEdit(edit, set);
  switch (edit.type) {
    case 'set-vcpus':
      return edit.current === set.vcpus.current && edit.maximum === set.vcpus.maximum ? null : edit;
    case 'set-cpu': {
      const { mode, model, topology } = edit;
      return same({ mode, model, topology }, set.cpu) ? null : edit;
    }
    case 'set-memory': {
      const { currentBytes, maximumBytes } = set.memory;
      return edit.currentBytes === currentBytes && edit.maximumBytes === maximumBytes ? null : edit;
    }
    case 'update-disk': {
      const { type, target, ...wishes } = edit;
      const left = differing(wishes, findDisk(set, target));
      return left && { type, target, ...left };
    }
    case 'grow-disk':
      return edit.sizeBytes > (findDisk(set, edit.target)?.capacityBytes ?? 0) ? edit : null;
    case 'change-media': {
      const disk = findDisk(set, edit.target);
      const isEmpty = disk?.source === null;
      return edit.imageId === null ? (isEmpty ? null : edit) : edit.imageId === disk?.imageId ? null : edit;
    }
    case 'update-interface': {
      const { type, mac, network, newMac, ...wishes } = edit;
      const card = findInterface(set, mac);
      const left = differing(wishes, card);
      const plugged =
        network && (network.type !== card?.type || sourceOf(network) !== card.source) ? { network } : {};
      const renamed = newMac && newMac.toLowerCase() !== mac.toLowerCase() ? { newMac } : {};
      const all = { ...left, ...plugged, ...renamed };
      return Object.keys(all).length === 0 ? null : { type, mac, ...all };
    }
    case 'set-boot-order':
      return same(edit.devices, bootOrderOf(set)) ? null : edit;
    case 'add-disk':
    case 'add-drive':
    case 'add-interface':
    case 'remove-disk':
    case 'remove-interface':
      return edit;
  }
}

/** Forgetting the UEFI variables changes nothing that a definition says. */
function reduceDeviceEdit(edit: DeviceEdit, set: HardwareSet): DeviceEdit | null {
  return edit.type !== 'reset-nvram' && same(previewDevice(set, edit), set) ? null : edit;
}

function sourceOf(network: { readonly type: string; readonly name?: string }): string | null {
  return network.name ?? null;
}

/** Wishes that differ from what is there; null when none does. */
function differing<T extends object>(wishes: T, present: object | undefined): Partial<T> | null {
  const left = Object.entries(wishes).filter(
    ([key, value]) => value !== undefined && !same(value, present && Reflect.get(present, key)),
  );
  return left.length === 0 ? null : (Object.fromEntries(left) as Partial<T>);
}

/** A change as it is sent, and where in the draft it came from. */
export interface KeyedEdit {
  readonly key: string;
  readonly edit: HardwareEdit;
}

/**
 * The draft in an order in which each change finds what it is about: a new MAC after everything that goes by the
 * old one, the boot order last and without what is removed.
 */
export function orderedEdits(draft: Draft): readonly KeyedEdit[] {
  const edits = [...draft].map(([key, edit]) => ({ key, edit }));
  const ranked = edits.map((entry, index) => ({ entry, index, rank: rankOf(entry.edit) }));
  ranked.sort((a, b) => a.rank - b.rank || a.index - b.index);
  return ranked.map(({ entry }) =>
    entry.edit.type === 'set-boot-order'
      ? { key: entry.key, edit: { ...entry.edit, devices: bootable(entry.edit.devices, draft) } }
      : entry,
  );
}

function rankOf(edit: HardwareEdit): number {
  // A topology is checked against the number of vCPUs.
  if (edit.type === 'set-vcpus') return -1;
  if (edit.type === 'set-boot-order') return 2;
  return edit.type === 'update-interface' && edit.newMac !== undefined ? 1 : 0;
}

function bootable(devices: readonly string[], draft: Draft): string[] {
  return devices.flatMap((name) => {
    const card = draft.get(`interface-card/${name.toLowerCase()}`);
    const isRemoved = draft.has(`remove-disk/${name}`) || draft.has(`remove-interface/${name.toLowerCase()}`);
    if (isRemoved) return [];
    return [card?.type === 'update-interface' ? (card.newMac ?? name) : name];
  });
}
