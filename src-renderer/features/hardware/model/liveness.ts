import type { DiskBus, Hardware, HardwareDisk, HardwareEdit } from '@limen/contract';
import { isDeviceEdit } from './device-edits.ts';
import { findDisk, findInterface } from './devices.ts';

/**
 * When a change can take effect. `now`: in the running machine; the guest, or QEMU, may still refuse it. `next-start`:
 * only when QEMU starts anew, for the reason given. The host decides; this says in advance what it will say.
 */
export type Timing =
  | { readonly when: 'now' }
  | { readonly when: 'next-start'; readonly reason: RestartReason };

export type RestartReason =
  /** It is off: everything waits for its start. */
  | 'off'
  /** More than QEMU was started with. */
  | 'above-maximum'
  | 'maximum'
  | 'no-balloon'
  /** Of a kind QEMU settles at its start. */
  | 'fixed'
  /** On a bus that takes nothing out or in while it runs. */
  | 'bus'
  /** The running machine does not have the device. */
  | 'not-running';

const now: Timing = { when: 'now' };

function atNextStart(reason: RestartReason): Timing {
  return { when: 'next-start', reason };
}

const hotplugBuses: ReadonlySet<string> = new Set<DiskBus>(['virtio', 'scsi', 'usb']);

/** When a change can take effect on a machine as it is. */
export function timingOf(edit: HardwareEdit, { live }: Pick<Hardware, 'live'>): Timing {
  if (live === null) return atNextStart('off');
  if (isDeviceEdit(edit)) return edit.type === 'set-rng' ? now : atNextStart('fixed');
  switch (edit.type) {
    case 'set-vcpus':
      if (edit.maximum !== live.vcpus.maximum) return atNextStart('maximum');
      return edit.current > live.vcpus.maximum ? atNextStart('above-maximum') : now;
    case 'set-memory':
      if (edit.maximumBytes !== live.memory.maximumBytes) return atNextStart('maximum');
      return live.memory.balloon || edit.currentBytes === live.memory.currentBytes
        ? now
        : atNextStart('no-balloon');
    case 'set-cpu':
    case 'set-boot-order':
      return atNextStart('fixed');
    case 'add-disk':
    case 'add-drive':
      return hotplugBuses.has(edit.bus) ? now : atNextStart('bus');
    case 'update-disk': {
      const isFixed = edit.bus !== undefined || edit.cache !== undefined || edit.discard !== undefined;
      return findDisk(live, edit.target)
        ? isFixed
          ? atNextStart('fixed')
          : now
        : atNextStart('not-running');
    }
    case 'grow-disk':
    case 'change-media':
      return findDisk(live, edit.target) ? now : atNextStart('not-running');
    case 'remove-disk':
      return removalTiming(findDisk(live, edit.target));
    case 'add-interface':
      return now;
    case 'update-interface': {
      const card = findInterface(live, edit.mac);
      if (!card) return atNextStart('not-running');
      const isFixed = edit.model !== undefined || edit.newMac !== undefined;
      const isReplugged =
        edit.network === undefined || (edit.network.type !== 'user' && isSwitched(card.type));
      return isFixed || !isReplugged ? atNextStart('fixed') : now;
    }
    case 'remove-interface':
      return findInterface(live, edit.mac) ? now : atNextStart('not-running');
  }
}

function removalTiming(disk: HardwareDisk | undefined): Timing {
  if (!disk) return atNextStart('not-running');
  return hotplugBuses.has(disk.bus) ? now : atNextStart('bus');
}

/** QEMU's own network is a part of it; only a card on a switch goes to another while it runs. */
function isSwitched(type: string): boolean {
  return type === 'network' || type === 'bridge';
}
