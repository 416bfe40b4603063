import type { HardwareEdit, HardwareSet } from '@limen/contract';

/** Changes of firmware and of the devices there is one of. */
const types = [
  'set-firmware',
  'reset-nvram',
  'set-tpm',
  'set-video',
  'set-sound',
  'set-rng',
  'set-watchdog',
  'add-serial',
  'remove-serial',
  'add-folder',
  'remove-folder',
] as const satisfies readonly HardwareEdit['type'][];
export type DeviceEdit = Extract<HardwareEdit, { readonly type: (typeof types)[number] }>;

export function isDeviceEdit(edit: HardwareEdit): edit is DeviceEdit {
  return (types as readonly string[]).includes(edit.type);
}

/** Entries of the device list that take them. */
export type PartId = 'firmware' | 'screen' | 'services' | 'serial' | 'folders';

/** Of which entry of the device list a change is. */
export function partOf(edit: DeviceEdit): PartId {
  switch (edit.type) {
    case 'set-firmware':
    case 'reset-nvram':
    case 'set-tpm':
      return 'firmware';
    case 'set-video':
    case 'set-sound':
      return 'screen';
    case 'set-rng':
    case 'set-watchdog':
      return 'services';
    case 'add-serial':
    case 'remove-serial':
      return 'serial';
    case 'add-folder':
    case 'remove-folder':
      return 'folders';
  }
}

/** What it is about: a later change of the same key replaces an earlier one. */
export function deviceEditKey(edit: DeviceEdit): string {
  switch (edit.type) {
    case 'remove-serial':
      return `${edit.type}/${edit.port}`;
    case 'add-folder':
    case 'remove-folder':
      return `${edit.type}/${edit.tag}`;
    case 'set-firmware':
    case 'reset-nvram':
    case 'set-tpm':
    case 'set-video':
    case 'set-sound':
    case 'set-rng':
    case 'set-watchdog':
    case 'add-serial':
      return edit.type;
  }
}

/** A definition as it would be after the change. */
export function previewDevice(set: HardwareSet, edit: DeviceEdit): HardwareSet {
  switch (edit.type) {
    case 'set-firmware':
      return { ...set, firmware: { type: edit.firmware, secureBoot: edit.secureBoot } };
    case 'reset-nvram':
      return set;
    case 'set-tpm': {
      const emulated = { model: 'tpm-crb', version: '2.0', emulated: true };
      return { ...set, tpm: edit.present ? (set.tpm ?? emulated) : null };
    }
    case 'set-video':
      return { ...set, video: { model: edit.model, heads: edit.heads } };
    case 'set-sound':
      return { ...set, sound: edit.model };
    case 'set-rng':
      return { ...set, rng: edit.present };
    case 'set-watchdog':
      return { ...set, watchdog: edit.model && { model: edit.model, action: edit.action } };
    case 'add-serial': {
      const taken = new Set(set.serialPorts.map(({ port }) => port));
      const port = [0, 1, 2, 3].find((free) => !taken.has(free));
      return port === undefined ? set : { ...set, serialPorts: [...set.serialPorts, { port, type: 'pty' }] };
    }
    case 'remove-serial':
      return { ...set, serialPorts: set.serialPorts.filter(({ port }) => port !== edit.port) };
    case 'add-folder': {
      const { type: _type, ...folder } = edit;
      return { ...set, sharedFolders: [...set.sharedFolders, folder] };
    }
    case 'remove-folder':
      return { ...set, sharedFolders: set.sharedFolders.filter(({ tag }) => tag !== edit.tag) };
  }
}
