import {
  type Bandwidth,
  cpuMode,
  diskCache,
  diskDiscard,
  type HardwareDisk,
  type HardwareInterface,
  type HardwareSet,
} from '@limen/contract';
import type { Disk, DomainXml, NetworkInterface } from 'node-libvirt';
import { describeDisks, describeInterfaces } from '../domain-xml.ts';
import { describeDevices } from './describe-devices.ts';
import { describeOthers } from './other-devices.ts';

const KIB = 1024;

/** Sizes of a disk in bytes, as libvirt tells them; null where it cannot. */
export interface DiskSizes {
  readonly capacityBytes: number | null;
  readonly allocatedBytes: number | null;
}

const UNKNOWN: DiskSizes = { capacityBytes: null, allocatedBytes: null };

/** What a definition says a machine is made of. `sizes` by the target of the disk. */
export function describeHardware(domain: DomainXml, sizes: ReadonlyMap<string, DiskSizes>): HardwareSet {
  const { os } = domain;
  const balloon = domain.devices.memoryBalloon;
  const interfaces = describeInterfaces(domain);
  return {
    vcpus: domain.vcpus,
    cpu: describeCpu(domain),
    memory: {
      currentBytes: domain.currentMemory,
      maximumBytes: domain.memory,
      balloon: balloon !== null && balloon.element.attribute('model') !== 'none',
    },
    firmware: { type: os.isUefi ? 'uefi' : 'bios', secureBoot: os.isSecureBoot },
    chipset: os.machine ?? '',
    ...describeDevices(domain),
    disks: describeDisks(domain).map((described, index) =>
      describeDisk(described, domain.devices.disks[index], sizes.get(described.target) ?? UNKNOWN),
    ),
    interfaces: domain.devices.interfaces.map((nic, index) => describeInterface(nic, interfaces[index])),
    others: describeOthers(domain),
  };
}

function describeCpu({ cpu }: DomainXml): HardwareSet['cpu'] {
  const { topology, model } = cpu;
  // A model without a mode is a named one: libvirt's older way.
  const mode = cpuMode.safeParse(cpu.mode ?? (model === null ? null : 'custom')).data ?? null;
  return {
    mode,
    model: mode === 'custom' ? model : null,
    topology: topology && {
      // What is between sockets and cores counts as sockets, so that the product stays the maximum.
      sockets: topology.sockets * (topology.dies ?? 1) * (topology.clusters ?? 1),
      cores: topology.cores,
      threads: topology.threads,
    },
  };
}

function describeDisk(
  described: ReturnType<typeof describeDisks>[number],
  disk: Disk | undefined,
  sizes: DiskSizes,
): HardwareDisk {
  const tune = disk?.iotune;
  return {
    ...described,
    ...sizes,
    imageId: null,
    format: disk?.format ?? null,
    cache: diskCache.safeParse(disk?.cache).data ?? 'default',
    discard: diskDiscard.safeParse(disk?.discard).data ?? 'default',
    readonly: disk?.readonly ?? false,
    serial: disk?.serial ?? null,
    ioLimits: {
      readBytesPerSecond: tune?.readBytesSec ?? 0,
      writeBytesPerSecond: tune?.writeBytesSec ?? 0,
      readOperationsPerSecond: tune?.readIopsSec ?? 0,
      writeOperationsPerSecond: tune?.writeIopsSec ?? 0,
    },
  };
}

function describeInterface(
  nic: NetworkInterface,
  described: ReturnType<typeof describeInterfaces>[number] | undefined,
): HardwareInterface {
  return {
    mac: nic.mac ?? '',
    type: nic.type ?? '',
    source: described?.source ?? null,
    model: nic.model,
    linkUp: nic.linkUp,
    bandwidth: describeBandwidth(nic),
    bootOrder: described?.bootOrder ?? null,
  };
}

function describeBandwidth({ bandwidth }: NetworkInterface): Bandwidth {
  return {
    inboundBytesPerSecond: inBytes(bandwidth?.inbound?.average),
    outboundBytesPerSecond: inBytes(bandwidth?.outbound?.average),
  };
}

function inBytes(kib: number | undefined): number | null {
  return kib === undefined ? null : kib * KIB;
}
