import { expect, test } from 'vitest';
import { ScriptedDaemon } from '../../test-support/scripted-daemon.ts';
import { procedures } from '../procedures/index.ts';
import { connectionOpener, type DaemonConnectionOptions } from './connection-opener.ts';

/** Opens a connection over a duplex of the test's own; yields the procedures called on the way. */
async function called(options: Omit<DaemonConnectionOptions, 'connect'>): Promise<number[]> {
  const daemon = new ScriptedDaemon([0]);
  const open = connectionOpener(
    { ...options, connect: async () => daemon.clientSide },
    new AbortController().signal,
  );
  const connection = await open();
  const seen = daemon.received.map(({ header }) => header.procedure);
  await connection.close();
  return seen;
}

const asked = procedures.connect.supportsFeature.number;

test('pings are for remote daemons, unless they are asked for or declined', async () => {
  expect(await called({ uri: 'qemu+ssh://host/system' })).toContain(asked);
  expect(await called({ uri: 'qemu:///system' })).not.toContain(asked);
  expect(await called({ uri: 'qemu+tls://host/system', keepAlive: false })).not.toContain(asked);
  const keepAlive = { intervalMs: 1_000, timeoutMs: 2_000 };
  expect(await called({ uri: 'qemu:///system', keepAlive })).toContain(asked);
});
