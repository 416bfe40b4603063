import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { duplexPair } from '../../test-support/duplex-pair.ts';
import { ScriptedDaemon } from '../../test-support/scripted-daemon.ts';
import { ConnectionLostError, DeadlineError, LibvirtError, ProtocolError } from '../errors/libvirt-error.ts';
import { procedures } from '../procedures/index.ts';
import { Connection } from './connection.ts';
import { encodeMessage, MAX_FRAME_BYTES, type MessageHeader, Program } from './message.ts';

const deadline = { timeoutMs: 200 };

/** Whatever a peer does, a caller gets an answer or one of these. */
function isHonestError(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError || error instanceof LibvirtError || error instanceof DeadlineError
  );
}

async function expectHonestFailure(work: Promise<unknown>): Promise<void> {
  const outcome: unknown = await work.then(
    () => 'succeeded',
    (error: unknown) => error,
  );
  expect(isHonestError(outcome), String(outcome)).toBe(true);
}

test('random bytes in place of a handshake', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), async (chunks) => {
      const [ours, theirs] = duplexPair();
      theirs.on('error', () => undefined).resume();
      const opening = Connection.open(ours, { uri: 'qemu:///system', handshakeTimeoutMs: 50 });
      const outcome = expectHonestFailure(opening);
      for (const chunk of chunks) theirs.write(chunk);
      theirs.end();
      await outcome;
      expect(ours.destroyed).toBe(true);
    }),
    { numRuns: 200 },
  );
});

const header: fc.Arbitrary<MessageHeader> = fc.record({
  program: fc.constantFrom(Program.remote, Program.qemu, Program.keepAlive, 7),
  procedure: fc.constantFrom(1, 4, 14, 211, 318, 330, 346, 362, -1),
  type: fc.nat({ max: 8 }),
  serial: fc.nat({ max: 8 }),
  status: fc.nat({ max: 4 }),
});

test('well-formed frames with random headers and payloads after the handshake', async () => {
  const frames = fc.array(fc.tuple(header, fc.uint8Array({ maxLength: 120 })), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(frames, async (list) => {
      const daemon = new ScriptedDaemon();
      const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system' });
      const uuid = '0b6d2f0e-2f7a-4c0e-9d0c-3a4f6f0f1a2b';
      const xml = connection
        .call(procedures.domains.getXmlDesc, { domain: { uuid } }, deadline)
        .catch((error: unknown) => error);
      const screenshot = connection
        .openStream(procedures.domains.screenshot, { domain: { uuid }, screen: 0 }, deadline)
        .then(
          ({ stream }) =>
            stream.on('error', (error) => expect(isHonestError(error), String(error)).toBe(true)).resume(),
          (error: unknown) => error,
        );
      for (const [one, payload] of list) daemon.raw(encodeMessage(one, (writer) => writer.raw(payload)));
      daemon.hangUp();
      for (const outcome of await Promise.all([xml, screenshot])) {
        if (outcome instanceof Error) expect(isHonestError(outcome), String(outcome)).toBe(true);
      }
      expect(await connection.closed).toBeInstanceOf(ConnectionLostError);
    }),
    { numRuns: 500 },
  );
});

test('a frame that announces more than the protocol allows', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system' });
  const word = Buffer.alloc(4);
  word.writeUInt32BE(MAX_FRAME_BYTES + 4);
  daemon.raw(word);
  await expect(connection.closed).resolves.toBeInstanceOf(ProtocolError);
});

test('a frame that never ends leaves its caller with a deadline', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system' });
  const word = Buffer.alloc(4);
  word.writeUInt32BE(MAX_FRAME_BYTES);
  daemon.raw(word);
  await expect(connection.call(procedures.connect.getHostname, {}, { timeoutMs: 20 })).rejects.toBeInstanceOf(
    DeadlineError,
  );
  daemon.hangUp();
});

test('a reply nobody asked for, and one cut short', async () => {
  const uninvited = new ScriptedDaemon();
  const first = await Connection.open(uninvited.clientSide, { uri: 'qemu:///system' });
  uninvited.raw(encodeMessage({ program: Program.remote, procedure: 4, type: 1, serial: 4711, status: 0 }));
  await expect(first.closed).resolves.toBeInstanceOf(ProtocolError);

  const terse = new ScriptedDaemon();
  terse.on(procedures.connect.getVersion.number, (message) =>
    terse.reply(message, (writer) => writer.u32(1)),
  );
  const second = await Connection.open(terse.clientSide, { uri: 'qemu:///system' });
  await expect(second.call(procedures.connect.getVersion, {})).rejects.toBeInstanceOf(ProtocolError);
  await second.close();
});
