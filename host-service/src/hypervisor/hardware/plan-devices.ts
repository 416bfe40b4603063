import { Affect, procedures } from 'node-libvirt';
import type { HardwareChange } from '../../ports/machine-hardware.ts';
import { detachDevice } from './device-removal.ts';
import {
  addFolder,
  addSerial,
  newRng,
  removeFolder,
  removeSerial,
  setFirmware,
  setRng,
  setSound,
  setTpm,
  setVideo,
  setWatchdog,
} from './edits/devices.ts';
import type { PlannedChange } from './planned-change.ts';

const { domains } = procedures;

type DeviceChangeType =
  | 'set-firmware'
  | 'set-tpm'
  | 'set-video'
  | 'set-sound'
  | 'set-rng'
  | 'set-watchdog'
  | 'add-serial'
  | 'remove-serial'
  | 'add-folder'
  | 'remove-folder';
export type DeviceChange = Extract<HardwareChange, { readonly type: DeviceChangeType }>;

/** Devices that QEMU settles at its start, all but the random generator. */
export function planDevice(change: DeviceChange): PlannedChange {
  switch (change.type) {
    case 'set-firmware':
      return { store: (stored) => setFirmware(stored, change), live: null };
    case 'set-tpm':
      return { store: (stored) => setTpm(stored, change), live: null };
    case 'set-video':
      return { store: (stored) => setVideo(stored, change), live: null };
    case 'set-sound':
      return { store: (stored) => setSound(stored, change), live: null };
    case 'set-rng':
      return planRng(change);
    case 'set-watchdog':
      return { store: (stored) => setWatchdog(stored, change), live: null };
    case 'add-serial':
      return { store: addSerial, live: null };
    case 'remove-serial':
      return { store: (stored) => removeSerial(stored, change), live: null };
    case 'add-folder':
      return { store: (stored) => addFolder(stored, change), live: null };
    case 'remove-folder':
      return { store: (stored) => removeFolder(stored, change), live: null };
  }
}

function planRng(change: Extract<DeviceChange, { readonly type: 'set-rng' }>): PlannedChange {
  return {
    store: (stored) => setRng(stored, change),
    ...(!change.present && { liveFirst: true as const }),
    live: async ({ client, domain, live }) => {
      const [present] = live.devices.randomGenerators;
      if (change.present === (present !== undefined)) return 'applied';
      if (change.present) {
        const xml = newRng().toString();
        await client.call(domains.attachDevice, { domain, xml, flags: Affect.live });
      } else if (present?.alias != null) await detachDevice(client, domain, present.alias);
      return 'applied';
    },
  };
}
