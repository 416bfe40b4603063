import { randomUUID } from 'node:crypto';
import { jobId, LimenError, poolId } from '@limen/contract';
import { beforeEach, expect, test } from 'vitest';
import type { NewVolume, StorageVolumes, VolumeName } from '../../ports/storage-volumes.ts';
import { NewVolumes } from './new-volume.ts';

const volume: NewVolume = {
  poolId: poolId.parse(randomUUID()),
  name: 'disk.raw',
  format: 'raw',
  capacityBytes: 1024,
  preallocation: 'none',
};
const job = jobId.parse(randomUUID());

/** Names that are there, and who made each. */
let present: Map<string, string>;
let maker: string;

const volumes = {
  read: ({ name }: VolumeName) =>
    present.has(name)
      ? Promise.resolve({})
      : Promise.reject(new LimenError('NOT_FOUND', { kind: 'volume', id: name })),
  create: ({ name }: NewVolume) => {
    if (present.has(name))
      return Promise.reject(new LimenError('CONFLICT', { reason: 'name-taken', names: [name] }));
    present.set(name, maker);
    return Promise.resolve();
  },
  delete: ({ name }: VolumeName) => {
    present.delete(name);
    return Promise.resolve();
  },
} as unknown as StorageVolumes;

const begin = (): NewVolumes => new NewVolumes({ pools: { refresh: () => Promise.resolve() }, volumes });

beforeEach(() => {
  present = new Map();
  maker = 'first';
});

test('a volume that is there is left alone', async () => {
  present.set(volume.name, 'somebody');
  await expect(begin().look(job, volume)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(present.get(volume.name)).toBe('somebody');
});

test('somebody who was faster keeps theirs, also when the job is taken back', async () => {
  const news = begin();
  await news.look(job, volume);
  present.set(volume.name, 'somebody');
  await expect(news.make(job, volume)).rejects.toMatchObject({ code: 'CONFLICT' });
  await news.takeBack(job, volume);
  expect(present.get(volume.name)).toBe('somebody');
});

test('what an earlier attempt left is made anew, by this life of the process or the next', async () => {
  const news = begin();
  await news.look(job, volume);
  await news.make(job, volume);
  maker = 'second';
  await news.make(job, volume);
  expect(present.get(volume.name)).toBe('second');
  maker = 'third';
  await begin().make(job, volume);
  expect(present.get(volume.name)).toBe('third');
});

test('taken back, nothing is left, however far it came', async () => {
  const news = begin();
  await news.look(job, volume);
  await news.takeBack(job, volume);
  await news.look(job, volume);
  await news.make(job, volume);
  await begin().takeBack(job, volume);
  expect(present.size).toBe(0);
});
