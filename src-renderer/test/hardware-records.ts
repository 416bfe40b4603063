import {
  type Hardware,
  hardware,
  type HardwareDisk,
  type HardwareInterface,
  type HardwareSet,
} from '@limen/contract';
import { anId } from './records.ts';

const MIB = 2 ** 20;
const unlimited = {
  readBytesPerSecond: 0,
  writeBytesPerSecond: 0,
  readOperationsPerSecond: 0,
  writeOperationsPerSecond: 0,
};

/** Hardware for unit tests, parsed by the contract so that it cannot drift from it. */
export function aDisk(wish: Partial<HardwareDisk> = {}): HardwareDisk {
  return {
    target: 'vda',
    device: 'disk',
    bus: 'virtio',
    source: '/disks/vm.qcow2',
    imageId: null,
    format: 'qcow2',
    capacityBytes: 1024 * MIB,
    allocatedBytes: 200 * MIB,
    cache: 'default',
    discard: 'unmap',
    readonly: false,
    serial: null,
    ioLimits: unlimited,
    bootOrder: 1,
    ...wish,
  };
}

export function aDrive(wish: Partial<HardwareDisk> = {}): HardwareDisk {
  const empty = { source: null, format: null, capacityBytes: null, allocatedBytes: null, bootOrder: null };
  return aDisk({ target: 'sda', device: 'cdrom', bus: 'sata', ...empty, ...wish });
}

export function aCard(wish: Partial<HardwareInterface> = {}): HardwareInterface {
  return {
    mac: '52:54:00:00:00:01',
    type: 'network',
    source: 'default',
    model: 'virtio',
    linkUp: true,
    bandwidth: { inboundBytesPerSecond: null, outboundBytesPerSecond: null },
    bootOrder: 2,
    ...wish,
  };
}

export function aSet(wish: Partial<HardwareSet> = {}): HardwareSet {
  return {
    vcpus: { current: 2, maximum: 4 },
    cpu: { mode: 'host-passthrough', model: null, topology: null },
    memory: { currentBytes: 512 * MIB, maximumBytes: 1024 * MIB, balloon: true },
    firmware: { type: 'uefi', secureBoot: false },
    chipset: 'q35',
    tpm: null,
    video: { model: 'virtio', heads: 1 },
    graphics: ['vnc'],
    sound: null,
    rng: true,
    watchdog: null,
    sharedFolders: [],
    serialPorts: [{ port: 0, type: 'pty' }],
    disks: [aDisk(), aDrive()],
    interfaces: [aCard()],
    others: [{ kind: 'rng', summary: 'virtio /dev/urandom' }],
    ...wish,
  };
}

export interface HardwareWish {
  readonly revision?: string;
  readonly stored?: Partial<HardwareSet>;
  /** Null: it is off. As stored where absent. */
  readonly live?: Partial<HardwareSet> | null;
}

export function someHardware({ revision = 'a', stored, live }: HardwareWish = {}): Hardware {
  return hardware.parse({
    machineId: anId(1),
    revision,
    stored: aSet(stored),
    live: live === null ? null : aSet({ ...stored, ...live }),
    undoable: false,
  });
}
