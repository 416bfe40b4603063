import { createConnection, type Socket } from 'node:net';
import { ConnectionLostError } from '../errors/libvirt-error.ts';

/** Connect to the first socket that takes us. Rejects with ConnectionLostError naming each failure. */
export async function connectSocket(paths: readonly string[]): Promise<Socket> {
  const failures: string[] = [];
  for (const path of paths) {
    try {
      return await connectUnix(path);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new ConnectionLostError(`no libvirt daemon: ${failures.join('; ')}`);
}

function connectUnix(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
