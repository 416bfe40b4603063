import type { FileHandle } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ScriptedDaemon } from '../../test-support/scripted-daemon.ts';
import { procedures } from '../procedures/index.ts';
import { Connection } from '../transport/connection.ts';
import { MessageStatus, MessageType } from '../transport/message.ts';
import { saveToFile } from './file-streams.ts';

const { volumes } = procedures;
const volume = { pool: 'p', name: 'v', key: '/p/v' };

test('what a write to the file left over is written again', async () => {
  const daemon = new ScriptedDaemon();
  const connection = await Connection.open(daemon.clientSide, { uri: 'qemu:///system' });
  daemon.on(volumes.download.number, (call) => {
    daemon.reply(call);
    for (const text of ['what', ' is', ' downloaded']) daemon.stream(call, MessageStatus.continue, text);
    daemon.stream(call, MessageStatus.continue);
  });
  const { stream } = await connection.openStream(volumes.download, { volume, offset: 0, length: 0 });
  const written: Buffer[] = [];
  const takesFive = {
    writev: (chunks: readonly Buffer[]) => {
      const taken = Buffer.concat(chunks).subarray(0, 5);
      written.push(taken);
      return Promise.resolve({ bytesWritten: taken.length, buffers: chunks });
    },
  };
  const saved = saveToFile(stream, takesFive as unknown as FileHandle);
  daemon.stream(await daemon.next(({ header }) => header.type === MessageType.stream), MessageStatus.ok);
  await saved;
  expect(written.map(String)).toEqual(['what ', 'is do', 'wnloa', 'ded']);
  await connection.close();
});
