import { createHash } from 'node:crypto';
import type { MachineId } from '@limen/contract';
import {
  type DomainId,
  DomainXml,
  LibvirtError,
  type LibvirtClient,
  procedures,
  XmlFlag,
} from 'node-libvirt';
import type { HardwareReading } from '../../ports/machine-hardware.ts';
import { describeHardware, type DiskSizes } from './describe-hardware.ts';

const { domains } = procedures;
const READ = { timeoutMs: 10_000 };

/** Both definitions of a machine, as texts and as what they say. */
export async function readHardware(client: LibvirtClient, machineId: MachineId): Promise<HardwareReading> {
  const domain = { uuid: machineId };
  const [stored, running, active, persistent] = await Promise.all([
    client.call(domains.getXmlDesc, { domain, flags: XmlFlag.inactive }, READ),
    client.call(domains.getXmlDesc, { domain }, READ),
    client.call(domains.isActive, { domain }, READ),
    client.call(domains.isPersistent, { domain }, READ),
  ]);
  const live = active ? running : null;
  const storedXml = DomainXml.parse(stored);
  const liveXml = live === null ? null : DomainXml.parse(live);
  const sizes = await diskSizes(client, domain, liveXml ?? storedXml);
  return {
    revision: revisionOf(stored),
    stored,
    live,
    storedSet: describeHardware(storedXml, liveXml === null ? sizes : sameFiles(storedXml, liveXml, sizes)),
    liveSet: liveXml && describeHardware(liveXml, sizes),
    persistent,
  };
}

/** Of a stored definition without secrets: whoever may read it, reads the same. */
export function revisionOf(storedXml: string): string {
  return createHash('sha256').update(storedXml).digest('base64url');
}

async function diskSizes(
  client: LibvirtClient,
  domain: DomainId,
  xml: DomainXml,
): Promise<Map<string, DiskSizes>> {
  const sizes = new Map<string, DiskSizes>();
  for (const { target, source } of xml.devices.disks) {
    if (target === null || source === null) continue;
    const found = await sizesOf(client, domain, target);
    if (found !== null) sizes.set(target, found);
  }
  return sizes;
}

/** libvirt cannot tell of files that are gone, and of machines that it is busy with: no reason to show nothing. */
async function sizesOf(client: LibvirtClient, domain: DomainId, disk: string): Promise<DiskSizes | null> {
  try {
    const { capacity, allocation, physical } = await client.call(
      domains.getBlockInfo,
      { domain, disk },
      READ,
    );
    // The highest byte a running QEMU wrote is not what the file takes, where libvirt knows that.
    return {
      capacityBytes: capacity,
      allocatedBytes: physical === 0 ? allocation : Math.min(allocation, physical),
    };
  } catch (error) {
    if (error instanceof LibvirtError) return null;
    throw error;
  }
}

/** Of a running machine libvirt tells the sizes of what runs: they hold where the same file is stored. */
function sameFiles(
  stored: DomainXml,
  live: DomainXml,
  sizes: ReadonlyMap<string, DiskSizes>,
): Map<string, DiskSizes> {
  const liveSources = new Map(live.devices.disks.map((disk) => [disk.target, JSON.stringify(fileOf(disk))]));
  return new Map(
    stored.devices.disks.flatMap((disk) => {
      const { target } = disk;
      const known = target === null ? undefined : sizes.get(target);
      const same = liveSources.get(target) === JSON.stringify(fileOf(disk));
      return target !== null && known !== undefined && same ? [[target, known] as const] : [];
    }),
  );
}

function fileOf({ source }: DomainXml['devices']['disks'][number]): unknown {
  return source?.type === 'file' ? source.file : source?.type === 'block' ? source.dev : source;
}
