import {
  type CreationOptions,
  creationOptions,
  type Image,
  image,
  type Preset,
  preset,
  type Quota,
  quota,
} from '@limen/contract';
import { anId } from './records.ts';

const GIB = 2 ** 30;
const available = { available: true, reason: null, packages: [] };

export const debian: Preset = preset.parse({
  id: 'debian-12',
  name: 'Debian 12',
  family: 'linux',
  osId: 'http://debian.org/debian/12',
  firmware: 'uefi',
  secureBoot: false,
  tpm: false,
  chipset: 'q35',
  diskBus: 'virtio',
  interfaceModel: 'virtio',
  videoModel: 'virtio',
  clock: 'utc',
  hyperv: false,
  virtioDrivers: false,
  cloudInit: { defaultUser: 'debian' },
  minimum: { vcpus: 1, memoryBytes: GIB / 2, diskBytes: 4 * GIB },
  recommended: { vcpus: 2, memoryBytes: 2 * GIB, diskBytes: 20 * GIB },
  fileNames: ['^debian-12', '('],
});

export const windows: Preset = preset.parse({
  ...debian,
  id: 'windows-11',
  name: 'Windows 11',
  family: 'windows',
  secureBoot: true,
  tpm: true,
  diskBus: 'sata',
  cloudInit: null,
  minimum: { vcpus: 2, memoryBytes: 4 * GIB, diskBytes: 64 * GIB },
  recommended: { vcpus: 4, memoryBytes: 8 * GIB, diskBytes: 128 * GIB },
  fileNames: ['^win(dows)?[-_]?11'],
});

/** A host that can do everything and has room, but for what is said otherwise. */
export function someOptions(wish: Partial<CreationOptions> = {}): CreationOptions {
  return creationOptions.parse({
    offers: {
      kvm: { available: true, packages: [] },
      bios: available,
      uefi: available,
      secureBoot: available,
      tpm: available,
    },
    chipsets: ['q35', 'pc'],
    diskBuses: ['virtio', 'scsi', 'sata', 'usb'],
    videoModels: ['virtio', 'vga', 'qxl'],
    networks: [{ name: 'default', type: 'network', forward: 'nat', active: true }],
    maximumVcpus: 64,
    capacity: {
      logicalCpus: 8,
      memoryBytes: 32 * GIB,
      memoryPromisedBytes: 16 * GIB,
      memoryAvailableBytes: 15 * GIB,
      diskBytes: 500 * GIB,
      diskAvailableBytes: 200 * GIB,
    },
    ...wish,
  });
}

export interface ImageWish {
  readonly number?: number;
  readonly name?: string;
  readonly kind?: Image['kind'];
  readonly presetId?: string | null;
  readonly sha256?: string | null;
  readonly virtualBytes?: number;
  readonly usedBy?: Image['usedBy'];
}

export function anImage(wish: ImageWish = {}): Image {
  const number = wish.number ?? 1;
  const name = wish.name ?? 'debian-12-generic-amd64';
  return image.parse({
    id: anId(0xaa_0000 + number),
    name,
    kind: wish.kind ?? 'disk',
    format: 'qcow2',
    presetId: wish.presetId ?? null,
    virtualBytes: wish.virtualBytes ?? 3 * GIB,
    actualBytes: GIB / 2,
    sha256: wish.sha256 ?? null,
    path: `/var/lib/libvirt/limen/images/${name}.qcow2`,
    origin: 'url',
    sourceUrl: null,
    shared: true,
    owner: { id: anId(0xee_0001), username: 'ann' },
    addedAt: '2026-01-02T03:04:05.000Z',
    managed: true,
    missing: false,
    usedBy: wish.usedBy ?? [],
  });
}

export function aQuota(limits: Partial<Quota['limits']> = {}): Quota {
  return quota.parse({
    userId: anId(0xee_0001),
    limits: { machines: null, vcpus: null, memoryBytes: null, diskBytes: null, ...limits },
    used: { machines: 2, vcpus: 4, memoryBytes: 4 * GIB, diskBytes: 40 * GIB },
  });
}
