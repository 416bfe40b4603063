import { chmod, rm } from 'node:fs/promises';
import net from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Listen on a unix socket that only the service's own user can open. A socket file left by a service that was
 * killed is replaced; one that still answers belongs to a running service: rejects with `EADDRINUSE`.
 */
export async function listenOnControlSocket(app: FastifyInstance, path: string): Promise<void> {
  if (await answers(path)) {
    throw Object.assign(new Error(`another host service is running on ${path}`), { code: 'EADDRINUSE' });
  }
  await rm(path, { force: true });
  // The directory is the service's own, mode 0700, so there is no moment in which others could get in.
  await app.listen({ path });
  await chmod(path, 0o600);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
