import { Affect, procedures } from 'node-libvirt';
import type { HardwareChange } from '../../ports/machine-hardware.ts';
import { bootFrom } from '../definition/domain-edits.ts';
import { setMemory } from './edits/memory.ts';
import { setCpu, setVcpus } from './edits/processor.ts';
import { planDevice } from './plan-devices.ts';
import { planAddDisk, planAddDrive, planChangeMedia, planRemoveDisk, planUpdateDisk } from './plan-disks.ts';
import { planAddInterface, planRemoveInterface, planUpdateInterface } from './plan-interfaces.ts';
import type { PlannedChange, Present } from './planned-change.ts';

const { domains } = procedures;
const KIB = 1024;

type Change<T extends HardwareChange['type']> = Extract<HardwareChange, { readonly type: T }>;

/** How to make a change. Throws `NOT_FOUND` or `INVALID_INPUT` for what cannot be. */
export function planChange(change: HardwareChange, present: Present): PlannedChange {
  switch (change.type) {
    case 'set-vcpus':
      return planVcpus(change);
    case 'set-cpu':
      return { store: (stored) => setCpu(stored, change), live: null };
    case 'set-memory':
      return planMemory(change);
    case 'add-disk':
      return planAddDisk(change, present);
    case 'add-drive':
      return planAddDrive(change, present);
    case 'update-disk':
      return planUpdateDisk(change, present);
    case 'remove-disk':
      return planRemoveDisk(change, present);
    case 'change-media':
      return planChangeMedia(change, present);
    case 'add-interface':
      return planAddInterface(change);
    case 'update-interface':
      return planUpdateInterface(change, present);
    case 'remove-interface':
      return planRemoveInterface(change, present);
    case 'set-boot-order':
      return { store: (stored) => bootFrom(stored, change.devices), live: null };
    case 'set-firmware':
    case 'set-tpm':
    case 'set-video':
    case 'set-sound':
    case 'set-rng':
    case 'set-watchdog':
    case 'add-serial':
    case 'remove-serial':
    case 'add-folder':
    case 'remove-folder':
      return planDevice(change);
  }
}

/** Up to the maximum QEMU was started with; the maximum itself is of the next start. */
function planVcpus({ current, maximum }: Change<'set-vcpus'>): PlannedChange {
  return {
    store: (stored) => setVcpus(stored, current, maximum),
    live: async ({ client, domain, live: { vcpus } }) => {
      if (current > vcpus.maximum) return 'at-next-start';
      if (current !== vcpus.current) {
        await client.call(domains.setVcpus, { domain, count: current, flags: Affect.live });
      }
      return maximum === vcpus.maximum ? 'applied' : 'at-next-start';
    },
  };
}

function planMemory({ currentBytes, maximumBytes }: Change<'set-memory'>): PlannedChange {
  return {
    store: (stored) => setMemory(stored, currentBytes, maximumBytes),
    live: async ({ client, domain, live }) => {
      const balloon = live.devices.memoryBalloon?.element.attribute('model') ?? 'none';
      const reaches = currentBytes <= live.memory && (balloon !== 'none' || currentBytes === live.memory);
      if (!reaches) return 'at-next-start';
      if (currentBytes !== live.currentMemory) {
        await client.call(domains.setMemory, { domain, memory: currentBytes / KIB, flags: Affect.live });
      }
      return maximumBytes === live.memory ? 'applied' : 'at-next-start';
    },
  };
}
