import type { SnapshotTree } from '@limen/contract';
import { openMachineStream } from '../api/machine-channel.ts';
import { createMachineStream } from './machine-stream.ts';

const stream = createMachineStream<SnapshotTree>((target, { told, ended }) =>
  openMachineStream('snapshots', target, { told: ({ tree }) => told(tree), ended }),
);

/** What a call answered, which is as true as what the stream tells. */
export const receiveSnapshots = stream.receive;

/** Follow the snapshots of a machine while the component is there. What was told stays while the link is away. */
export const useSnapshots = stream.useFollowed;
