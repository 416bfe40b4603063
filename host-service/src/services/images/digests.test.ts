import { randomUUID } from 'node:crypto';
import { imageId } from '@limen/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../../tests/fixtures/databases.ts';
import type { StoredImage } from '../../ports/images.ts';
import { Digests, type DigestsDependencies } from './digests.ts';

const SHA256 = 'a'.repeat(64);
let digests: Digests | null = null;
afterEach(() => digests?.close());

function stored(path: string, sha256: string | null = null): StoredImage {
  return {
    id: imageId.parse(randomUUID()),
    name: path,
    kind: 'iso',
    format: 'raw',
    presetId: null,
    virtualBytes: 1,
    actualBytes: 1,
    sha256,
    path,
    origin: 'scan',
    sourceUrl: null,
    shared: true,
    owner: null,
    addedAt: '2026-01-01T00:00:00.000Z',
    managed: false,
  };
}

/** Looks once at the files of a host; `sizes` is what each measures the first time and from then on. */
function lookAt(images: StoredImage[], sizes: Record<string, [number | null, number | null]>) {
  const asked = new Set<string>();
  const set = vi.fn<DigestsDependencies['store']['setDigest']>().mockResolvedValue();
  const digest = vi
    .fn<DigestsDependencies['received']['digest']>()
    .mockResolvedValue([{ algorithm: 'sha256', value: SHA256 }]);
  const reload = vi.fn<DigestsDependencies['library']['reload']>().mockResolvedValue();
  const size = async (path: string): Promise<number | null> => {
    const [first, later] = sizes[path] ?? [1, 1];
    if (asked.has(path)) return later;
    asked.add(path);
    return first;
  };
  digests = new Digests({
    store: { all: () => Promise.resolve(images), setDigest: set },
    received: { digest, size },
    library: { reload },
    logger: silentLogger,
  });
  digests.start();
  return { set, digest, reload };
}

test('entries without digest get theirs, and are told of', async () => {
  const [known, unknown] = [stored('/known', SHA256), stored('/unknown')];
  const { set, digest, reload } = lookAt([known, unknown], {});
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  expect(set.mock.calls).toEqual([[unknown.id, SHA256]]);
  expect(digest).toHaveBeenCalledExactlyOnceWith('/unknown', ['sha256'], {
    signal: expect.any(AbortSignal),
    slowly: true,
  });
});

test('a file that is gone, cannot be read or changes gets none, and does not keep the others from theirs', async () => {
  const [gone, unreadable, changing, last] = [
    stored('/gone'),
    stored('/no'),
    stored('/changing'),
    stored('/x'),
  ];
  const sizes = { '/gone': [null, null], '/changing': [1, 2] } satisfies Parameters<typeof lookAt>[1];
  const { set, digest } = lookAt([gone, unreadable, changing, last], sizes);
  digest.mockRejectedValueOnce(new Error('EIO'));
  await vi.waitFor(() => expect(set).toHaveBeenCalled());
  expect(set.mock.calls).toEqual([[last.id, SHA256]]);
});

test('closing ends it in the middle of a file', async () => {
  const { digest, set } = lookAt([stored('/large'), stored('/next')], {});
  digest.mockImplementation(
    (_path, _algorithms, work) =>
      new Promise((_resolve, reject) => {
        work?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
  );
  await vi.waitFor(() => expect(digest).toHaveBeenCalledOnce());
  digests?.close();
  await new Promise(setImmediate);
  expect(digest).toHaveBeenCalledOnce();
  expect(set).not.toHaveBeenCalled();
});
