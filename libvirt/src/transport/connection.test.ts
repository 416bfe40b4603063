import { expect, test, vi } from 'vitest';
import { ScriptedDaemon } from '../../test-support/scripted-daemon.ts';
import { ErrorCode } from '../errors/codes.ts';
import { ConnectionLostError, DeadlineError, LibvirtError, ProtocolError } from '../errors/libvirt-error.ts';
import { domainEvents } from '../events/domain-events.ts';
import { procedures } from '../procedures/index.ts';
import { string, u64 } from '../xdr/codec.ts';
import { Connection } from './connection.ts';
import { type Message, Program } from './message.ts';

const { connect } = procedures;
const uuid = '0b6d2f0e-2f7a-4c0e-9d0c-3a4f6f0f1a2b';

function open(daemon: ScriptedDaemon): Promise<Connection> {
  return Connection.open(daemon.clientSide, { uri: 'qemu:///system' });
}

function isKeepAlive(procedure: number): (message: Message) => boolean {
  return ({ header }) => header.program === Program.keepAlive && header.procedure === procedure;
}

function calls(daemon: ScriptedDaemon, procedure: number): Message[] {
  return daemon.received.filter(({ header }) => header.procedure === procedure);
}

test('the handshake asks for methods first and names the URI', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  expect(daemon.received.map(({ header }) => header.procedure)).toEqual([66, 1, 360]);
  expect(daemon.received[1]?.payload.toString('latin1')).toContain('qemu:///system');
  await connection.close();
});

test('polkit is used when offered, and keepalive announced when wanted', async () => {
  const daemon = new ScriptedDaemon([2]);
  const keepAlive = { intervalMs: 60_000, timeoutMs: 120_000 };
  const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system', keepAlive });
  expect(daemon.received.map(({ header }) => header.procedure)).toEqual([66, 70, 60, 1, 360]);
  await connection.close();
});

test('a daemon that offers only other methods is refused', async () => {
  const daemon = new ScriptedDaemon([1]);
  await expect(open(daemon)).rejects.toMatchObject({
    name: 'LibvirtError',
    code: ErrorCode.authFailed,
    message: expect.stringContaining('asks for SASL') as unknown,
  });
  expect(daemon.clientSide.destroyed).toBe(true);
});

test('five calls are under way at a time, and replies may come in any order', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  const held: Message[] = [];
  const fifth = daemon.next(() => held.length === 4);
  daemon.on(connect.getVersion.number, (message) => held.push(message));
  const answers = Array.from({ length: 7 }, () => connection.call(connect.getVersion, {}));
  await fifth;
  await vi.waitFor(() => expect(held).toHaveLength(5));
  daemon.on(connect.getVersion.number, (message) =>
    daemon.reply(message, (writer) => u64.write(writer, message.header.serial)),
  );
  const serials = held.map(({ header }) => header.serial);
  for (const message of held.toReversed())
    daemon.reply(message, (writer) => u64.write(writer, message.header.serial));
  const versions = await Promise.all(answers);
  expect(versions.slice(0, 5)).toEqual(serials);
  expect(new Set(versions).size).toBe(7);
  await connection.close();
});

test('with keepalive one of the five places stays free for pings', async () => {
  const daemon = new ScriptedDaemon();
  const keepAlive = { intervalMs: 60_000, timeoutMs: 120_000 };
  const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system', keepAlive });
  const { number } = connect.getVersion;
  const answers = Array.from({ length: 6 }, () => connection.call(connect.getVersion, {}));
  await vi.waitFor(() => expect(calls(daemon, number)).toHaveLength(4));
  for (let answered = 0; answered < 6; answered += 1) {
    const [message] = calls(daemon, number).slice(answered);
    if (message === undefined) throw new Error('a call was never sent');
    const next = daemon.next(({ header }) => header.procedure === number);
    daemon.reply(message, (writer) => u64.write(writer, answered));
    if (answered < 2) await next;
  }
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4, 5]);
  await connection.close();
});

test('the daemon’s error carries its numbers', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  daemon.on(procedures.domains.getState.number, (message) =>
    daemon.fail(message, { code: ErrorCode.noDomain, domain: 10, message: 'Domain not found' }),
  );
  const error: unknown = await connection
    .call(procedures.domains.getState, { domain: { uuid } })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LibvirtError);
  expect(error).toMatchObject({
    code: 42,
    domain: 10,
    level: 2,
    message: 'Domain not found',
    detail: 'the detail',
  });
  await connection.close();
});

test('a deadline and an abort stop the waiting; the late reply harms nobody', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  const late: Message[] = [];
  daemon.on(connect.getHostname.number, (message) => late.push(message));
  const abort = new AbortController();
  const aborted = connection.call(connect.getHostname, {}, { signal: abort.signal });
  await expect(connection.call(connect.getHostname, {}, { timeoutMs: 1 })).rejects.toBeInstanceOf(
    DeadlineError,
  );
  const reason = new Error('changed my mind');
  abort.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  for (const message of late) daemon.reply(message, (writer) => string.write(writer, 'late'));
  daemon.on(connect.getHostname.number, (message) =>
    daemon.reply(message, (writer) => string.write(writer, 'now')),
  );
  await expect(connection.call(connect.getHostname, {})).resolves.toBe('now');
  await connection.close();
});

test('a call given up before it was sent is never sent', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  const held: Message[] = [];
  daemon.on(connect.getVersion.number, (message) => held.push(message));
  const first = Array.from({ length: 5 }, () => connection.call(connect.getVersion, {}));
  await expect(connection.call(connect.getHostname, {}, { timeoutMs: 1 })).rejects.toBeInstanceOf(
    DeadlineError,
  );
  await vi.waitFor(() => expect(held).toHaveLength(5));
  for (const message of held) daemon.reply(message, (writer) => u64.write(writer, 1));
  await Promise.all(first);
  await connection.close();
  expect(calls(daemon, connect.getHostname.number)).toHaveLength(0);
});

test('arguments that cannot be sent fail that call alone', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  await expect(
    connection.call(procedures.domains.getState, { domain: { uuid: 'nonsense' } }),
  ).rejects.toBeInstanceOf(RangeError);
  daemon.on(connect.getHostname.number, (message) =>
    daemon.reply(message, (writer) => string.write(writer, 'still here')),
  );
  await expect(connection.call(connect.getHostname, {})).resolves.toBe('still here');
  await connection.close();
});

test('a lost connection rejects what is under way, queued and still to come', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  const waiting = Array.from({ length: 7 }, () => connection.call(connect.getVersion, {}));
  daemon.hangUp();
  for (const call of waiting) await expect(call).rejects.toBeInstanceOf(ConnectionLostError);
  await expect(connection.closed).resolves.toBeInstanceOf(ConnectionLostError);
  await expect(connection.call(connect.getVersion, {})).rejects.toBeInstanceOf(ConnectionLostError);
});

test('events are told apart by procedure number; unknown ones are ignored', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  const seen: unknown[] = [];
  connection.setEventSink((kind, payload) => seen.push([kind, payload]));
  const payload = { callbackId: 99, domain: { name: 'web', uuid, id: 3 }, event: 5, detail: 1 };
  daemon.event(9999, (writer) => writer.u32(1));
  daemon.event(domainEvents.lifecycle.procedure, (writer) =>
    domainEvents.lifecycle.payload.write(writer, payload),
  );
  daemon.event(domainEvents.powerSuspend.procedure, (writer) =>
    domainEvents.powerSuspend.payload.write(writer, { ...payload, reason: 7 }),
  );
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  expect(seen).toEqual([
    [domainEvents.lifecycle, payload],
    [domainEvents.powerSuspend, { callbackId: 99, domain: payload.domain, reason: 7 }],
  ]);
  await connection.close();
});

test('a malformed event ends the connection, for a lost event would be worse', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await open(daemon);
  daemon.event(domainEvents.lifecycle.procedure, (writer) => writer.u32(1));
  await expect(connection.closed).resolves.toBeInstanceOf(ProtocolError);
});

test('pings are answered, and a silent peer is given up', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    const daemon = new ScriptedDaemon();
    const keepAlive = { intervalMs: 5_000, timeoutMs: 30_000 };
    const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system', keepAlive });
    const pong = daemon.next(isKeepAlive(2));
    daemon.event(1, () => undefined, Program.keepAlive);
    await pong;
    const ping = daemon.next(isKeepAlive(1));
    vi.advanceTimersByTime(5_000);
    await ping;
    vi.advanceTimersByTime(30_000);
    expect((await connection.closed).message).toContain('nothing heard');
  } finally {
    vi.useRealTimers();
  }
});
