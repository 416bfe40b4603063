import { randomUUID } from 'node:crypto';
import { imageId } from '@limen/contract';
import { expect, test } from 'vitest';
import { deferred } from '../../../tests/fixtures/deferred.ts';
import { ImageHolds } from './image-holds.ts';

const id = imageId.parse(randomUUID());

test('what is being chosen is not deleted, until the last who chooses it is done', async () => {
  const holds = new ImageHolds();
  const [one, other] = [deferred(), deferred()];
  const chosen = [one, other].map(({ promise }) => holds.whileChosen(id, () => promise));
  const inUse = { code: 'CONFLICT', data: { reason: 'in-use' } };
  await expect(holds.whileDeleted(id, async () => 'gone')).rejects.toMatchObject(inUse);
  one.resolve();
  await chosen[0];
  await expect(holds.whileDeleted(id, async () => 'gone')).rejects.toMatchObject(inUse);
  other.resolve();
  await chosen[1];
  expect(await holds.whileDeleted(id, async () => 'gone')).toBe('gone');
});

test('what is being deleted is not chosen, unless it stays after all', async () => {
  const holds = new ImageHolds();
  const { promise, resolve } = deferred();
  const leaving = holds.whileDeleted(id, () => promise.then(() => Promise.reject(new Error('needed'))));
  await expect(holds.whileChosen(id, async () => 'mine')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(holds.whileDeleted(id, async () => 'gone')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  resolve();
  await expect(leaving).rejects.toThrow('needed');
  expect(await holds.whileChosen(id, async () => 'mine')).toBe('mine');
});
