import { type ContractClient, hardware as hardwareRecord, LimenError } from '@limen/contract';
import type { HardwareMessage, MachineId } from '@limen/contract';
import { toLimenError } from '../host-link/rpc-errors.ts';

/** The end of a hardware port that this process holds. */
export interface HardwarePort {
  postMessage(message: HardwareMessage): void;
  onClose(listener: () => void): void;
  close(): void;
}

type HardwareClient = { readonly hardware: Pick<ContractClient['hardware'], 'watch'> };

/**
 * Tell a window's port of a machine's hardware for as long as the window listens and the host's stream lasts.
 * Resolves when it is over; the port has said why then, unless the window closed it.
 *
 * @param connect the client of the live connection; throws when there is none
 */
export async function watchHardware(
  connect: () => HardwareClient,
  machineId: MachineId,
  port: HardwarePort,
): Promise<void> {
  const left = new AbortController();
  const { signal } = left;
  port.onClose(() => left.abort());
  try {
    const events = await connect().hardware.watch({ machineId }, { signal });
    for await (const raw of events) {
      if (signal.aborted) return;
      const parsed = hardwareRecord.safeParse(raw);
      if (!parsed.success) throw unreadable(parsed.error);
      port.postMessage({ type: 'hardware', hardware: parsed.data });
    }
    throw new LimenError('CONNECTION_LOST', {}, { message: 'The host ended the hardware stream' });
  } catch (error) {
    if (signal.aborted) return;
    port.postMessage({ type: 'ended', error: toLimenError(error).toJSON() });
    port.close();
  }
}

function unreadable(cause: unknown): LimenError {
  return new LimenError(
    'INTERNAL',
    {},
    { message: 'The host sent hardware this desktop cannot read', cause },
  );
}
