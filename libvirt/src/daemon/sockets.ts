import { createConnection, type NetConnectOpts, type Socket } from 'node:net';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import { slabReads } from './slab-reads.ts';

/** Connect a unix or TCP socket. Rejects with the system's error, or the signal's reason, leaving nothing open. */
export function connectSocket(target: NetConnectOpts, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = createConnection(target);
    const abandon = () => socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', abandon));
    socket.once('connect', () => {
      signal.removeEventListener('abort', abandon);
      socket.off('error', reject);
      resolve(socket);
    });
    signal.addEventListener('abort', abandon, { once: true });
  });
}

async function connectUnix(path: string, signal: AbortSignal): Promise<Socket> {
  let connected: Socket | null = null;
  const reads = slabReads((chunk) => connected?.emit('data', chunk));
  connected = await connectSocket({ path, onread: reads }, signal);
  return connected;
}

/** Connect to the first socket that takes us. Rejects with ConnectionLostError naming each failure. */
export async function connectFirst(paths: readonly string[], signal: AbortSignal): Promise<Socket> {
  const failures: Error[] = [];
  for (const path of paths) {
    try {
      return await connectUnix(path, signal);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  const reasons = failures.map(({ message }) => message).join('; ');
  throw new ConnectionLostError(`no libvirt daemon: ${reasons}`, { cause: new AggregateError(failures) });
}

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** Connect to a daemon's TCP port. Rejects with ConnectionLostError. */
export async function connectTcp({ host, port }: TcpTarget, signal: AbortSignal): Promise<Socket> {
  try {
    // Calls are small and each waits for its answer: holding them back to fill a packet only adds delay.
    return await connectSocket({ host, port, noDelay: true }, signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new ConnectionLostError(`no libvirt daemon at ${host} port ${port}: ${reason}`, { cause: error });
  }
}
