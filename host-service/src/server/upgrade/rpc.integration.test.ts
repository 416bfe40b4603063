import { once } from 'node:events';
import { CONTRACT_VERSION, closeCodes } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { deferred } from '../../../../tests/fixtures/deferred.ts';
import { http } from '../../../../tests/fixtures/https.ts';
import { machineRecord, newMachineId, principalOf } from '../../../../tests/fixtures/in-memory-ports.ts';
import { type InMemoryServer, startInMemoryServer } from '../../../../tests/fixtures/in-memory-server.ts';
import { connectRpc, openWebSocket, rejection } from '../../../../tests/fixtures/rpc-client.ts';

let server: InMemoryServer;
const administrator = principalOf('administrator');

async function start(timings: Parameters<typeof startInMemoryServer>[0] = {}): Promise<void> {
  server = await startInMemoryServer({ graceMs: 200, ...timings });
}

beforeEach((context) => (context.task.name.startsWith('[timed]') ? undefined : start()));
afterEach(() => server.close());

function signedIn(principal = administrator) {
  return connectRpc({ url: server.url, token: server.sessions.admit(principal) });
}

const wrong = { code: 'UNAUTHENTICATED', data: { reason: 'wrong-credentials' } };
const credentials = { username: 'root', password: 'correct horse' };
const handshake = { contractVersion: '1.0', client: { name: 'test', version: '0' } };

test('an anonymous socket can shake hands and sign in, and is signed in from then on', async () => {
  const { api, close } = await connectRpc(server);
  expect(await api.system.handshake(handshake)).toMatchObject({
    contractVersion: CONTRACT_VERSION,
    hostName: 'alpha',
  });
  expect(await rejection(api.machines.list({}))).toMatchObject({
    code: 'UNAUTHENTICATED',
    data: { reason: 'missing' },
  });
  expect(await rejection(api.session.signIn({ ...credentials, password: 'wrong' }))).toMatchObject(wrong);
  expect(await api.session.signIn(credentials)).toMatchObject({ user: { username: 'root' } });
  expect(await api.machines.list({})).toEqual([]);
  await close();
});

test('a token that is no good is refused before the upgrade, with a coded error', async () => {
  const refused = connectRpc({ url: server.url, token: 'forged' });
  await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED', data: { reason: 'invalid' } });
  const expired = server.sessions.admit(principalOf('user', { expiresAt: Date.now() - 1 }));
  await expect(connectRpc({ url: server.url, token: expired })).rejects.toMatchObject({
    data: { reason: 'expired' },
  });
  await expect(openWebSocket(`${server.url}/nowhere`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the control socket needs no token', async () => {
  const { api, close } = await connectRpc({ url: server.controlUrl });
  expect(await api.machines.list({})).toEqual([]);
  await close();
});

test('errors keep their code and data', async () => {
  const { api, close } = await signedIn();
  const id = newMachineId();
  expect(await rejection(api.machines.get({ machineId: id }))).toMatchObject({
    code: 'NOT_FOUND',
    data: { kind: 'machine', id },
  });
  const bad = api.machines.power({ machineId: 'x', action: 'explode' } as never);
  expect(await rejection(bad)).toMatchObject({
    code: 'INVALID_INPUT',
    data: { issues: [{ path: ['machineId'] }, { path: ['action'] }] },
  });
  const nowhere = (api as unknown as { no: { such: (input: object) => Promise<unknown> } }).no.such({});
  expect(await rejection(nowhere)).toMatchObject({ code: 'NOT_FOUND', data: { kind: 'procedure' } });
  await close();
});

test('what breaks inside is told by its request id only', async () => {
  server.hypervisor.facts = () => Promise.reject(new TypeError('secret detail'));
  const { api, close } = await signedIn();
  const failure = await rejection(api.host.get({}));
  expect(failure).toMatchObject({ code: 'INTERNAL', data: { requestId: expect.any(String) } });
  expect(JSON.stringify(failure)).not.toContain('secret detail');
  const line = server.logger.lines.find((text) => text.includes('secret detail'));
  expect(line).toContain((failure.data as { requestId: string }).requestId);
  await close();
});

test('an answer that breaks the contract is our fault, and is logged', async () => {
  const machine = machineRecord({ state: 'melting' as never });
  server.hypervisor.put(machine);
  await server.services.inventory.refresh(machine.id);
  const { api, close } = await signedIn();
  expect(await rejection(api.machines.get({ machineId: machine.id }))).toMatchObject({ code: 'INTERNAL' });
  expect(server.logger.lines.some((line) => line.includes('"path":["state"]'))).toBe(true);
  await close();
});

test('users: others’ machines do not exist, their own cannot be given away, and nothing is theirs to administrate', async () => {
  const ada = principalOf('user');
  const [mine, other] = [machineRecord(), machineRecord()];
  for (const machine of [mine, other]) {
    server.hypervisor.put(machine);
    await server.services.inventory.refresh(machine.id);
  }
  server.services.inventory.setOwner(mine.id, { id: ada.userId, username: 'ada' });
  const { api, close } = await signedIn(ada);
  expect(await api.machines.list({})).toMatchObject([{ id: mine.id }]);
  expect(await rejection(api.machines.get({ machineId: other.id }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await rejection(api.machines.power({ machineId: other.id, action: 'start' }))).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await api.machines.power({ machineId: mine.id, action: 'start' })).toMatchObject({
    state: 'running',
  });
  const give = api.machines.setOwner({ machineId: mine.id, userId: null });
  expect(await rejection(give)).toMatchObject({ code: 'FORBIDDEN', data: { permission: 'administrator' } });
  expect(await rejection(api.users.list({}))).toMatchObject({ code: 'FORBIDDEN' });
  await close();
});

const junk: [string, string | Buffer, number][] = [
  ['not JSON', 'hello', closeCodes.badMessage],
  ['null', 'null', closeCodes.badMessage],
  ['an array', '[1,2,3]', closeCodes.badMessage],
  ['no id', '{"p":{"u":"/machines/list","b":{}}}', closeCodes.badMessage],
  ['no path', '{"i":"1","p":{"b":{}}}', closeCodes.badMessage],
  ['a stream from the client', '{"i":"1","t":3,"p":{"e":"message","d":1}}', closeCodes.badMessage],
  ['binary', Buffer.from([1, 2, 3]), closeCodes.badMessage],
  ['10 MB', 'x'.repeat(10_000_000), closeCodes.tooLarge],
];

test.each(junk)('junk on the socket (%s) closes that socket and no other', async (_name, frame, code) => {
  const bystander = await signedIn();
  const { socket, closed } = await connectRpc(server);
  socket.send(frame);
  expect(await closed).toMatchObject({ code });
  expect(await bystander.api.machines.list({})).toEqual([]);
  await bystander.close();
});

test.each(['/__proto__/toString', '/constructor', '/machines/__proto__', '//', '/machines'])(
  'the path %s is no procedure',
  async (path) => {
    const { socket, close } = await signedIn();
    expect(await raw(socket, path)).toMatchObject({
      s: 404,
      b: { json: { code: 'NOT_FOUND', data: { kind: 'procedure' } } },
    });
    await close();
  },
);

async function raw(socket: WebSocket, path: string): Promise<unknown> {
  socket.send(JSON.stringify({ i: 'raw', p: { u: path, b: { json: {} } } }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  return (JSON.parse(data.toString()) as { p: unknown }).p;
}

test('of more calls than may be under way, the rest are told to wait', async () => {
  const { api, close } = await signedIn();
  const gate = deferred();
  server.hypervisor.facts = async () => {
    await gate.promise;
    throw new TypeError('never mind');
  };
  const calls = Array.from({ length: 80 }, () => rejection(api.host.get({})));
  const refused = await Promise.all(calls.slice(64));
  expect(new Set(refused.map((error) => error.code))).toEqual(new Set(['RATE_LIMITED']));
  gate.resolve();
  expect(new Set((await Promise.all(calls.slice(0, 64))).map((error) => error.code))).toEqual(
    new Set(['INTERNAL']),
  );
  await close();
});

test('a call cancelled by the client ends its stream on the server', async () => {
  const { api, close } = await signedIn();
  const stop = new AbortController();
  const events = await api.inventory.watch({}, { signal: stop.signal });
  await events.next();
  expect(server.services.inventory.status.state).toBe('connected');
  stop.abort();
  await expect(events.next()).rejects.toBeDefined();
  // A call behind the cancellation on the same socket: when it is answered, the cancellation has been read.
  await api.machines.list({});
  await expect.poll(() => streams()).toBe(0);
  await close();
});

async function streams(): Promise<number> {
  const { text } = await http(server, '/metrics');
  return Number(/limen_streams\{procedure="inventory.watch"\} (\d+)/.exec(text)?.[1] ?? Number.NaN);
}

test('a renewal keeps the streams of its session, signing in as another ends them', async () => {
  const principal = principalOf('administrator');
  const token = server.sessions.admit(principal);
  const { api, close } = await connectRpc({ url: server.url, token });
  const events = await api.inventory.watch({});
  await events.next();
  await api.session.renew({ refreshToken: token });
  const machine = machineRecord();
  server.hypervisor.put(machine);
  expect(await events.next()).toMatchObject({ value: { upserted: [{ id: machine.id }] } });
  await api.session.signIn(credentials);
  expect(await rejection(events.next())).toMatchObject({ code: 'UNAUTHENTICATED' });
  await close();
});

test('an expired token is told at the next call, and a renewal mends it', async () => {
  const principal = { ...principalOf('administrator'), expiresAt: Date.now() + 100 };
  const token = server.sessions.admit(principal);
  const { api, close } = await connectRpc({ url: server.url, token });
  expect(await api.machines.list({})).toEqual([]);
  await expect
    .poll(() =>
      api.machines.list({}).then(
        () => null,
        (error: { data: unknown }) => error.data,
      ),
    )
    .toEqual({ reason: 'expired' });
  await api.session.renew({ refreshToken: token });
  expect(await api.machines.list({})).toEqual([]);
  await close();
});

test('a revoked session ends its streams and sockets, and no others', async () => {
  const principal = principalOf('administrator');
  const { api, closed } = await signedIn(principal);
  const bystander = await signedIn();
  const events = await api.inventory.watch({});
  await events.next();
  const ended = rejection(events.next());
  if (principal.sessionId) server.sessions.revoke(principal.sessionId);
  expect(await ended).toMatchObject({ code: 'UNAUTHENTICATED', data: { reason: 'revoked' } });
  expect(await closed).toMatchObject({ code: closeCodes.sessionEnded });
  expect(await bystander.api.machines.list({})).toEqual([]);
  await bystander.close();
});

test('signing out is answered before the socket closes', async () => {
  const { api, closed } = await signedIn();
  expect(await api.session.signOut({})).toEqual({});
  expect(await closed).toMatchObject({ code: closeCodes.sessionEnded });
});

test('stopping the service lets a call under way finish', async () => {
  const { api, closed } = await signedIn();
  const machine = machineRecord();
  server.hypervisor.put(machine);
  await server.services.inventory.refresh(machine.id);
  const underWay = deferred();
  server.hypervisor.gate = async (call) => {
    if (!call.startsWith('power')) return;
    underWay.resolve();
    await new Promise(setImmediate);
  };
  const call = api.machines.power({ machineId: machine.id, action: 'start' });
  await underWay.promise;
  const stopped = server.close();
  expect(await call).toMatchObject({ state: 'running' });
  expect(await closed).toMatchObject({ code: closeCodes.goingAway });
  await stopped;
  await start();
});

test('one address gets only so many sockets without signing in', async () => {
  const sockets = await Promise.all(Array.from({ length: 32 }, () => connectRpc(server)));
  await expect(connectRpc(server)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await sockets[0]?.api.session.signIn(credentials);
  const another = await connectRpc(server);
  await Promise.all([...sockets, another].map((client) => client.close()));
});

test('callers who are not signed in have a budget, and those who are do not share it', async () => {
  const [anonymous, other] = [await connectRpc(server), await signedIn()];
  const guess = () => rejection(anonymous.api.session.signIn({ ...credentials, password: 'wrong' }));
  let answered = 0;
  while ((await guess()).code !== 'RATE_LIMITED') answered += 1;
  expect(answered).toBeGreaterThan(500);
  // Nothing the service does not do is worth a line in the audit log.
  expect(server.audit.entries).toHaveLength(answered);
  await expect(connectRpc(server)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(await other.api.machines.list({})).toEqual([]);
  const local = await connectRpc({ url: server.controlUrl });
  expect(await local.api.machines.list({})).toEqual([]);
  await Promise.all([anonymous, other, local].map((client) => client.close()));
});

test('[timed] a socket on which nobody signs in is closed, one with somebody stays', async () => {
  await start({ anonymousMs: 100 });
  const stays = await connectRpc(server);
  await stays.api.session.signIn(credentials);
  const { closed } = await connectRpc(server);
  expect(await closed).toMatchObject({ code: closeCodes.idle });
  expect(await stays.api.machines.list({})).toEqual([]);
  await stays.close();
});

test('[timed] a peer that no longer answers is cut', async () => {
  await start({ heartbeatMs: 50 });
  const { socket, closed } = await connectRpc(server);
  socket.pause();
  await expect.poll(() => socketCount()).toBe(0);
  socket.resume();
  expect(await closed).toMatchObject({ code: 1006 });
});

async function socketCount(): Promise<number> {
  const { text } = await http(server, '/metrics');
  return Number(/limen_sockets\{kind="rpc-anonymous"\} (\d+)/.exec(text)?.[1]);
}

test('web pages of other sites are turned away', async () => {
  const socket = new WebSocket(`${server.url}/rpc`, {
    rejectUnauthorized: false,
    origin: 'https://evil.example',
  });
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number; destroy(): void },
  ];
  expect(response.statusCode).toBe(403);
  response.destroy();
});
