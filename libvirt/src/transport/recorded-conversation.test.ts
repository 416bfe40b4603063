import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { converse } from '../../test-support/recorded/conversation.ts';
import { learnt } from '../../test-support/recorded/learnt.ts';
import { type Recording, ReplayingDuplex } from '../../test-support/recorded/transcript.ts';

const folder = join(import.meta.dirname, '../../test-support/recorded');
const recordings = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .toSorted()
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording);

test('two versions of libvirt were recorded', () => {
  expect(recordings.map(({ libvirt }) => libvirt)).toEqual(['11.3.0', '9.0.0']);
});

test.each(recordings)('libvirt $libvirt is spoken to byte for byte as recorded', async ({ connections }) => {
  const opened: ReplayingDuplex[] = [];
  const heard = await converse(() => {
    const transcript = connections[opened.length];
    if (transcript === undefined) return Promise.reject(new Error('more connections than were recorded'));
    const duplex = new ReplayingDuplex(transcript);
    opened.push(duplex);
    return Promise.resolve(duplex);
  });
  expect(heard).toEqual(learnt);
  expect(opened.map(({ isOver }) => isOver)).toEqual(connections.map(() => true));
});
