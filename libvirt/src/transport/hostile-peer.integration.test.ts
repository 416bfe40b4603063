import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectFirst } from '../daemon/sockets.ts';
import { LibvirtClient } from '../client/libvirt-client.ts';
import { ConnectionLostError, DeadlineError, LibvirtError } from '../errors/libvirt-error.ts';
import { Connection } from './connection.ts';

let folder: string;
let socketPath: string;
let server: Server;
let behave: (socket: Socket) => void;
const sockets = new Set<Socket>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-libvirt-'));
  socketPath = join(folder, 'sock');
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    behave(socket);
  });
  server.listen(socketPath);
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true });
});

async function attempt(): Promise<unknown> {
  const socket = await connectFirst([socketPath], new AbortController().signal);
  const options = { uri: 'qemu:///system', handshakeTimeoutMs: 500 };
  return Connection.open(socket, options).catch((error: unknown) => error);
}

test.each([
  ['says nothing and hangs up', (socket: Socket) => socket.end(), ConnectionLostError],
  ['drops the connection', (socket: Socket) => socket.destroy(), ConnectionLostError],
  ['never answers', (socket: Socket) => socket.resume(), DeadlineError],
  [
    'announces 4 GiB',
    (socket: Socket) => socket.resume().write(Buffer.from('ffffffff', 'hex')),
    ConnectionLostError,
  ],
  [
    'stops in a frame',
    (socket: Socket) => socket.resume().end(Buffer.from('0000002020008086', 'hex')),
    ConnectionLostError,
  ],
  [
    'speaks HTTP',
    (socket: Socket) => socket.resume().write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ConnectionLostError,
  ],
])('a peer that %s', async (_, behaviour, expected) => {
  behave = behaviour;
  expect(await attempt()).toBeInstanceOf(expected);
});

test('a peer that sends random bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (bytes) => {
      behave = (socket) => socket.resume().end(bytes);
      const outcome = await attempt();
      expect(outcome instanceof ConnectionLostError || outcome instanceof LibvirtError, String(outcome)).toBe(
        true,
      );
    }),
    { numRuns: 100 },
  );
});

test('a client of such a peer goes on trying, and closes at once', async () => {
  let attempts = 0;
  const third = new Promise<void>((resolve) => {
    behave = (socket) => {
      attempts += 1;
      if (attempts === 3) resolve();
      socket.resume().write('nonsense');
    };
  });
  const client = new LibvirtClient({
    uri: 'qemu:///system',
    socketPath,
    backoff: { initialMs: 5, maximumMs: 10 },
  });
  client.start();
  await third;
  await client.close();
  expect(client.status.state).toBe('closed');
});
