import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerPeerHandleRequestFn } from '@orpc/standard-server-peer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { deferred } from '../../../../tests/fixtures/deferred.ts';
import { DEFAULT_RPC_SOCKET_OPTIONS, RpcSocket, type RpcSocketOptions } from './rpc-socket.ts';

let server: Server;
let sockets: WebSocketServer;

beforeEach(async () => {
  server = createServer();
  sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  server.close();
  await once(server, 'close');
});

/** A client, and the server's end of it, which answers every request with `handle`. */
async function connect(
  handle: ServerPeerHandleRequestFn,
  options: Partial<RpcSocketOptions> = {},
): Promise<{ client: WebSocket; far: WebSocket }> {
  const connection = once(sockets, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [far] = (await connection) as [WebSocket];
  far.on('error', () => {});
  expect(
    new RpcSocket(far, { handle, refuse: handle }, { ...DEFAULT_RPC_SOCKET_OPTIONS, ...options }),
  ).toBeDefined();
  await once(client, 'open');
  return { client, far };
}

function ask(client: WebSocket, id: string): void {
  client.send(JSON.stringify({ i: id, p: { u: '/test', b: {} } }));
}

const EVENT = 'x'.repeat(1024);

/** A source that always has another event, and counts how many were taken. */
function endless(taken: { count: number }): ServerPeerHandleRequestFn {
  return async () => ({ status: 200, headers: {}, body: events(taken) });
}

async function* events(taken: { count: number }): AsyncGenerator<string> {
  for (;;) {
    taken.count += 1;
    yield EVENT;
  }
}

test('a consumer that stops reading stops the source, and costs no memory', async () => {
  const taken = { count: 0 };
  const { client, far } = await connect(endless(taken), { stallMs: 60_000 });
  ask(client, '1');
  await once(client, 'message');
  client.pause();
  await expect
    .poll(() => far.bufferedAmount, { timeout: 10_000 })
    .toBeGreaterThan(DEFAULT_RPC_SOCKET_OPTIONS.highWaterBytes);
  const before = taken.count;
  for (let turn = 0; turn < 1_000; turn += 1) await new Promise(setImmediate);
  expect(taken.count - before).toBeLessThan(10);
  expect(far.bufferedAmount).toBeLessThan(DEFAULT_RPC_SOCKET_OPTIONS.highWaterBytes * 2);
  const drained = taken.count;
  client.resume();
  await expect.poll(() => taken.count).toBeGreaterThan(drained + 1_000);
});

test('a consumer that stays stalled is cut off', async () => {
  const { client, far } = await connect(endless({ count: 0 }), { stallMs: 50 });
  const cut = once(far, 'close');
  ask(client, '1');
  client.pause();
  await cut;
});

test('a source that never waits starves nobody', async () => {
  const { client } = await connect(endless({ count: 0 }));
  ask(client, '1');
  await once(client, 'message');
  const { client: other } = await connect(async () => ({ status: 200, headers: {}, body: 'quick' }));
  const answer = once(other, 'message');
  ask(other, '1');
  const [data] = (await answer) as [Buffer];
  expect(JSON.parse(data.toString())).toEqual({ i: '1', p: { b: 'quick' } });
});

test('a source ends when its consumer goes', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<string> {
    try {
      for (;;) yield EVENT;
    } finally {
      ended = true;
    }
  }
  const { client } = await connect(async () => ({ status: 200, headers: {}, body: source() }));
  ask(client, '1');
  await once(client, 'message');
  client.terminate();
  await expect.poll(() => ended).toBe(true);
});

test('a cancellation right behind its call reaches it', async () => {
  let signal: AbortSignal | undefined;
  const cancelled = deferred();
  const { client } = await connect(async (request) => {
    signal = request.signal;
    request.signal?.addEventListener('abort', cancelled.resolve);
    await cancelled.promise;
    return { status: 200, headers: {}, body: null };
  });
  ask(client, '1');
  client.send(JSON.stringify({ i: '1', t: 4 }));
  await cancelled.promise;
  expect(signal?.aborted).toBe(true);
});

test('while a consumer does not read, its further calls wait too', async () => {
  let calls = 0;
  const taken = { count: 0 };
  const { client, far } = await connect(
    async (request) => {
      calls += 1;
      return request.url.pathname === '/test'
        ? endless(taken)(request)
        : { status: 200, headers: {}, body: '' };
    },
    { stallMs: 60_000 },
  );
  ask(client, '1');
  await once(client, 'message');
  client.pause();
  await expect.poll(() => far.isPaused).toBe(true);
  for (let id = 0; id < 1_000; id += 1)
    client.send(JSON.stringify({ i: `c${id}`, p: { u: '/other', b: {} } }));
  for (let turn = 0; turn < 1_000; turn += 1) await new Promise(setImmediate);
  expect(calls).toBeLessThan(1_000);
});
