import {
  type ContractClient,
  type HardwareMessage,
  hardware as hardwareRecord,
  LimenError,
  type MachineId,
  type SnapshotsMessage,
  type StreamEnd,
  snapshotTree,
} from '@limen/contract';
import type { z } from 'zod';
import { toLimenError } from '../host-link/rpc-errors.ts';

/** The end of a port that this process holds, which tells a window of a machine, or of something else of a host's. */
export interface StreamPort<M> {
  postMessage(message: M | StreamEnd): void;
  onClose(listener: () => void): void;
  close(): void;
}

type HardwareClient = { readonly hardware: Pick<ContractClient['hardware'], 'watch'> };
type SnapshotsClient = { readonly snapshots: Pick<ContractClient['snapshots'], 'watch'> };

/** @param connect the client of the live connection; throws when there is none */
export function watchHardware(
  connect: () => HardwareClient,
  machineId: MachineId,
  port: StreamPort<HardwareMessage>,
): Promise<void> {
  return tell(port, {
    open: (signal) => connect().hardware.watch({ machineId }, { signal }),
    record: hardwareRecord,
    message: (hardware) => ({ type: 'hardware', hardware }),
  });
}

/** @param connect the client of the live connection; throws when there is none */
export function watchSnapshots(
  connect: () => SnapshotsClient,
  machineId: MachineId,
  port: StreamPort<SnapshotsMessage>,
): Promise<void> {
  return tell(port, {
    open: (signal) => connect().snapshots.watch({ machineId }, { signal }),
    record: snapshotTree,
    message: (tree) => ({ type: 'snapshots', tree }),
  });
}

interface Stream<T, M> {
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>;
  readonly record: z.ZodType<T>;
  readonly message: (record: T) => M;
}

/**
 * Tell a window's port for as long as the window listens and the host's stream lasts. Resolves when it is over; the
 * port has said why then, unless the window closed it.
 */
export async function tell<T, M>(
  port: StreamPort<M>,
  { open, record, message }: Stream<T, M>,
): Promise<void> {
  const left = new AbortController();
  const { signal } = left;
  port.onClose(() => left.abort());
  try {
    const events = await open(signal);
    for await (const raw of events) {
      if (signal.aborted) return;
      const parsed = record.safeParse(raw);
      if (!parsed.success) throw unreadable(parsed.error);
      port.postMessage(message(parsed.data));
    }
    throw new LimenError('CONNECTION_LOST', {}, { message: 'The host ended the stream' });
  } catch (error) {
    if (signal.aborted) return;
    port.postMessage({ type: 'ended', error: toLimenError(error).toJSON() });
    port.close();
  }
}

function unreadable(cause: unknown): LimenError {
  return new LimenError('INTERNAL', {}, { message: 'The host sent what this desktop cannot read', cause });
}
