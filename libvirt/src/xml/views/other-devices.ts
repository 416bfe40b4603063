import type { ElementSpec } from '../dom.ts';
import { Device } from './device.ts';

/** A serial port, a console or a channel. */
export class CharacterDevice extends Device {
  /** The host's end: the path of a pseudo terminal, socket, file or device. */
  get sourcePath(): string | null {
    return this.element.get('source/@path');
  }

  get targetType(): string | null {
    return this.element.get('target/@type');
  }

  /** Name of a channel inside the guest, e.g. `org.qemu.guest_agent.0`. */
  get targetName(): string | null {
    return this.element.get('target/@name');
  }

  /** `connected` or `disconnected`, known for channels of a running machine. */
  get targetState(): string | null {
    return this.element.get('target/@state');
  }
}

/** A channel the guest finds by its name; libvirt chooses the socket. */
export function channelSpec(name: string): ElementSpec {
  return {
    name: 'channel',
    attributes: { type: 'unix' },
    content: [{ name: 'target', attributes: { type: 'virtio', name } }],
  };
}

export class Tpm extends Device {
  /** `emulator`, `passthrough` or `external`. */
  get backend(): string | null {
    return this.element.get('backend/@type');
  }

  get version(): string | null {
    return this.element.get('backend/@version');
  }
}

/** An emulated TPM 2.0. */
export function tpmSpec(model: 'tpm-crb' | 'tpm-tis'): ElementSpec {
  return {
    name: 'tpm',
    attributes: { model },
    content: [{ name: 'backend', attributes: { type: 'emulator', version: '2.0' } }],
  };
}

export interface PciAddress {
  readonly domain: number;
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}

export class HostDevice extends Device {
  /** `subsystem` or `capabilities`. */
  get mode(): string | null {
    return this.element.attribute('mode');
  }

  /** Whether libvirt detaches it from the host's driver and gives it back. */
  get managed(): boolean {
    return this.element.attribute('managed') === 'yes';
  }

  /** On the host; null for devices of other buses. */
  get pciAddress(): PciAddress | null {
    const address = this.type === 'pci' ? this.element.child('source')?.child('address') : null;
    if (address === null || address === undefined) return null;
    const part = (name: string) => Number(address.attribute(name) ?? 0);
    return { domain: part('domain'), bus: part('bus'), slot: part('slot'), function: part('function') };
  }
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** A PCI device of the host. */
export function pciHostDeviceSpec(address: PciAddress, managed = true): ElementSpec {
  const attributes = {
    domain: hex(address.domain, 4),
    bus: hex(address.bus, 2),
    slot: hex(address.slot, 2),
    function: hex(address.function, 1),
  };
  return {
    name: 'hostdev',
    attributes: { mode: 'subsystem', type: 'pci', managed },
    content: [{ name: 'source', content: [{ name: 'address', attributes }] }],
  };
}

/** A folder of the host shown to the guest. */
export class Filesystem extends Device {
  /** `virtiofs`, `path`, … */
  get driver(): string | null {
    return this.element.get('driver/@type');
  }

  get sourceDirectory(): string | null {
    return this.element.get('source/@dir');
  }

  /** The tag the guest mounts it by. */
  get tag(): string | null {
    return this.element.get('target/@dir');
  }

  get readonly(): boolean {
    return this.element.has('readonly');
  }
}
