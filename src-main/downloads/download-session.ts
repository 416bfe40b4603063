import { basename } from 'node:path';
import { type DownloadMessage, LimenError, type PoolId, volumePath } from '@limen/contract';
import { toLimenError } from '../host-link/rpc-errors.ts';
import type { StreamPort } from '../machine-streams/machine-stream.ts';
import { type DownloadHost, saveFromHost } from './save-volume.ts';

export interface DownloadDependencies {
  /** The live link; throws when there is none. */
  readonly host: () => DownloadHost;
  /** Ask the person where to; null when they changed their mind. */
  readonly chooseTarget: (suggestedName: string) => Promise<string | null>;
}

/** A page redraws a bar; it need not do so for every packet. */
const TELL_EVERY_MS = 200;

/**
 * Save a volume where the person says, and tell the window's port how far it is. Closing the port cancels. The port has
 * said how it ended when this resolves, unless the window closed it.
 */
export async function runDownload(
  { host, chooseTarget }: DownloadDependencies,
  volume: { readonly poolId: PoolId; readonly name: string },
  port: StreamPort<DownloadMessage>,
): Promise<void> {
  const left = new AbortController();
  const { signal } = left;
  port.onClose(() => left.abort());
  try {
    const to = await chooseTarget(volume.name);
    if (to === null) throw new LimenError('CANCELLED', {});
    let toldAt = 0;
    await saveFromHost(host(), {
      from: volumePath(volume.poolId, volume.name),
      to,
      signal,
      onProgress: (doneBytes, totalBytes) => {
        const now = performance.now();
        if (now - toldAt < TELL_EVERY_MS) return;
        toldAt = now;
        port.postMessage({ type: 'progress', doneBytes, totalBytes });
      },
    });
    port.postMessage({ type: 'saved', fileName: basename(to) });
  } catch (error) {
    if (!signal.aborted) port.postMessage({ type: 'ended', error: toLimenError(error).toJSON() });
  }
  port.close();
}
