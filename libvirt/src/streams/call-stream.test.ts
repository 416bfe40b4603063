import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { expect, test, vi } from 'vitest';
import { ScriptedDaemon } from '../../test-support/scripted-daemon.ts';
import { LibvirtError } from '../errors/libvirt-error.ts';
import { VolumeStreamFlag } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import { Connection } from '../transport/connection.ts';
import { MAX_STREAM_BYTES, type Message, MessageStatus, MessageType } from '../transport/message.ts';
import { optional, string } from '../xdr/codec.ts';

const { domains, volumes } = procedures;
const domain = { uuid: '0b6d2f0e-2f7a-4c0e-9d0c-3a4f6f0f1a2b' };
const volume = { pool: 'p', name: 'v', key: '/p/v' };

async function connected(): Promise<{ daemon: ScriptedDaemon; connection: Connection }> {
  const daemon = new ScriptedDaemon();
  return { daemon, connection: await Connection.open(daemon.clientSide, { uri: 'qemu:///system' }) };
}

function packets(daemon: ScriptedDaemon, status: number): Message[] {
  return daemon.received.filter(
    ({ header }) => header.type === MessageType.stream && header.status === status,
  );
}

/** A daemon that confirms whatever ends a stream. */
async function confirmEnd(daemon: ScriptedDaemon, status: number): Promise<void> {
  const end = await daemon.next(
    ({ header }) => header.type === MessageType.stream && header.status === status,
  );
  daemon.stream(end, MessageStatus.ok);
}

test('data that comes in one read with the reply is not lost, and the end is confirmed', async () => {
  const { daemon, connection } = await connected();
  daemon.on(domains.screenshot.number, (call) => {
    daemon.reply(call, (writer) => optional(string).write(writer, 'image/png'));
    daemon.stream(call, MessageStatus.continue, 'pict');
    daemon.stream(call, MessageStatus.continue, 'ure!');
    daemon.stream(call, MessageStatus.continue);
  });
  const confirmed = confirmEnd(daemon, MessageStatus.ok);
  const { reply, stream } = await connection.openStream(domains.screenshot, { domain, screen: 0 });
  expect(reply).toBe('image/png');
  expect(await text(stream)).toBe('picture!');
  await confirmed;
  await connection.close();
});

test('a refused call yields no stream', async () => {
  const { daemon, connection } = await connected();
  daemon.on(domains.openConsole.number, (call) =>
    daemon.fail(call, { code: 9, domain: 10, message: 'busy' }),
  );
  await expect(connection.openStream(domains.openConsole, { domain })).rejects.toMatchObject({ code: 9 });
  await connection.close();
});

test('an upload is cut into pieces and finishes when the daemon has confirmed', async () => {
  const { daemon, connection } = await connected();
  daemon.on(volumes.upload.number, (call) => daemon.reply(call));
  const { stream } = await connection.openStream(volumes.upload, { volume, offset: 0, length: 0 });
  const data = Buffer.alloc(MAX_STREAM_BYTES * 2 + 10, 'x');
  const end = daemon.next(
    ({ header }) => header.type === MessageType.stream && header.status === MessageStatus.ok,
  );
  const finishing = finished(stream);
  stream.end(data);
  const message = await end;
  expect(stream.writableFinished).toBe(false);
  daemon.stream(message, MessageStatus.ok);
  await finishing;
  const sent = packets(daemon, MessageStatus.continue).map(({ payload }) => payload);
  expect(sent.map((piece) => piece.length)).toEqual([MAX_STREAM_BYTES, MAX_STREAM_BYTES, 10]);
  expect(Buffer.concat(sent).equals(data)).toBe(true);
  await connection.close();
});

test('small pieces that wait are gathered into full packets', async () => {
  const { daemon, connection } = await connected();
  daemon.on(volumes.upload.number, (call) => daemon.reply(call));
  const { stream } = await connection.openStream(volumes.upload, { volume, offset: 0, length: 0 });
  const pieces = Array.from({ length: 6 }, (_, i) => Buffer.alloc(65_536, i));
  const confirmed = confirmEnd(daemon, MessageStatus.ok);
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await finished(stream);
  await confirmed;
  const parts = packets(daemon, MessageStatus.continue);
  // Parts of one packet share its header.
  const sizes = [...new Set(parts.map(({ header }) => header))].map((packet) =>
    parts.reduce((bytes, { header, payload }) => bytes + (header === packet ? payload.length : 0), 0),
  );
  // The first was sent at once; the others waited for it.
  expect(sizes).toEqual([65_536, MAX_STREAM_BYTES, 5 * 65_536 - MAX_STREAM_BYTES]);
  const sent = parts.map(({ payload }) => payload);
  expect(Buffer.concat(sent).equals(Buffer.concat(pieces))).toBe(true);
  await connection.close();
});

test('an error in the middle of an upload reaches the writer', async () => {
  const { daemon, connection } = await connected();
  daemon.on(volumes.upload.number, (call) => daemon.reply(call));
  const { stream } = await connection.openStream(volumes.upload, { volume, offset: 0, length: 4 });
  const data = daemon.next(({ header }) => header.type === MessageType.stream);
  const failed = once(stream, 'error');
  stream.write('too much');
  daemon.fail(await data, { code: 38, domain: 38, message: 'No space left on device' }, MessageType.stream);
  const [error]: unknown[] = await failed;
  expect(error).toBeInstanceOf(LibvirtError);
  expect(error).toMatchObject({ code: 38 });
  await connection.close();
});

test('destroying aborts, and what was under way is ignored', async () => {
  const { daemon, connection } = await connected();
  daemon.on(domains.openConsole.number, (call) => daemon.reply(call));
  const { stream } = await connection.openStream(domains.openConsole, { domain });
  const abort = daemon.next(
    ({ header }) => header.type === MessageType.stream && header.status === MessageStatus.error,
  );
  stream.destroy();
  const message = await abort;
  daemon.stream(message, MessageStatus.continue, 'in flight');
  daemon.stream(message, MessageStatus.ok);
  daemon.on(procedures.connect.getHostname.number, (call) =>
    daemon.reply(call, (writer) => string.write(writer, 'fine')),
  );
  await expect(connection.call(procedures.connect.getHostname, {})).resolves.toBe('fine');
  await connection.close();
});

test('a console ends in both directions when the guest stops', async () => {
  const { daemon, connection } = await connected();
  daemon.on(domains.openConsole.number, (call) => {
    daemon.reply(call);
    daemon.stream(call, MessageStatus.continue, 'login: ');
  });
  const { stream } = await connection.openStream(domains.openConsole, { domain });
  const typed = daemon.next(({ header }) => header.type === MessageType.stream);
  stream.write('root\n');
  const message = await typed;
  expect(message.payload.toString()).toBe('root\n');
  const confirmed = confirmEnd(daemon, MessageStatus.ok);
  const closed = once(stream, 'close');
  daemon.stream(message, MessageStatus.continue);
  expect(await text(stream)).toBe('login: ');
  await Promise.all([confirmed, closed]);
  await connection.close();
});

test('a reader that does not read stops the daemon, and resumes it', async () => {
  const { daemon, connection } = await connected();
  const chunk = 'x'.repeat(60_000);
  daemon.on(volumes.download.number, (call) => {
    daemon.reply(call);
    for (let i = 0; i < 20; i += 1) daemon.stream(call, MessageStatus.continue, chunk);
    daemon.stream(call, MessageStatus.continue);
  });
  void confirmEnd(daemon, MessageStatus.ok);
  const { stream } = await connection.openStream(volumes.download, { volume, offset: 0, length: 0 });
  await vi.waitFor(() => expect(daemon.clientSide.isPaused()).toBe(true));
  expect((await buffer(stream)).length).toBe(20 * chunk.length);
  expect(daemon.clientSide.isPaused()).toBe(false);
  await connection.close();
});

test('giving up a stream that was not read lets the connection go on', async () => {
  const { daemon, connection } = await connected();
  daemon.on(volumes.download.number, (call) => {
    daemon.reply(call);
    for (let i = 0; i < 20; i += 1) daemon.stream(call, MessageStatus.continue, 'x'.repeat(60_000));
  });
  const { stream } = await connection.openStream(volumes.download, { volume, offset: 0, length: 0 });
  await vi.waitFor(() => expect(daemon.clientSide.isPaused()).toBe(true));
  stream.destroy();
  daemon.on(procedures.connect.getHostname.number, (call) =>
    daemon.reply(call, (writer) => string.write(writer, 'fine')),
  );
  await expect(connection.call(procedures.connect.getHostname, {})).resolves.toBe('fine');
  await connection.close();
});

test('holes pass in their place, in both directions', async () => {
  const { daemon, connection } = await connected();
  const flags = VolumeStreamFlag.sparse;
  daemon.on(volumes.download.number, (call) => {
    daemon.reply(call);
    daemon.stream(call, MessageStatus.continue, 'data');
    daemon.hole(call, 2 ** 40);
    daemon.stream(call, MessageStatus.continue);
  });
  daemon.on(volumes.upload.number, (call) => daemon.reply(call));
  const confirmations = [confirmEnd(daemon, MessageStatus.ok)];
  const download = await connection.openStream(
    volumes.download,
    { volume, offset: 0, length: 0, flags },
    { sparse: true },
  );
  expect(await download.stream.toArray()).toEqual([Buffer.from('data'), { hole: 2 ** 40 }]);
  confirmations.push(confirmEnd(daemon, MessageStatus.ok));
  const upload = await connection.openStream(
    volumes.upload,
    { volume, offset: 0, length: 0, flags },
    { sparse: true },
  );
  const hole = daemon.next(({ header }) => header.type === MessageType.streamHole);
  upload.stream.write({ hole: 4096 });
  upload.stream.end();
  expect((await hole).payload.toString('hex')).toBe('000000000000100000000000');
  await finished(upload.stream);
  await Promise.all(confirmations);
  await connection.close();
});

test('a lost connection reaches the stream', async () => {
  const { daemon, connection } = await connected();
  daemon.on(domains.openConsole.number, (call) => daemon.reply(call));
  const { stream } = await connection.openStream(domains.openConsole, { domain });
  const failed = once(stream, 'error');
  daemon.hangUp();
  const [error]: unknown[] = await failed;
  expect(error).toMatchObject({ name: 'ConnectionLostError' });
});
