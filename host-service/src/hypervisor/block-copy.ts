import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import {
  BlockCopyFields,
  BlockCopyFlag,
  BlockJobAbortFlag,
  buildParams,
  Disk,
  type DomainId,
  DomainXml,
  ErrorCode,
  hasCode,
  type LibvirtClient,
  procedures,
} from 'node-libvirt';
import type { DiskFile } from '../ports/disk-tool.ts';
import { type PullOptions, PROGRESS_EVERY_MS } from './block-pull.ts';

const { domains } = procedures;

export interface MirrorOptions extends PullOptions {
  /** Null is without limit. */
  readonly bytesPerSecond: number | null;
}

/**
 * Copy a running machine's disk to a new file while it is used, and have the machine use that. libvirt then names it in
 * the stored definition too. Taken up where it is when the copy runs already, and done when the disk is that file.
 * Rejects with `CANCELLED` after `signal`, when the disk is as it was.
 */
export async function mirrorDisk(
  client: LibvirtClient,
  { domain, target, to }: { readonly domain: DomainId; readonly target: string; readonly to: DiskFile },
  { bytesPerSecond, signal, onProgress }: MirrorOptions,
): Promise<void> {
  let begun = false;
  for (;;) {
    const disk = await liveDisk(client, domain, target);
    if (isFile(disk, to.path)) return;
    if (disk.mirror === null) {
      if (begun) throw new LimenError('INTERNAL', {}, { message: 'the copy ended before it was complete' });
      await begin(client, domain, disk, { to, bytesPerSecond });
    }
    begun = true;
    if (signal.aborted) {
      await stopMirror(client, domain, target);
      throw new LimenError('CANCELLED', {});
    }
    if (disk.mirror?.ready === true) {
      const flags = BlockJobAbortFlag.pivot;
      await client.call(domains.blockJobAbort, { domain, disk: target, flags });
      continue;
    }
    const { found, current, end } = await client.call(domains.getBlockJobInfo, { domain, disk: target });
    if (found && end > 0) onProgress(current / end);
    await delay(PROGRESS_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Give up a copy; none running, or no machine that could run one, is fine. */
export async function stopMirror(client: LibvirtClient, domain: DomainId, target: string): Promise<void> {
  try {
    await client.call(domains.blockJobAbort, { domain, disk: target });
  } catch (error) {
    // libvirt's words for a machine that is off, and for a disk or machine that is not there.
    const none = [ErrorCode.operationInvalid, ErrorCode.invalidArg, ErrorCode.noDomain];
    if (!none.some((code) => hasCode(error, code))) throw error;
  }
}

async function begin(
  client: LibvirtClient,
  domain: DomainId,
  { target, bus }: Disk,
  { to, bytesPerSecond }: { readonly to: DiskFile; readonly bytesPerSecond: number | null },
): Promise<void> {
  const source = { type: 'file', file: to.path } as const;
  const disk = target ?? '';
  const xml = Disk.create({ target: disk, bus: bus ?? 'virtio', format: to.format, source }).toString();
  // A copy does not outlive its QEMU: older ones take none of a machine that does, unless it is told that it is so.
  const flags = BlockCopyFlag.transientJob;
  const params = buildParams(BlockCopyFields, bytesPerSecond === null ? {} : { bandwidth: bytesPerSecond });
  await client.call(domains.blockCopy, { domain, disk, xml, params, flags });
}

async function liveDisk(client: LibvirtClient, domain: DomainId, target: string): Promise<Disk> {
  const { devices } = DomainXml.parse(await client.call(domains.getXmlDesc, { domain }));
  const disk = devices.disks.find((each) => each.target === target);
  if (disk === undefined) throw new LimenError('NOT_FOUND', { kind: 'disk', id: target });
  return disk;
}

function isFile({ source }: Disk, path: string): boolean {
  return source?.type === 'file' && source.file === path;
}
