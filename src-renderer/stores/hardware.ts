import type { Hardware, LimenError } from '@limen/contract';
import { openMachineStream } from '../api/machine-channel.ts';
import type { MachineRef } from './machine-key.ts';
import { createMachineStream } from './machine-stream.ts';

export interface FollowedHardware {
  /** As last told; the present only while the link is live. Undefined until the host has told it. */
  readonly hardware: Hardware | undefined;
  /** Why it is not followed now. */
  readonly error: LimenError | undefined;
}

const stream = createMachineStream<Hardware>((target, { told, ended }) =>
  openMachineStream('hardware', target, { told: ({ hardware }) => told(hardware), ended }),
);

/** What a call answered, which is as true as what the stream tells. */
export const receiveHardware = stream.receive;

/** Follow the hardware of a machine while the component is there. What was told stays while the link is away. */
export function useHardware(target: MachineRef): FollowedHardware {
  const { value, error } = stream.useFollowed(target);
  return { hardware: value, error };
}
