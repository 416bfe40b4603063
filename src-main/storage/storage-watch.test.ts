import {
  LimenError,
  type PoolId,
  type StorageMessage,
  type StoragePool,
  type StreamEnd,
} from '@limen/contract';
import { expect, test } from 'vitest';
import type { StreamPort } from '../machine-streams/machine-stream.ts';
import { watchStorage } from './storage-watch.ts';

const poolId = 'd0000000-0000-4000-8000-000000000001' as PoolId;

const pool: StoragePool = {
  id: poolId,
  name: 'disks',
  type: 'dir',
  state: 'running',
  autostart: true,
  persistent: true,
  path: '/srv/disks',
  source: null,
  shared: false,
  own: false,
  capacityBytes: 100,
  allocatedBytes: 10,
  availableBytes: 90,
  promisedBytes: 120,
  volumeCount: 1,
  orphanCount: 0,
};

class Page implements StreamPort<StorageMessage> {
  readonly received: (StorageMessage | StreamEnd)[] = [];
  isClosed = false;
  leave: () => void = () => {};

  postMessage(message: StorageMessage | StreamEnd): void {
    this.received.push(message);
  }

  onClose(listener: () => void): void {
    this.leave = listener;
  }

  close(): void {
    this.isClosed = true;
  }
}

type Connect = Parameters<typeof watchStorage>[0];

/** A host that tells these things, then ends its stream. */
function hostThat(...told: unknown[]): Connect {
  async function* stream() {
    yield* told;
  }
  const watch = () => Promise.resolve(stream());
  return () => ({ storage: { watchPools: watch, watchVolumes: watch } }) as unknown as ReturnType<Connect>;
}

test('pools reach the page in order; the end is told with its reason', async () => {
  const page = new Page();
  await watchStorage(hostThat([pool], []), null, page);
  expect(page.received).toMatchObject([
    { type: 'pools', pools: [{ name: 'disks' }] },
    { type: 'pools', pools: [] },
    { type: 'ended', error: { code: 'CONNECTION_LOST' } },
  ]);
  expect(page.isClosed).toBe(true);
});

test('of one pool its volumes are told', async () => {
  const page = new Page();
  await watchStorage(hostThat({ pool, volumes: [] }), poolId, page);
  expect(page.received[0]).toEqual({ type: 'volumes', pool, volumes: [] });
});

test('what cannot be read, and a link that is away, end it with a reason', async () => {
  const confused = new Page();
  await watchStorage(hostThat([{ name: 1 }]), null, confused);
  expect(confused.received).toMatchObject([{ type: 'ended', error: { code: 'INTERNAL' } }]);
  const away = new Page();
  await watchStorage(
    () => {
      throw new LimenError('CONNECTION_LOST', {});
    },
    null,
    away,
  );
  expect(away.received).toMatchObject([{ type: 'ended', error: { code: 'CONNECTION_LOST' } }]);
});

test('a page that leaves hears nothing more', async () => {
  const page = new Page();
  const watching = watchStorage(hostThat([pool]), null, page);
  page.leave();
  await watching;
  expect(page.received).toEqual([]);
});
