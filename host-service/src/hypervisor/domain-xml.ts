import { type Disk, type DiskSource, DomainXml, type Graphics, type NetworkInterface } from 'node-libvirt';
import type { HypervisorMachine } from '../ports/hypervisor.ts';
import {
  LIBOSINFO_NAMESPACE,
  type MachineMetadata,
  METADATA_NAMESPACE,
  readMachineMetadata,
} from './machine-metadata.ts';

/** Where a VNC server was told to listen. The port is only known while the machine runs. */
export interface VncListener {
  readonly socket: string | null;
  readonly address: string | null;
  readonly port: number | null;
}

/** What a domain's XML alone says about a machine. */
export type DomainDescription = Pick<
  HypervisorMachine,
  | 'name'
  | 'title'
  | 'description'
  | 'accelerator'
  | 'architecture'
  | 'machineType'
  | 'firmware'
  | 'vcpus'
  | 'memory'
  | 'osId'
  | 'disks'
  | 'interfaces'
  | 'consoles'
> &
  MachineMetadata & { readonly vnc: VncListener | null };

/**
 * Read a domain's XML as `virDomainGetXMLDesc` returns it. Throws when it is none (XmlSyntaxError) or holds numbers
 * beyond what we can pass on (RangeError).
 */
export function parseDomainXml(xml: string): DomainDescription {
  const domain = DomainXml.parse(xml);
  const { devices, os } = domain;
  const vnc = devices.graphics.find(({ type }) => type === 'vnc') ?? null;
  return {
    name: domain.name,
    title: domain.title?.trim() || null,
    description: domain.description?.trim() || null,
    accelerator: domain.type === 'kvm' ? 'kvm' : 'tcg',
    architecture: os.architecture ?? '',
    machineType: os.machine ?? '',
    firmware: os.isUefi ? 'uefi' : 'bios',
    vcpus: domain.vcpus,
    memory: { currentBytes: domain.currentMemory, maximumBytes: domain.memory },
    osId: domain.metadata(LIBOSINFO_NAMESPACE)?.child('os', LIBOSINFO_NAMESPACE)?.attribute('id') ?? null,
    disks: describeDisks(domain),
    interfaces: describeInterfaces(domain),
    consoles: { vnc: vnc !== null, serial: hasSerialConsole(domain) },
    ...readMachineMetadata(domain.metadata(METADATA_NAMESPACE)),
    vnc: vnc && listenerOf(vnc),
  };
}

/** `<os><boot dev>` names kinds: libvirt boots from the first device of each. */
export function describeDisks({ devices, os }: DomainXml): HypervisorMachine['disks'] {
  const kinds: Record<string, string> = { disk: 'hd', cdrom: 'cdrom', floppy: 'fd', lun: 'hd' };
  const bootDevices = os.bootDevices;
  const seen = new Set<string>();
  return devices.disks.map((element) => {
    const disk = describeDisk(element);
    const kind = kinds[disk.device] ?? '';
    const first = !seen.has(kind);
    seen.add(kind);
    return { ...disk, bootOrder: element.bootOrder ?? (first ? positionOf(kind, bootDevices) : null) };
  });
}

export function describeInterfaces({ devices, os }: DomainXml): HypervisorMachine['interfaces'] {
  const bootDevices = os.bootDevices;
  return devices.interfaces.map((nic, index) => ({
    mac: nic.mac ?? '',
    model: nic.model,
    type: nic.type ?? '',
    source: uplinkOf(nic),
    bootOrder: nic.bootOrder ?? (index === 0 ? positionOf('network', bootDevices) : null),
  }));
}

function positionOf(kind: string, bootDevices: readonly string[]): number | null {
  const index = bootDevices.indexOf(kind);
  return index === -1 ? null : index + 1;
}

function describeDisk(disk: Disk): Omit<HypervisorMachine['disks'][number], 'bootOrder'> {
  const { source } = disk;
  return {
    target: disk.target ?? '',
    device: diskDevice(disk.device),
    bus: disk.bus ?? '',
    source: source && describeSource(source),
    format: disk.format,
  };
}

function diskDevice(device: string | null): HypervisorMachine['disks'][number]['device'] {
  return device === 'cdrom' || device === 'floppy' || device === 'lun' ? device : 'disk';
}

function describeSource(source: DiskSource): string | null {
  switch (source.type) {
    case 'file':
      return source.file;
    case 'block':
    case 'vhostvdpa':
      return source.dev;
    case 'dir':
      return source.dir;
    case 'volume':
      return `${source.pool}/${source.volume}`;
    case 'network':
      return source.name ?? null;
    case 'vhostuser':
      return source.path;
    case 'nvme':
      return null;
  }
}

function uplinkOf({ source }: NetworkInterface): string | null {
  switch (source?.type) {
    case 'network':
      return source.network;
    case 'bridge':
      return source.bridge;
    case 'direct':
    case 'vdpa':
      return source.dev;
    case 'user':
      return source.dev ?? null;
    case 'vhostuser':
      return source.path;
    case 'ethernet':
    case 'null':
    case 'internal':
    case 'hostdev':
    case 'server':
    case 'client':
    case 'mcast':
    case 'udp':
    case undefined:
      return null;
  }
}

/** libvirt opens a stream to consoles on a pseudo terminal only. */
function hasSerialConsole({ devices }: DomainXml): boolean {
  return [...devices.serials, ...devices.consoles].some(({ type }) => type === 'pty');
}

function listenerOf({ socket, listenAddress, port }: Graphics): VncListener {
  return { socket, address: listenAddress, port };
}
