import type { MachineId } from '@limen/contract';
import {
  type Disk,
  DomainXml,
  ErrorCode,
  hasCode,
  type LibvirtClient,
  procedures,
  type SnapshotRef,
  SnapshotXml,
} from 'node-libvirt';
import type { SnapshotReading, SnapshotSetup, SnapshotsReading } from '../../ports/machine-snapshots.ts';
import { machineState } from '../machine-state.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { describeSnapshot, isWritable, localPath } from './describe-snapshot.ts';

const { connect, domains, snapshots } = procedures;

const READ = { timeoutMs: 10_000 };
/** One less than libvirt takes on at once. */
const AT_ONCE = 4;
const AGENT = 'org.qemu.guest_agent.0';

/** A machine's snapshots, oldest first, and what decides about new ones. */
export async function readSnapshots(client: LibvirtClient, machineId: MachineId): Promise<SnapshotsReading> {
  const [setup, found] = await Promise.all([
    readSetup(client, machineId),
    readDescriptions(client, machineId),
  ]);
  return { setup, snapshots: found };
}

async function readDescriptions(client: LibvirtClient, uuid: string): Promise<SnapshotReading[]> {
  const [refs, current] = await Promise.all([
    client.call(snapshots.list, { domain: { uuid } }, READ),
    currentName(client, uuid),
  ]);
  const read = await mapConcurrently(refs, AT_ONCE, async (ref) => {
    const xml = await unlessGone(() => client.call(snapshots.getXmlDesc, { snapshot: ref }, READ));
    return xml === null ? null : describeSnapshot(SnapshotXml.parse(xml), ref.name === current);
  });
  return inOrder(read.filter((snapshot) => snapshot !== null));
}

/** By age; of the same second, a parent before its children. */
function inOrder(all: readonly SnapshotReading[]): SnapshotReading[] {
  const byName = new Map(all.map((snapshot) => [snapshot.name, snapshot]));
  const depth = (snapshot: SnapshotReading): number => {
    let steps = 0;
    let parent = byName.get(snapshot.parent ?? '');
    for (; parent !== undefined && steps < all.length; steps += 1) parent = byName.get(parent.parent ?? '');
    return steps;
  };
  const depths = new Map(all.map((snapshot) => [snapshot, depth(snapshot)]));
  return all.toSorted(
    (a, b) =>
      a.createdAt.getTime() - b.createdAt.getTime() ||
      (depths.get(a) ?? 0) - (depths.get(b) ?? 0) ||
      a.name.localeCompare(b.name),
  );
}

async function currentName(client: LibvirtClient, uuid: string): Promise<string | null> {
  const domain = { uuid };
  if (!(await client.call(snapshots.hasCurrent, { domain }, READ))) return null;
  const ref = await unlessGone(() => client.call(snapshots.current, { domain }, READ));
  return ref?.name ?? null;
}

/** The snapshot as libvirt names it; null when there is none of that name. */
export function findSnapshot(client: LibvirtClient, uuid: string, name: string): Promise<SnapshotRef | null> {
  return unlessGone(() => client.call(snapshots.lookupByName, { domain: { uuid }, name }, READ));
}

/** Whether it is the one the machine goes on from. */
export async function isCurrent(client: LibvirtClient, uuid: string, name: string): Promise<boolean> {
  return (await currentName(client, uuid)) === name;
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, ErrorCode.noDomainSnapshot)) return null;
    throw error;
  }
}

async function readSetup(client: LibvirtClient, uuid: string): Promise<SnapshotSetup> {
  const domain = { uuid };
  const [text, { state }, managedSave, persistent, libvirtVersion] = await Promise.all([
    client.call(domains.getXmlDesc, { domain }, READ),
    client.call(domains.getState, { domain }, READ),
    client.call(domains.hasManagedSaveImage, { domain }, READ),
    client.call(domains.isPersistent, { domain }, READ),
    client.call(connect.getLibVersion, {}, READ),
  ]);
  const { devices, os, currentMemory } = DomainXml.parse(text);
  return {
    state: machineState(state, managedSave),
    persistent,
    libvirtVersion,
    disks: devices.disks.filter(isWritable).map(describeDisk),
    memoryBytes: currentMemory,
    uefiVariables: os.isUefi && os.loader?.stateless !== true,
    hostDevices: devices.hostDevices.map((device) => device.alias ?? device.source?.type ?? 'hostdev'),
    sharedFolders: devices.filesystems.map((folder) => folder.target ?? ''),
    agent: devices.channels.some(
      (channel) => channel.targetName === AGENT && channel.targetState === 'connected',
    ),
  };
}

function describeDisk(disk: Disk): SnapshotSetup['disks'][number] {
  return {
    target: disk.target ?? '',
    path: localPath(disk.source),
    format: disk.format,
    shared: disk.shareable,
    busy: disk.element.has('mirror'),
  };
}
