import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startVncServer, type VncServer } from '../../../../tests/fixtures/vnc-server.ts';
import { connectDisplay } from './display.ts';

let vnc: VncServer;

beforeEach(async () => {
  vnc = await startVncServer();
});

afterEach(() => vnc.close());

test('what the display says before anybody listens waits for the listener', async () => {
  const display = await connectDisplay({ kind: 'unix', path: vnc.path });
  const far = await vnc.next();
  far.write('RFB 003.008\n');
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  const heard = new Promise<string>((resolve) => {
    display.flowTo((bytes, done) => {
      resolve(bytes.toString());
      done();
      return true;
    });
  });
  expect(await heard).toBe('RFB 003.008\n');
  display.socket.destroy();
});

test('a display may be on TCP too', async () => {
  const server = createServer((socket) => socket.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const display = await connectDisplay({
    kind: 'tcp',
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
  });
  const heard = new Promise<string>((resolve) => {
    display.flowTo((bytes) => {
      resolve(bytes.toString());
      return true;
    });
  });
  expect(await heard).toBe('hello');
  display.socket.destroy();
  server.close();
  await once(server, 'close');
});

test('nobody there is a coded error', async () => {
  const nowhere = connectDisplay({ kind: 'unix', path: `${vnc.path}.gone` });
  await expect(nowhere).rejects.toMatchObject({ code: 'CONFLICT', data: { reason: 'no-console' } });
});
