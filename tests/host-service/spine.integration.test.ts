import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  CONTRACT_VERSION,
  closeCodes,
  type InventoryEvent,
  type Machine,
  type MachineId,
  machineId,
  sessionId,
} from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccessTokens } from '../../host-service/src/auth/access-tokens.ts';
import { loadHostKeys } from '../../host-service/src/auth/host-keys.ts';
import { bootGuest, defineGuest, type Guest } from '../fixtures/guest.ts';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { http } from '../fixtures/https.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { connectRpc, openWebSocket, rejection } from '../fixtures/rpc-client.ts';
import { type AdministratorSession, InventoryWatcher, signIn } from './session.ts';

/** The host service as a process of its own, on a real libvirtd with a real guest, seen from its sockets. */

let libvirtd: PrivateLibvirtd;
let guest: Guest;
let service: HostService;
let session: AdministratorSession;
const secrets: string[] = [];

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  [guest, service] = await Promise.all([
    bootGuest(libvirtd, { name: 'spine' }),
    startHostService({ libvirtd }),
  ]);
  session = await signIn(service);
  secrets.push(service.administrator.password, session.tokens.accessToken, session.tokens.refreshToken);
});

afterAll(async () => {
  await service?.stop();
  await guest?.events.close();
  await libvirtd?.stop();
});

const target = () => ({ port: Number(service.address.split(':').at(-1)) });
const url = (): string => `wss://${service.address}`;

async function find(name: string): Promise<Machine> {
  const found = (await session.api.machines.list({})).find((machine) => machine.name === name);
  if (!found) throw new Error(`no machine ${name}`);
  return found;
}

const unauthenticated = (reason: string) => ({ code: 'UNAUTHENTICATED', data: { reason } });

test('shakes hands, signs in, and shows the host and its running guest', async () => {
  const handshake = await session.api.system.handshake({
    contractVersion: '1.0',
    client: { name: 't', version: '0' },
  });
  expect(handshake).toMatchObject({ contractVersion: CONTRACT_VERSION, hostName: 'alpha' });
  expect(await session.api.session.me({})).toMatchObject({ username: 'admin', role: 'administrator' });
  expect(await session.api.host.get({})).toMatchObject({
    id: handshake.hostId,
    hypervisor: { state: 'connected' },
    libvirtVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    database: { kind: 'embedded', connected: true },
    certificateFingerprint: service.fingerprint,
  });
  expect(await find('spine')).toMatchObject({
    state: 'running',
    accelerator: 'tcg',
    consoles: { vnc: true },
    owner: null,
  });
});

test('a wrong password, and a name nobody has, are the same refusal', async () => {
  const { api, close } = await connectRpc({ url: url() });
  for (const username of [service.administrator.username, 'nobody']) {
    const refused = rejection(api.session.signIn({ username, password: 'not the password' }));
    expect(await refused).toMatchObject(unauthenticated('wrong-credentials'));
  }
  await close();
});

test('tokens that are expired, forged, or of another host are refused before the upgrade', async () => {
  const keys = await loadHostKeys(service.dataDirectory);
  const { user } = session.tokens;
  const who = {
    userId: user.id,
    username: user.username,
    role: user.role,
    sessionId: sessionId.parse(randomUUID()),
  };
  const issue = async (change: Partial<Parameters<typeof createAccessTokens>[0]>): Promise<string> => {
    const tokens = await createAccessTokens({ ...keys, lifetimeMs: 60_000, ...change });
    return (await tokens.issue(who)).token;
  };
  const expired = await issue({ lifetimeMs: -60_000 });
  const elsewhere = await issue({ hostId: randomUUID() as typeof keys.hostId });
  const [head, body = '', signature] = session.tokens.accessToken.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
  const promoted = Buffer.from(JSON.stringify({ ...claims, name: 'root' })).toString('base64url');
  const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  await expect(connectRpc({ url: url(), token: expired })).rejects.toMatchObject(unauthenticated('expired'));
  for (const token of [elsewhere, `${head}.${promoted}.${signature}`, `${unsigned}.${body}.`, 'garbage']) {
    await expect(connectRpc({ url: url(), token })).rejects.toMatchObject(unauthenticated('invalid'));
  }
});

test('unknown machines, unknown procedures and wrong states are coded errors', async () => {
  const unknown = machineId.parse(randomUUID());
  expect(await rejection(session.api.machines.get({ machineId: unknown }))).toMatchObject({
    code: 'NOT_FOUND',
    data: { kind: 'machine', id: unknown },
  });
  const strange = session.api as unknown as { machines: { explode(input: object): Promise<unknown> } };
  expect(await rejection(strange.machines.explode({}))).toMatchObject({
    code: 'NOT_FOUND',
    data: { kind: 'procedure' },
  });
  const { id } = await find('spine');
  expect(await rejection(session.api.machines.power({ machineId: id, action: 'start' }))).toMatchObject({
    code: 'CONFLICT',
    data: { reason: 'wrong-state', state: 'running' },
  });
});

test('a malformed and a 10 MB frame cost their sender the socket, and nobody else anything', async () => {
  for (const [frame, code] of [
    ['{"i":', closeCodes.badMessage],
    ['x'.repeat(10_000_000), closeCodes.tooLarge],
  ] as const) {
    const { socket, closed } = await connectRpc({ url: url() });
    socket.send(frame);
    expect(await closed).toMatchObject({ code });
  }
  expect(await find('spine')).toBeDefined();
});

test('what virsh does is seen within a second', async () => {
  const watcher = new InventoryWatcher(session);
  await watcher.until('the first snapshot', (event) => event.type === 'snapshot');
  const other = await defineGuest(libvirtd, { name: 'from-virsh' });
  const { event } = await watcher.until('defined', (change) => has(change, 'from-virsh', 'off'));
  const id = idOf(event, 'from-virsh');
  const steps: [string[], (change: InventoryEvent) => boolean][] = [
    [['start', 'from-virsh'], (change) => has(change, 'from-virsh', 'running')],
    [['suspend', 'from-virsh'], (change) => has(change, 'from-virsh', 'paused')],
    [['resume', 'from-virsh'], (change) => has(change, 'from-virsh', 'running')],
    [['destroy', 'from-virsh'], (change) => has(change, 'from-virsh', 'off')],
    [['undefine', 'from-virsh'], (change) => change.type === 'changes' && change.removed.includes(id)],
  ];
  for (const [command, matches] of steps) {
    const from = watcher.seen.length;
    await libvirtd.virsh(...command);
    const returned = performance.now();
    const { at } = await watcher.until(command.join(' '), matches, { from });
    expect(at - returned, command.join(' ')).toBeLessThan(1_000);
  }
  await other.events.close();
  await watcher.close();
});

function has(event: InventoryEvent, name: string, state: string): boolean {
  return recordsOf(event).some((machine) => machine.name === name && machine.state === state);
}

function idOf(event: InventoryEvent, name: string): MachineId {
  const machine = recordsOf(event).find((candidate) => candidate.name === name);
  if (!machine) throw new Error(`no ${name} in the event`);
  return machine.id;
}

function recordsOf(event: InventoryEvent): readonly Machine[] {
  return event.type === 'snapshot' ? event.machines : event.upserted;
}

test('power actions answer with the machine after them', async () => {
  const { id } = await find('spine');
  expect(await session.api.machines.power({ machineId: id, action: 'suspend' })).toMatchObject({
    state: 'paused',
  });
  expect(await libvirtd.virsh('domstate', 'spine')).toBe('paused');
  expect(await session.api.machines.power({ machineId: id, action: 'resume' })).toMatchObject({
    state: 'running',
  });
});

test('metrics of the running guest come as rates', async () => {
  const { id } = await find('spine');
  const stop = new AbortController();
  const events = await session.api.metrics.watch({}, { signal: stop.signal });
  expect((await events.next()).value).toMatchObject({ type: 'layout', machineIds: [id] });
  await events.next();
  const { value } = await events.next();
  expect(value).toMatchObject({
    type: 'frame',
    cpuPercent: [expect.any(Number)],
    memoryUsedBytes: [expect.any(Number)],
    host: { cpuPercent: expect.any(Number), memoryTotalBytes: expect.any(Number) },
  });
  stop.abort();
});

test('the console carries RFB, for one use of the ticket', async () => {
  const { id } = await find('spine');
  const { path, ticket } = await session.api.consoles.open({ machineId: id });
  secrets.push(ticket);
  const viewer = await openWebSocket(url() + path, `Ticket ${ticket}`);
  const [greeting] = (await once(viewer, 'message')) as [Buffer];
  expect(greeting.toString()).toBe('RFB 003.008\n');
  viewer.send(Buffer.from('RFB 003.008\n'));
  const [security] = (await once(viewer, 'message')) as [Buffer];
  expect([...security]).toEqual([1, 1]);
  await expect(openWebSocket(url() + path, `Ticket ${ticket}`)).rejects.toMatchObject(
    unauthenticated('invalid'),
  );
  viewer.close();
  await once(viewer, 'close');
});

test('a user sees and runs the machines they were given, until they are taken away', async () => {
  const { id } = await find('spine');
  const password = 'a password for ada';
  secrets.push(password);
  const ada = await session.api.users.create({ username: 'ada', password });
  const client = await connectRpc({ url: url() });
  await client.api.session.signIn({ username: 'ada', password });
  expect(await client.api.machines.list({})).toEqual([]);
  expect(await rejection(client.api.machines.get({ machineId: id }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await rejection(client.api.users.list({}))).toMatchObject({ code: 'FORBIDDEN' });
  const watcher = new InventoryWatcher(client);
  await watcher.until('nothing', (event) => event.type === 'snapshot' && event.machines.length === 0);
  await session.api.machines.setOwner({ machineId: id, userId: ada.id });
  await watcher.until('given', (event) => has(event, 'spine', 'running'));
  expect(await client.api.machines.power({ machineId: id, action: 'suspend' })).toMatchObject({
    state: 'paused',
  });
  expect(await client.api.machines.power({ machineId: id, action: 'resume' })).toMatchObject({
    owner: { username: 'ada' },
  });
  const { path, ticket } = await client.api.consoles.open({ machineId: id });
  const viewer = await openWebSocket(url() + path, `Ticket ${ticket}`);
  const ended = once(viewer, 'close');
  await session.api.machines.setOwner({ machineId: id, userId: null });
  await watcher.until('taken', (event) => event.type === 'changes' && event.removed.includes(id));
  expect((await ended)[0]).toBe(closeCodes.forbidden);
  await watcher.close();
  await client.close();
});

test('libvirtd killed and restarted: said at once, nothing is lost, and it is live again by itself', async () => {
  const watcher = new InventoryWatcher(session);
  await watcher.until('the first snapshot', (event) => event.type === 'snapshot');
  expect(await http(target(), '/health')).toMatchObject({ status: 200 });
  await libvirtd.kill();
  const { event } = await watcher.until('unavailable', ({ hypervisor }) => hypervisor.state !== 'connected');
  expect(event).toMatchObject({ type: 'changes', upserted: [], removed: [] });
  const health = await http(target(), '/health');
  expect(health.status).toBe(503);
  expect(health.json()).toMatchObject({ dependencies: { libvirt: 'down', database: 'up' } });
  const { seen } = watcher;
  const machineOf = seen.flatMap(({ event: past }) => recordsOf(past)).find(({ name }) => name === 'spine');
  if (!machineOf) throw new Error('the guest was never listed');
  const power = session.api.machines.power({ machineId: machineOf.id, action: 'suspend' });
  expect(await rejection(power)).toMatchObject({ code: 'HYPERVISOR_UNAVAILABLE' });
  const from = seen.length;
  await libvirtd.start();
  await watcher.until('connected again', ({ hypervisor }) => hypervisor.state === 'connected', { from });
  expect(await http(target(), '/health')).toMatchObject({ status: 200 });
  expect(await find('spine')).toMatchObject({ id: machineOf.id, state: 'running' });
  await libvirtd.virsh('suspend', 'spine');
  await watcher.until('events flow again', (change) => has(change, 'spine', 'paused'), { from });
  await libvirtd.virsh('resume', 'spine');
  await watcher.close();
});

test('kill -9 and restart: the same host, the sign-in still holds, another epoch', async () => {
  const before = await firstEvent();
  await service.kill();
  expect(await session.closed).toMatchObject({ code: 1006 });
  await service.start();
  const client = await connectRpc({ url: url() });
  const tokens = await client.api.session.renew({ refreshToken: session.tokens.refreshToken });
  secrets.push(tokens.accessToken, tokens.refreshToken);
  session = { ...client, tokens };
  const watcher = new InventoryWatcher(session);
  await watcher.until(
    'the guest',
    (event) => has(event, 'spine', 'running') && event.hypervisor.state === 'connected',
  );
  const [first] = watcher.seen;
  expect(first?.event.type).toBe('snapshot');
  expect(first?.event.epoch).not.toBe(before.epoch);
  await watcher.close();
});

async function firstEvent(): Promise<InventoryEvent> {
  const watcher = new InventoryWatcher(session);
  const { event } = await watcher.until('the first event', () => true);
  await watcher.close();
  return event;
}

test('signing out ends the session for good', async () => {
  const other = await signIn(service);
  await other.api.session.signOut({});
  expect(await other.closed).toMatchObject({ code: closeCodes.sessionEnded });
  const { api, close } = await connectRpc({ url: url() });
  const renewal = rejection(api.session.renew({ refreshToken: other.tokens.refreshToken }));
  expect(await renewal).toMatchObject({ code: 'UNAUTHENTICATED' });
  await close();
});

test('the log holds no secret of all this', async () => {
  const log = await service.log();
  expect(log).toContain('"procedure":"session.signIn"');
  for (const secret of secrets) expect(log).not.toContain(secret);
  expect(log).not.toContain('not the password');
});

test('SIGTERM ends it in good order, and tells its clients', async () => {
  await service.stop({ keep: true });
  expect(await session.closed).toMatchObject({ code: closeCodes.goingAway });
  expect(await service.log()).toContain('"msg":"stopped"');
});
