import { LimenError } from '@limen/contract';
import { ErrorCode, hasCode } from 'node-libvirt';
import { toLimenError } from '../errors.ts';

/** Run calls about a pool or a volume of it; a failure is a LimenError that says which of them is not there. */
export async function translatedStorage<T>(
  { pool, volume = '' }: { readonly pool: string; readonly volume?: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (hasCode(cause, ErrorCode.noStoragePool))
      throw new LimenError('NOT_FOUND', { kind: 'pool', id: pool }, { cause });
    if (hasCode(cause, ErrorCode.noStorageVol))
      throw new LimenError('NOT_FOUND', { kind: 'volume', id: volume }, { cause });
    if (hasCode(cause, ErrorCode.storageVolExist))
      throw new LimenError('CONFLICT', { reason: 'name-taken', names: [volume] }, { cause });
    throw toLimenError(cause);
  }
}
