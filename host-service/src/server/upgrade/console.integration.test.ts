import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { closeCodes } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { deferred } from '../../../../tests/fixtures/deferred.ts';
import { machineRecord, newMachineId, principalOf } from '../../../../tests/fixtures/in-memory-ports.ts';
import { type InMemoryServer, startInMemoryServer } from '../../../../tests/fixtures/in-memory-server.ts';
import {
  connectRpc,
  openWebSocket,
  rejection,
  type RpcClient,
} from '../../../../tests/fixtures/rpc-client.ts';
import { startVncServer, type VncServer } from '../../../../tests/fixtures/vnc-server.ts';

const MIB = 1 << 20;

let server: InMemoryServer;
let vnc: VncServer;
let rpc: RpcClient;
const principal = principalOf('administrator');
const machine = machineRecord({ state: 'running' });

beforeEach(async () => {
  [server, vnc] = await Promise.all([startInMemoryServer({ graceMs: 200 }), startVncServer()]);
  server.hypervisor.endpoint = { kind: 'unix', path: vnc.path };
  server.hypervisor.put(machine);
  await server.services.inventory.refresh(machine.id);
  rpc = await connectRpc({ url: server.url, token: server.sessions.admit(principal) });
});

afterEach(async () => {
  await Promise.all([server.close(), vnc.close()]);
});

/** A viewer with a ticket of its own, and the display's end of it. */
async function openConsole(): Promise<{ viewer: WebSocket; display: Socket; closed: Promise<number> }> {
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  const viewer = await openWebSocket(server.url + path, `Ticket ${ticket}`);
  const closed = once(viewer, 'close').then(([code]) => Number(code));
  return { viewer, display: await vnc.next(), closed };
}

/** Resolves to the next `length` bytes that arrive. */
function receive(viewer: WebSocket, length: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let have = 0;
    viewer.on('message', function take(data: Buffer) {
      parts.push(data);
      have += data.length;
      if (have < length) return;
      viewer.off('message', take);
      resolve(Buffer.concat(parts));
    });
  });
}

async function receiveFrom(socket: Socket, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let have = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    parts.push(chunk as Buffer);
    have += (chunk as Buffer).length;
    if (have >= length) break;
  }
  return Buffer.concat(parts);
}

test('bytes pass unchanged both ways, whatever their size', async () => {
  const { viewer, display } = await openConsole();
  for (const size of [1, 12, 65_536, 300_000, 8 * MIB]) {
    const down = randomBytes(size);
    const received = receive(viewer, size);
    display.write(down);
    expect((await received).equals(down)).toBe(true);
    const up = randomBytes(Math.min(size, MIB));
    viewer.send(up);
    expect((await receiveFrom(display, up.length)).equals(up)).toBe(true);
  }
});

test('a greeting sent before the viewer is there is not lost', async () => {
  const greeted = vnc.next().then((display) => display.write('RFB 003.008\n'));
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  const opening = openWebSocket(server.url + path, `Ticket ${ticket}`);
  const viewer = await opening;
  const received = receive(viewer, 12);
  await greeted;
  expect((await received).toString()).toBe('RFB 003.008\n');
});

test('a viewer that stops reading stops its display, without the bytes piling up here', async () => {
  const { viewer, display } = await openConsole();
  viewer.pause();
  const chunk = Buffer.alloc(MIB);
  let taken = 0;
  while (taken < 256 && (await isTaken(display, chunk))) taken += 1;
  // The sockets' own buffers and the high-water mark, and no more.
  expect(taken).toBeLessThan(32);
  const received = receive(viewer, (taken + 1) * MIB);
  viewer.resume();
  expect((await received).length).toBe((taken + 1) * MIB);
});

/** Whether what is written is read at the other end, or at least buffered on the way there. */
async function isTaken(display: Socket, chunk: Buffer): Promise<boolean> {
  display.write(chunk);
  for (let turn = 0; turn < 2_000 && display.writableLength > 0; turn += 1) await new Promise(setImmediate);
  return display.writableLength === 0;
}

test('a ticket works once', async () => {
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  await openWebSocket(server.url + path, `Ticket ${ticket}`);
  const again = openWebSocket(server.url + path, `Ticket ${ticket}`);
  await expect(again).rejects.toMatchObject({ code: 'UNAUTHENTICATED', data: { reason: 'invalid' } });
});

test('a ticket opens the one machine it is for, and is spent by the try', async () => {
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  const elsewhere = openWebSocket(`${server.url}/console/${newMachineId()}`, `Ticket ${ticket}`);
  await expect(elsewhere).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(openWebSocket(server.url + path, `Ticket ${ticket}`)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('an access token is no ticket, and nothing is none either', async () => {
  const path = `${server.url}/console/${machine.id}`;
  await expect(openWebSocket(path)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    data: { reason: 'missing' },
  });
  const token = server.sessions.admit(principal);
  await expect(openWebSocket(path, `Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('without a display there is no ticket, and a display that went away is told before the upgrade', async () => {
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  server.hypervisor.endpoint = { kind: 'unix', path: `${vnc.path}.gone` };
  const opening = openWebSocket(server.url + path, `Ticket ${ticket}`);
  await expect(opening).rejects.toMatchObject({ code: 'CONFLICT', data: { reason: 'no-console' } });
  server.hypervisor.endpoint = null;
  expect(await rejection(rpc.api.consoles.open({ machineId: machine.id }))).toMatchObject({
    code: 'CONFLICT',
  });
});

test('a display that ends closes the viewer, after the last byte', async () => {
  const { viewer, display, closed } = await openConsole();
  const last = receive(viewer, 4);
  display.end('last');
  expect((await last).toString()).toBe('last');
  expect(await closed).toBe(closeCodes.normal);
});

test('a display that ends while the viewer waits for it to read says goodbye at once', async () => {
  const { viewer, display, closed } = await openConsole();
  display.pause();
  while (viewer.bufferedAmount < 8 * MIB) viewer.send(Buffer.alloc(MIB));
  display.destroy();
  expect(await closed).toBe(closeCodes.normal);
});

test('a viewer that leaves frees its display, and leaves other viewers alone', async () => {
  const first = await openConsole();
  const second = await openConsole();
  first.viewer.close(1000);
  await once(first.display, 'close');
  const received = receive(second.viewer, 2);
  second.display.write('hi');
  expect((await received).toString()).toBe('hi');
});

async function openAndClose(): Promise<void> {
  const { viewer, display, closed } = await openConsole();
  const freed = once(display, 'close');
  viewer.close();
  await Promise.all([closed, freed]);
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

test('a hundred consoles opened and closed leave no descriptor behind', async () => {
  await openAndClose();
  const before = openDescriptors();
  for (let i = 0; i < 100; i += 1) await openAndClose();
  expect(openDescriptors()).toBeLessThanOrEqual(before + 2);
});

test('a text frame is not RFB', async () => {
  const { viewer, closed } = await openConsole();
  viewer.send('hello');
  expect(await closed).toBe(closeCodes.badMessage);
});

test('a 10 MB frame closes the console, not the service', async () => {
  const { viewer, closed } = await openConsole();
  viewer.send(Buffer.alloc(10_000_000));
  expect(await closed).toBe(closeCodes.tooLarge);
  expect(await rpc.api.machines.list({})).toHaveLength(1);
});

test('a revoked session ends its consoles and spoils its tickets', async () => {
  const { display, closed } = await openConsole();
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  const freed = once(display, 'close');
  if (principal.sessionId) server.sessions.revoke(principal.sessionId);
  expect(await closed).toBe(closeCodes.sessionEnded);
  await freed;
  await expect(openWebSocket(server.url + path, `Ticket ${ticket}`)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('a session revoked while its console is being connected ends that too', async () => {
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  const [asked, answer] = [deferred(), deferred()];
  server.hypervisor.gate = () => {
    asked.resolve();
    return answer.promise;
  };
  const opening = openWebSocket(server.url + path, `Ticket ${ticket}`);
  await asked.promise;
  if (principal.sessionId) server.sessions.revoke(principal.sessionId);
  answer.resolve();
  const [code] = (await once(await opening, 'close')) as [number];
  expect(code).toBe(closeCodes.sessionEnded);
});

test('giving the machine away ends its former owner’s console, not the administrator’s', async () => {
  const ada = principalOf('user');
  server.services.inventory.setOwner(machine.id, { id: ada.userId, username: 'ada' });
  const administrators = await openConsole();
  await rpc.close();
  rpc = await connectRpc({ url: server.url, token: server.sessions.admit(ada) });
  const adas = await openConsole();
  server.services.inventory.setOwner(machine.id, null);
  expect(await adas.closed).toBe(closeCodes.forbidden);
  expect(administrators.viewer.readyState).toBe(administrators.viewer.OPEN);
});

test('no secret of all this is in the log', async () => {
  const { path, ticket } = await rpc.api.consoles.open({ machineId: machine.id });
  await openWebSocket(server.url + path, `Ticket ${ticket}`);
  await openWebSocket(server.url + path, `Ticket ${ticket}`).catch(() => {});
  expect(server.logger.lines.join('\n')).not.toContain(ticket);
});
