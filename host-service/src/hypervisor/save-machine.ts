import { LimenError } from '@limen/contract';
import { type DomainId, LibvirtError, type LibvirtClient, procedures } from 'node-libvirt';

const { domains } = procedures;

/** As long as writing all its memory takes. */
const SAVE = { timeoutMs: 2 * 3_600_000 };

/** Save a machine with its memory, where libvirt keeps such. After `signal` it runs on, unless it was done already. */
export async function saveMachine(
  client: LibvirtClient,
  domain: DomainId,
  signal: AbortSignal,
): Promise<void> {
  const stop = (): void => {
    // Nothing to stop is fine: it has ended by itself.
    client.call(domains.abortJob, { domain }).catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.call(domains.managedSave, { domain }, SAVE);
  } catch (error) {
    if (signal.aborted && error instanceof LibvirtError)
      throw new LimenError('CANCELLED', {}, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
