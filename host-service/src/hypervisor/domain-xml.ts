import type { HypervisorMachine } from '../ports/hypervisor.ts';
import { type MachineMetadata, readMachineMetadata } from './machine-metadata.ts';
import { XmlElement } from './xml-element.ts';

const KIB = 1024;

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
 * Read a domain's XML as `virDomainGetXMLDesc` returns it. Throws when it is none (SyntaxError, or as the parser
 * does) or holds numbers beyond what we can pass on (RangeError).
 */
export function parseDomainXml(xml: string): DomainDescription {
  const domain = XmlElement.parse(xml, 'domain');
  const devices = domain.child('devices');
  const bootDevices =
    domain
      .child('os')
      ?.children('boot')
      .map((boot) => boot.attribute('dev')) ?? [];
  const osType = domain.child('os')?.child('type');
  const vnc = devices?.children('graphics').find((graphics) => graphics.attribute('type') === 'vnc') ?? null;
  return {
    name: domain.child('name')?.text ?? '',
    title: textOrNull(domain.child('title')),
    description: textOrNull(domain.child('description')),
    accelerator: domain.attribute('type') === 'kvm' ? 'kvm' : 'tcg',
    architecture: osType?.attribute('arch') ?? '',
    machineType: osType?.attribute('machine') ?? '',
    firmware: firmwareOf(domain.child('os')),
    vcpus: vcpusOf(domain.child('vcpu')),
    memory: memoryOf(domain),
    osId: osIdOf(domain.child('metadata')),
    disks: disksOf(devices, bootDevices),
    interfaces: interfacesOf(devices, bootDevices),
    consoles: { vnc: vnc !== null, serial: hasSerialConsole(devices) },
    ...readMachineMetadata(domain.child('metadata')),
    vnc: vnc && listenerOf(vnc),
  };
}

function textOrNull(element: XmlElement | null): string | null {
  return element?.text || null;
}

/** UEFI is either chosen by name and resolved by libvirt, or given as a flash image. */
function firmwareOf(os: XmlElement | null): HypervisorMachine['firmware'] {
  const named = os?.attribute('firmware');
  if (named !== null && named !== undefined) return named === 'efi' ? 'uefi' : 'bios';
  return os?.child('loader')?.attribute('type') === 'pflash' ? 'uefi' : 'bios';
}

function vcpusOf(vcpu: XmlElement | null): HypervisorMachine['vcpus'] {
  const maximum = integer(vcpu?.text || '1');
  return { current: integer(vcpu?.attribute('current') ?? String(maximum)), maximum };
}

/** libvirt always writes KiB, whatever unit was defined. */
function memoryOf(domain: XmlElement): HypervisorMachine['memory'] {
  const maximum = domain.child('memory')?.text || '0';
  const current = domain.child('currentMemory')?.text || maximum;
  return { currentBytes: integer(current, KIB), maximumBytes: integer(maximum, KIB) };
}

/** Exact or not at all: the contract takes nothing else, and one wrong number there would fail everyone's list. */
function integer(text: string, unit = 1): number {
  const value = Number(text) * unit;
  if (!Number.isSafeInteger(value)) throw new RangeError(`"${text}" is no number that can be passed on`);
  return value;
}

function osIdOf(metadata: XmlElement | null): string | null {
  return metadata?.child('libosinfo')?.child('os')?.attribute('id') ?? null;
}

/** `<os><boot dev>` names kinds: libvirt boots from the first device of each. */
function disksOf(
  devices: XmlElement | null,
  bootDevices: readonly (string | null)[],
): HypervisorMachine['disks'] {
  const kinds: Record<string, string> = { disk: 'hd', cdrom: 'cdrom', floppy: 'fd', lun: 'hd' };
  const seen = new Set<string>();
  return (devices?.children('disk') ?? []).map((element) => {
    const disk = diskOf(element);
    const kind = kinds[disk.device] ?? '';
    const first = !seen.has(kind);
    seen.add(kind);
    return { ...disk, bootOrder: ownBootOrder(element) ?? (first ? positionOf(kind, bootDevices) : null) };
  });
}

function interfacesOf(
  devices: XmlElement | null,
  bootDevices: readonly (string | null)[],
): HypervisorMachine['interfaces'] {
  return (devices?.children('interface') ?? []).map((element, index) => ({
    ...interfaceOf(element),
    bootOrder: ownBootOrder(element) ?? (index === 0 ? positionOf('network', bootDevices) : null),
  }));
}

function ownBootOrder(device: XmlElement): number | null {
  const order = device.child('boot')?.attribute('order') ?? null;
  return order === null ? null : integer(order);
}

function positionOf(kind: string, bootDevices: readonly (string | null)[]): number | null {
  const index = bootDevices.indexOf(kind);
  return index === -1 ? null : index + 1;
}

function diskOf(disk: XmlElement): Omit<HypervisorMachine['disks'][number], 'bootOrder'> {
  const target = disk.child('target');
  return {
    target: target?.attribute('dev') ?? '',
    device: diskDevice(disk.attribute('device')),
    bus: target?.attribute('bus') ?? '',
    source: diskSource(disk.attribute('type'), disk.child('source')),
  };
}

function diskDevice(device: string | null): HypervisorMachine['disks'][number]['device'] {
  return device === 'cdrom' || device === 'floppy' || device === 'lun' ? device : 'disk';
}

function diskSource(type: string | null, source: XmlElement | null): string | null {
  if (source === null) return null;
  switch (type ?? 'file') {
    case 'volume': {
      const [pool, volume] = [source.attribute('pool'), source.attribute('volume')];
      return pool !== null && volume !== null ? `${pool}/${volume}` : null;
    }
    case 'block':
      return source.attribute('dev');
    case 'dir':
      return source.attribute('dir');
    case 'network':
      return source.attribute('name');
    case 'vhostuser':
    case 'vhostvdpa':
      return source.attribute('path') ?? source.attribute('dev');
    default:
      return source.attribute('file');
  }
}

function interfaceOf(element: XmlElement): Omit<HypervisorMachine['interfaces'][number], 'bootOrder'> {
  const source = element.child('source');
  return {
    mac: element.child('mac')?.attribute('address') ?? '',
    model: element.child('model')?.attribute('type') ?? null,
    type: element.attribute('type') ?? '',
    source:
      source?.attribute('network') ??
      source?.attribute('bridge') ??
      source?.attribute('dev') ??
      source?.attribute('path') ??
      null,
  };
}

/** libvirt opens a stream to consoles on a pseudo terminal only. */
function hasSerialConsole(devices: XmlElement | null): boolean {
  const ports = [...(devices?.children('serial') ?? []), ...(devices?.children('console') ?? [])];
  return ports.some((port) => port.attribute('type') === 'pty');
}

/** The first `<listen>` is authoritative; attributes of `<graphics>` are its older form. */
function listenerOf(graphics: XmlElement): VncListener {
  const listen = graphics.child('listen');
  const port = Number(graphics.attribute('port') ?? -1);
  return {
    socket: listen?.attribute('socket') ?? graphics.attribute('socket'),
    address: listen?.attribute('address') ?? graphics.attribute('listen'),
    port: Number.isInteger(port) && port > 0 ? port : null,
  };
}
