import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import { ChildDuplex } from './child-duplex.ts';

/**
 * Run the system's ssh client and yield its byte stream. Resolves when the client runs; that it was let in shows in
 * the handshake, and if it was not, the duplex fails with what ssh said. Rejects with ConnectionLostError when
 * there is no ssh client.
 */
export async function connectSsh(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted();
  const child = spawn('ssh', args, { stdio: 'pipe', windowsHide: true });
  try {
    await once(child, 'spawn');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionLostError(`cannot run the system's ssh client: ${reason}`, { cause: error });
  }
  return new ChildDuplex(name, child);
}
