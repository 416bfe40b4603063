import {
  type ContractClient,
  type PoolId,
  poolVolumes,
  type StorageMessage,
  storagePool,
} from '@limen/contract';
import { z } from 'zod';
import { type StreamPort, tell } from '../machine-streams/machine-stream.ts';

type StorageClient = { readonly storage: Pick<ContractClient['storage'], 'watchPools' | 'watchVolumes'> };

/**
 * Tell a window's port of a host's pools, or of one with its volumes.
 *
 * @param connect the client of the live connection; throws when there is none
 * @param poolId null: all pools
 */
export function watchStorage(
  connect: () => StorageClient,
  poolId: PoolId | null,
  port: StreamPort<StorageMessage>,
): Promise<void> {
  if (poolId === null) {
    return tell(port, {
      open: (signal) => connect().storage.watchPools({}, { signal }),
      record: z.array(storagePool),
      message: (pools): StorageMessage => ({ type: 'pools', pools }),
    });
  }
  return tell(port, {
    open: (signal) => connect().storage.watchVolumes({ poolId }, { signal }),
    record: poolVolumes,
    message: (volumes): StorageMessage => ({ type: 'volumes', ...volumes }),
  });
}
