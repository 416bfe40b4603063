import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { startConnected } from '../../test-support/connected-client.ts';
import { converse } from '../../test-support/recorded/conversation.ts';
import { learnt } from '../../test-support/recorded/learnt.ts';
import { type Recording, RecordingDuplex } from '../../test-support/recorded/transcript.ts';
import { LibvirtClient } from '../client/libvirt-client.ts';
import { procedures } from '../procedures/index.ts';

/** A fresh daemon of another version, whose conversation shall be recorded. Default: the installed one. */
const OTHER_SOCKET = 'NODE_LIBVIRT_RECORD_SOCKET';

/**
 * The conversation `recorded-conversation.test.ts` replays, held with a real daemon. Where its version has no
 * recording yet, this makes one.
 */
test('a real daemon says what the recorded ones said', async () => {
  const socketPath = process.env[OTHER_SOCKET] ?? (await freshDaemon());
  const recorded: RecordingDuplex[] = [];
  const heard = await converse(async () => {
    const socket = createConnection(socketPath);
    await once(socket, 'connect');
    const duplex = new RecordingDuplex(socket);
    recorded.push(duplex);
    return duplex;
  });
  expect(heard).toEqual(learnt);
  const libvirt = await versionOf(socketPath);
  const file = join(import.meta.dirname, `../../test-support/recorded/libvirt-${libvirt}.json`);
  const isRecorded = await access(file).then(
    () => true,
    () => false,
  );
  if (isRecorded) return;
  const recording: Recording = { libvirt, connections: recorded.map(({ transcript }) => transcript) };
  await writeFile(file, `${JSON.stringify(recording, null, 2)}\n`);
});

async function freshDaemon(): Promise<string> {
  const daemon = await startLibvirtd();
  onTestFinished(() => daemon.stop());
  return daemon.socketPath;
}

async function versionOf(socketPath: string): Promise<string> {
  const client = await startConnected(new LibvirtClient({ uri: 'test:///default', socketPath }));
  const version = await client.call(procedures.connect.getLibVersion, {});
  await client.close();
  return [version / 1_000_000, (version / 1_000) % 1_000, version % 1_000].map(Math.floor).join('.');
}
