import {
  type HostLink,
  type HostLinkId,
  type HypervisorStatus,
  hostLink,
  type InventoryEvent,
  type Machine,
  type MachineId,
  type MachineState,
  machine,
  type Role,
} from '@limen/contract';

/** Records for unit tests, parsed by the contract so that they cannot drift from it. */
const NOW = '2026-01-02T03:04:05.000Z';

export function anId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function aMachineId(number: number): MachineId {
  return anId(number) as MachineId;
}

export function aLinkId(number: number): HostLinkId {
  return anId(0xff_0000 + number) as HostLinkId;
}

export interface MachineWish {
  readonly number?: number;
  readonly name?: string;
  readonly state?: MachineState;
  readonly owner?: string;
  readonly osId?: string;
  readonly startedAt?: string;
  readonly managed?: boolean;
  readonly tags?: readonly string[];
  readonly trashed?: Machine['trashed'];
}

export function aMachine(wish: MachineWish = {}): Machine {
  const number = wish.number ?? 1;
  return machine.parse({
    id: anId(number),
    name: wish.name ?? `vm-${number}`,
    title: null,
    description: null,
    state: wish.state ?? 'off',
    stateReason: null,
    startedAt: wish.startedAt ?? null,
    persistent: true,
    autostart: false,
    accelerator: 'kvm',
    architecture: 'x86_64',
    machineType: 'q35',
    firmware: 'uefi',
    vcpus: { current: 2, maximum: 4 },
    memory: { currentBytes: 2 ** 31, maximumBytes: 2 ** 32 },
    osId: wish.osId ?? null,
    disks: [
      {
        target: 'vda',
        bootOrder: null,
        device: 'disk',
        bus: 'virtio',
        source: '/images/disk.qcow2',
      },
    ],
    interfaces: [
      {
        mac: '52:54:00:00:00:01',
        bootOrder: null,
        model: 'virtio',
        type: 'network',
        source: 'default',
      },
    ],
    consoles: { vnc: true, serial: true },
    managed: wish.managed ?? true,
    tags: [...(wish.tags ?? [])],
    presetId: null,
    imageId: null,
    linkedTo: null,
    installing: false,
    trashed: wish.trashed ?? null,
    owner: wish.owner === undefined ? null : { id: anId(0xee_0001), username: wish.owner },
  });
}

export interface LinkWish {
  readonly number?: number;
  readonly name?: string;
  readonly state?: HostLink['state'];
  readonly role?: Role;
  readonly error?: HostLink['error'];
  readonly retryAt?: string;
}

export function aLink(wish: LinkWish = {}): HostLink {
  const number = wish.number ?? 1;
  return hostLink.parse({
    id: aLinkId(number),
    name: wish.name ?? 'alpha',
    address: 'alpha.example:8443',
    fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
    state: wish.state ?? 'live',
    since: NOW,
    retryAt: wish.retryAt ?? null,
    error: wish.error ?? null,
    hostId: anId(0xdd_0000 + number),
    user: {
      id: anId(0xee_0001),
      username: 'ann',
      role: wish.role ?? 'administrator',
      createdAt: NOW,
    },
    capabilities: ['machines.power', 'consoles.vnc', 'metrics.live', 'machines.create', 'images'],
    serviceVersion: '0.1.0',
    syncedAt: NOW,
  });
}

export const connected: HypervisorStatus = {
  state: 'connected',
  since: NOW,
  detail: null,
};

export function aSnapshot(machines: readonly Machine[], revision = 1): InventoryEvent {
  return {
    type: 'snapshot',
    epoch: anId(0xcc_0001),
    revision,
    hypervisor: connected,
    machines: [...machines],
  };
}

export function changes(
  revision: number,
  upserted: readonly Machine[],
  removed: readonly MachineId[] = [],
): InventoryEvent {
  return {
    type: 'changes',
    epoch: anId(0xcc_0001),
    revision,
    hypervisor: connected,
    upserted: [...upserted],
    removed: [...removed],
  };
}
