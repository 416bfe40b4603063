import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import { BlockJobStatus, BlockJobType, type DomainId, type LibvirtClient, procedures } from 'node-libvirt';

const { domains } = procedures;

/** QEMU has no event for progress. */
export const PROGRESS_EVERY_MS = 500;

export interface PullOptions {
  readonly signal: AbortSignal;
  /** 0–1, by the size of the disk. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Copy into a running machine's disk everything it shares with its base. Taken up where it is when the job runs
 * already. Rejects with `CANCELLED` after `signal`, when the disk is as it was but for what was copied.
 */
export async function pullDisk(
  client: LibvirtClient,
  domain: DomainId,
  disk: string,
  options: PullOptions,
): Promise<void> {
  let outcome: number | null = null;
  const stop = client.onDomainEvent('blockJob', ({ domain: { uuid }, target, status }) => {
    if (uuid === domain.uuid && target === disk && status !== BlockJobStatus.ready) outcome = status;
  });
  try {
    const running = await client.call(domains.getBlockJobInfo, { domain, disk });
    if (!running.found || running.type !== BlockJobType.pull) {
      await client.call(domains.blockPull, { domain, disk, bandwidth: 0 });
    }
    outcome = await follow(client, domain, disk, { ...options, outcome: () => outcome });
  } finally {
    stop();
  }
  if (outcome === BlockJobStatus.canceled) throw new LimenError('CANCELLED', {});
  if (outcome !== BlockJobStatus.completed) {
    throw new LimenError('INTERNAL', {}, { message: 'copying the shared blocks failed' });
  }
}

/** Asking for the progress also tells when the connection, and with it the event, is lost. */
async function follow(
  client: LibvirtClient,
  domain: DomainId,
  disk: string,
  { signal, onProgress, outcome }: PullOptions & { readonly outcome: () => number | null },
): Promise<number> {
  for (;;) {
    const ended = outcome();
    if (ended !== null) return ended;
    if (signal.aborted) {
      await client.call(domains.blockJobAbort, { domain, disk });
      return BlockJobStatus.canceled;
    }
    const { found, current, end } = await client.call(domains.getBlockJobInfo, { domain, disk });
    if (found && end > 0) onProgress(current / end);
    await delay(PROGRESS_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
