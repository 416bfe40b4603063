import { setTimeout as delay } from 'node:timers/promises';
import {
  BlockJobAbortFlag,
  BlockJobType,
  type DomainId,
  DomainState,
  DomainXml,
  isOperationInvalid,
  LibvirtError,
  type LibvirtClient,
  procedures,
  SnapshotFlag,
  SnapshotDeleteFlag,
  type SnapshotRef,
  SnapshotXml,
  XmlFlag,
} from 'node-libvirt';
import type { SnapshotReading } from '../../ports/machine-snapshots.ts';
import { describeSnapshot, localPath } from './describe-snapshot.ts';
import { findSnapshot, isCurrent } from './snapshot-reader.ts';

const { domains, snapshots } = procedures;

/** Merging a disk takes as long as writing it. */
export const MOVES_DATA = { timeoutMs: 12 * 3_600_000 };
/** QEMU has no event for progress. */
const PROGRESS_EVERY_MS = 200;

type OnProgress = (done: number, total: number) => void;

/** See the port's `remove`. */
export async function removeSnapshot(
  client: LibvirtClient,
  uuid: string,
  name: string,
  onProgress: OnProgress,
): Promise<void> {
  const snapshot = await findSnapshot(client, uuid, name);
  if (snapshot === null) return;
  const xml = SnapshotXml.parse(await client.call(snapshots.getXmlDesc, { snapshot }));
  const reading = describeSnapshot(xml, false);
  if (reading.kind === 'external') {
    await endMerges(client, { uuid }, reading, onProgress);
    if (!(await restsOn(client, { uuid }, reading))) {
      await forgetMerged(client, snapshot, reading);
      return;
    }
  }
  const merge = { domain: { uuid }, disks: reading.disks, onProgress };
  await withProgress(client, merge, () => client.call(snapshots.delete, { snapshot }, MOVES_DATA));
}

/**
 * libvirt merges by block jobs, and QEMU goes on with them when libvirt dies in the middle; nobody switches the disk
 * over then.
 */
async function endMerges(
  client: LibvirtClient,
  domain: DomainId,
  { disks }: SnapshotReading,
  onProgress: OnProgress,
): Promise<void> {
  for (const { target, overlay } of disks) {
    if (overlay === null) continue;
    for (;;) {
      const job = await blockJob(client, domain, target);
      if (job === null) break;
      onProgress(job.current, job.end);
      const isReady = job.type === BlockJobType.activeCommit && job.current === job.end;
      if (!isReady || !(await switchOver(client, domain, target))) await delay(PROGRESS_EVERY_MS);
    }
  }
}

/** False while QEMU says that the two sides differ still. */
async function switchOver(client: LibvirtClient, domain: DomainId, disk: string): Promise<boolean> {
  try {
    await client.call(domains.blockJobAbort, { domain, disk, flags: BlockJobAbortFlag.pivot });
    return true;
  } catch (error) {
    if (error instanceof LibvirtError) return false;
    throw error;
  }
}

/** A merge of the disk that is under way; null without one. */
async function blockJob(
  client: LibvirtClient,
  domain: DomainId,
  disk: string,
): Promise<{ type: number; current: number; end: number } | null> {
  try {
    const { found, type, current, end } = await client.call(domains.getBlockJobInfo, { domain, disk });
    const isMerge = type === BlockJobType.commit || type === BlockJobType.activeCommit;
    return found && isMerge ? { type, current, end } : null;
  } catch (error) {
    // It is off.
    if (isOperationInvalid(error)) return null;
    throw error;
  }
}

/** Whether the disks of a running machine still rest on the snapshot's. Of one that is off, libvirt finds out. */
async function restsOn(
  client: LibvirtClient,
  domain: DomainId,
  { disks }: SnapshotReading,
): Promise<boolean> {
  const { state } = await client.call(domains.getState, { domain });
  if (state === DomainState.shutOff) return true;
  const { devices } = DomainXml.parse(await client.call(domains.getXmlDesc, { domain }));
  const inUse = new Set<string | null>();
  for (const disk of devices.disks) {
    inUse.add(localPath(disk.source));
    for (const image of disk.backingChain ?? []) inUse.add(localPath(image.source));
  }
  return disks.some(({ overlay }) => overlay !== null && inUse.has(overlay));
}

/** Its data is merged already: what libvirt would have done next. */
async function forgetMerged(
  client: LibvirtClient,
  snapshot: SnapshotRef,
  { name, disks }: SnapshotReading,
): Promise<void> {
  const domain = { uuid: snapshot.domain.uuid };
  for (const ref of await client.call(snapshots.list, { domain })) {
    if (ref.name === name) continue;
    const flags = XmlFlag.secure;
    const before = await client.call(snapshots.getXmlDesc, { snapshot: ref, flags });
    const xml = SnapshotXml.parse(before);
    for (const { path, overlay } of disks)
      if (path !== null && overlay !== null) xml.replaceFile(overlay, path);
    if (xml.toString() !== SnapshotXml.parse(before).toString()) await redefine(client, domain, xml);
  }
  await client.call(snapshots.delete, { snapshot, flags: SnapshotDeleteFlag.metadataOnly });
}

/** Write a description anew; the domain goes on from the snapshot it went on from. */
export async function redefine(client: LibvirtClient, domain: DomainId, xml: SnapshotXml): Promise<void> {
  const current = (await isCurrent(client, domain.uuid, xml.name)) ? SnapshotFlag.current : 0;
  const flags = SnapshotFlag.redefine | current;
  await client.call(snapshots.create, { domain, xml: xml.toString(), flags });
}

interface Merge {
  readonly domain: DomainId;
  readonly disks: SnapshotReading['disks'];
  readonly onProgress: OnProgress;
}

async function withProgress(
  client: LibvirtClient,
  { domain, disks, onProgress }: Merge,
  work: () => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const watching = (async () => {
    while (!signal.aborted) {
      for (const { target, overlay } of disks) {
        const job = overlay === null ? null : await blockJob(client, domain, target).catch(() => null);
        if (job !== null) onProgress(job.current, job.end);
      }
      await delay(PROGRESS_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  try {
    await work();
  } finally {
    ended.abort();
    await watching;
  }
}
