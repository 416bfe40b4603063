import { Affect, type NetworkInterface, procedures } from 'node-libvirt';
import type { HardwareChange, PluggedNetwork } from '../../ports/machine-hardware.ts';
import { detachDevice } from './device-removal.ts';
import {
  addInterface,
  findInterface,
  isPluggedInto,
  newInterface,
  removeInterface,
  requireInterface,
  updateInterface,
} from './edits/interfaces.ts';
import type { PlannedChange, Present } from './planned-change.ts';

const { domains } = procedures;

type Change<T extends HardwareChange['type']> = Extract<HardwareChange, { readonly type: T }>;

export function planAddInterface({ network, model, mac }: Change<'add-interface'>): PlannedChange {
  const nic = newInterface(network, model, mac);
  return {
    store: (stored) => addInterface(stored, nic),
    live: async ({ client, domain }) => {
      await client.call(domains.attachDevice, { domain, xml: nic.toString(), flags: Affect.live });
      return 'applied';
    },
  };
}

export function planUpdateInterface(change: Change<'update-interface'>, present: Present): PlannedChange {
  const { mac, network, model, newMac, linkUp, bandwidth } = change;
  requireInterface(present.stored, mac);
  const inLive = present.live === null ? null : findInterface(present.live, mac);
  return {
    store: (stored) => updateInterface(stored, requireInterface(stored, mac), change),
    live: async ({ client, domain, live }) => {
      if (inLive === null) return 'at-next-start';
      const replug = network !== undefined && !isPluggedInto(inLive, network);
      const pluggable = !replug || isSwitched(inLive, network);
      const waits =
        !pluggable ||
        (model !== undefined && model !== inLive.model) ||
        (newMac !== undefined && newMac.toLowerCase() !== mac.toLowerCase());
      const before = inLive.toString();
      updateInterface(live, inLive, { linkUp, bandwidth, network: pluggable ? network : undefined });
      const xml = inLive.toString();
      if (xml !== before) await client.call(domains.updateDevice, { domain, xml, flags: Affect.live });
      return waits ? 'at-next-start' : 'applied';
    },
  };
}

/** User-mode networking is part of QEMU, which cannot change what carries a card. */
function isSwitched(nic: NetworkInterface, network: PluggedNetwork): boolean {
  return network.type !== 'user' && (nic.type === 'network' || nic.type === 'bridge');
}

export function planRemoveInterface({ mac }: Change<'remove-interface'>, present: Present): PlannedChange {
  const inLive = present.live === null ? null : findInterface(present.live, mac);
  if (inLive === null) requireInterface(present.stored, mac);
  return {
    store: (stored) => removeInterface(stored, mac),
    liveFirst: true,
    live: async ({ client, domain }) => {
      if (inLive?.alias == null) return 'applied';
      await detachDevice(client, domain, inLive.alias);
      return 'applied';
    },
  };
}
