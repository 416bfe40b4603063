// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { aLinkId, aMachineId } from '../test/records.ts';
import { anImage, anImageId } from '../test/work-records.ts';
import {
  applyImages,
  imagesOfMachine,
  imagesStore,
  keepImages,
  receiveImages,
  useAllImages,
  useImage,
} from './images.ts';

const alpha = aLinkId(1);
const beta = aLinkId(2);

const named = (number: number, name: string) => anImage({ number, name });

afterEach(() => imagesStore.setState({ hosts: new Map() }));

describe('images', () => {
  it('keeps the identity of what a change does not name, and drops what it removes', () => {
    const images = [1, 2, 3].map((number) => anImage({ number }));
    const before = applyImages(undefined, { type: 'snapshot', images });
    const upserted = [anImage({ number: 2, name: 'renamed' })];
    const after = applyImages(before, { type: 'changes', upserted, removed: [anImageId(3)] });
    expect(after.get(anImageId(1))).toBe(before.get(anImageId(1)));
    expect(after.get(anImageId(2))?.name).toBe('renamed');
    expect(after.has(anImageId(3))).toBe(false);
  });

  it('lists all hosts’ images as people sort names', () => {
    receiveImages(alpha, { type: 'snapshot', images: [named(1, 'disk 10'), named(2, 'Alpine')] });
    receiveImages(beta, { type: 'snapshot', images: [named(1, 'disk 2')] });
    const { result } = renderHook(useAllImages);
    expect(result.current.map(({ linkId, image }) => [linkId, image.name])).toEqual([
      [alpha, 'Alpine'],
      [beta, 'disk 2'],
      [alpha, 'disk 10'],
    ]);
  });

  it('knows the images of a machine', () => {
    const images = [anImage({ number: 1 }), anImage({ number: 2, usedBy: aMachineId(7) })];
    const host = applyImages(undefined, { type: 'snapshot', images });
    expect(imagesOfMachine(host, aMachineId(7)).map((image) => image.id)).toEqual([anImageId(2)]);
    expect(imagesOfMachine(undefined, aMachineId(7))).toEqual([]);
  });

  it('forgets hosts that were removed', () => {
    receiveImages(alpha, { type: 'snapshot', images: [anImage()] });
    const image = renderHook(() => useImage(alpha, anImageId(1)));
    expect(image.result.current?.name).toBe('image-1');
    act(() => keepImages(() => false));
    expect(image.result.current).toBeUndefined();
  });
});
