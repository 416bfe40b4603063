import type { SnapshotKind, SnapshotState } from '@limen/contract';
import type { Disk, DiskSource, SnapshotXml } from 'node-libvirt';
import type { SnapshotDiskReading, SnapshotReading } from '../../ports/machine-snapshots.ts';

/** What libvirt's description of a snapshot says. Which one is current it does not. */
export function describeSnapshot(xml: SnapshotXml, current: boolean): SnapshotReading {
  const disks = disksOf(xml);
  return {
    name: xml.name,
    description: xml.description ?? '',
    createdAt: new Date((xml.creationTime ?? 0) * 1000),
    parent: xml.parent,
    current,
    kind: kindOf(xml, disks),
    state: stateOf(xml.state),
    memory: asKind(xml.memory) !== null,
    memoryFile: xml.memory === 'external' ? xml.memoryFile : null,
    disks,
  };
}

function disksOf(xml: SnapshotXml): SnapshotDiskReading[] {
  const parts = new Map(xml.disks.map((disk) => [disk.name, disk]));
  return (xml.storedDomain?.devices.disks ?? []).flatMap((disk) => {
    const { target } = disk;
    if (target === null) return [];
    const part = parts.get(target);
    const kind = asKind(part?.snapshot ?? null);
    const overlay = kind === 'external' ? localPath(part?.source ?? null) : null;
    return [{ target, path: localPath(disk.source), format: disk.format, kind, overlay }];
  });
}

/** Other tools can mix them, with memory in one place and disks in the other. */
function kindOf(xml: SnapshotXml, disks: readonly SnapshotDiskReading[]): SnapshotKind | null {
  const kinds = new Set<SnapshotKind>();
  for (const { kind } of disks) if (kind !== null) kinds.add(kind);
  const memory = asKind(xml.memory);
  if (memory !== null) kinds.add(memory);
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? kind : null;
}

function asKind(word: string | null): SnapshotKind | null {
  return word === 'internal' || word === 'external' ? word : null;
}

/** By libvirt's words for the state of a domain, and its own for a snapshot of disks alone. */
function stateOf(state: string | null): SnapshotState {
  switch (state) {
    case 'disk-snapshot':
      return 'disk-only';
    case 'running':
    case 'blocked':
      return 'running';
    case 'paused':
    case 'pmsuspended':
      return 'paused';
    case null:
    default:
      return 'off';
  }
}

/** A file or block device of this host; null for what lies elsewhere. */
export function localPath(source: DiskSource | null): string | null {
  return source?.type === 'file' ? source.file : source?.type === 'block' ? source.dev : null;
}

/** Whether the guest can write to it, so that a snapshot has to have it. */
export function isWritable({ device, readonly, source }: Disk): boolean {
  const isDisk = device === null || device === 'disk' || device === 'lun';
  return isDisk && !readonly && source !== null;
}
