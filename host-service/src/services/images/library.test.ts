import { randomUUID } from 'node:crypto';
import { type Image, type ImageId, imageId, LimenError, type UserId } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  InMemoryHypervisor,
  InMemoryLogger,
  InMemoryOwnership,
  machineRecord,
  noImages,
  principalOf,
} from '../../../../tests/fixtures/in-memory-ports.ts';
import type { ImageFiles } from '../../ports/image-files.ts';
import type { ImageStore, StoredImage } from '../../ports/images.ts';
import { ImageHolds } from '../image-holds.ts';
import { Inventory } from '../inventory/inventory.ts';
import { ImageLibrary } from './library.ts';

const admin = principalOf('administrator');
const ada = principalOf('user', { username: 'ada' });
const bob = principalOf('user', { username: 'bob' });

let entries: Map<ImageId, StoredImage>;
let chains: Map<string, string[]>;
let ownDisks: string[];
let candidates: string[];
let removed: string[];
let waiting: string[];
let hypervisor: InMemoryHypervisor;
let ownership: InMemoryOwnership;
let inventory: Inventory;
let library: ImageLibrary;
let holds: ImageHolds;

const store: ImageStore = {
  all: async () => [...entries.values()],
  add: () => Promise.resolve(),
  setDigest: () => Promise.resolve(),
  addFound: async (found) => {
    if ([...entries.values()].some(({ path }) => path === found.path)) return null;
    const image = entry({ ...found, owner: null, origin: 'scan', managed: false, shared: true });
    return image;
  },
  update: async (id, change) => {
    const image = entries.get(id);
    if (image === undefined) return null;
    const changed = { ...image, ...JSON.parse(JSON.stringify(change)) } satisfies StoredImage;
    entries.set(id, changed);
    return changed;
  },
  remove: async (id) => {
    entries.delete(id);
  },
  waitedForBy: async () => waiting,
};

const files: ImageFiles = {
  ...noImages.imageFiles,
  candidates: async () => candidates,
  inspect: async (path) => {
    if (path.includes('bad')) {
      throw new LimenError('UNSUITABLE_IMAGE', { reason: 'has-backing-file', detail: 'an overlay' });
    }
    return { kind: 'disk', format: 'qcow2', virtualBytes: 10, actualBytes: 5 };
  },
  actualBytes: async (path) => (path.includes('gone') ? null : 7),
  neededBy: async (disk) => chains.get(disk) ?? [disk],
  ownDisksOn: async () => ownDisks,
  remove: async (path) => {
    removed.push(path);
  },
};

function entry(change: Partial<StoredImage> = {}): StoredImage {
  const id = imageId.parse(randomUUID());
  const image: StoredImage = {
    id,
    name: 'debian',
    kind: 'disk',
    format: 'qcow2',
    presetId: null,
    virtualBytes: 10,
    actualBytes: 5,
    sha256: null,
    path: `/store/images/${id}.qcow2`,
    origin: 'upload',
    sourceUrl: null,
    shared: false,
    owner: { id: ada.userId, username: 'ada' },
    addedAt: new Date(0).toISOString(),
    managed: true,
    ...change,
  };
  entries.set(id, image);
  return image;
}

/** A machine whose disk is an overlay of a file. */
function machineOn(path: string, name: string, owner: UserId | null = null, format = 'qcow2'): void {
  const disk = `/store/machines/${name}.qcow2`;
  chains.set(disk, [disk, path]);
  const machine = machineRecord({
    name,
    disks: [{ target: 'vda', bootOrder: 1, device: 'disk', bus: 'virtio', source: disk, format }],
  });
  if (owner !== null) ownership.owners.set(machine.id, { id: owner, username: 'somebody' });
  hypervisor.put(machine);
}

/** Until a condition on the published list holds. */
async function listed(condition: (images: Image[]) => boolean): Promise<Image[]> {
  const end = new AbortController();
  try {
    for await (const event of library.watch(admin, end.signal)) {
      const images = event.type === 'snapshot' ? event.images : library.list(admin);
      if (condition(images)) return images;
    }
  } finally {
    end.abort();
  }
  return [];
}

beforeEach(() => {
  entries = new Map();
  chains = new Map();
  ownDisks = [];
  candidates = [];
  removed = [];
  waiting = [];
  hypervisor = new InMemoryHypervisor();
  ownership = new InMemoryOwnership();
  const logger = new InMemoryLogger();
  inventory = new Inventory({ hypervisor, ownership, logger });
  holds = new ImageHolds();
  library = new ImageLibrary({ store, files, holds, presets: noImages.presets, inventory, logger });
});

afterEach(() => {
  library.close();
  inventory.close();
});

function start(): void {
  library.start();
  inventory.start();
  hypervisor.start();
}

test('people see shared images and their own, administrators all', async () => {
  const mine = entry();
  const shared = entry({ shared: true, owner: null });
  start();
  await library.reload();
  expect(library.list(ada).map(({ id }) => id)).toEqual([mine.id, shared.id]);
  expect(library.list(bob).map(({ id }) => id)).toEqual([shared.id]);
  expect(library.list(admin)).toHaveLength(2);
});

test('what somebody else keeps to themselves is not found, what they share is not to be changed', async () => {
  const hidden = entry();
  const shared = entry({ shared: true });
  start();
  await library.reload();
  await expect(library.update(bob, hidden.id, { name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(library.update(bob, shared.id, { name: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(library.delete(bob, shared.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(library.update(ada, hidden.id, { presetId: 'no-such' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await library.update(ada, hidden.id, { name: 'x' })).name).toBe('x');
});

test('an image that is no longer shared goes out of sight of those who follow', async () => {
  const image = entry({ shared: true });
  start();
  const end = new AbortController();
  const events = library.watch(bob, end.signal);
  expect((await events.next()).value).toMatchObject({ type: 'snapshot', images: [{ id: image.id }] });
  const next = events.next();
  await library.update(ada, image.id, { shared: false });
  expect((await next).value).toEqual({ type: 'changes', upserted: [], removed: [image.id] });
  end.abort();
  expect((await events.next()).done).toBe(true);
});

test('a file that is gone is said to be missing', async () => {
  entry({ path: '/store/images/gone.qcow2' });
  start();
  await library.reload();
  expect(library.list(admin)).toMatchObject([{ missing: true }]);
});

function inUse(names: string[]): object {
  return { code: 'CONFLICT', data: { reason: 'in-use', names } };
}

test('an image of which a machine is being made, or about to be, is not deleted', async () => {
  const image = entry({ shared: true });
  start();
  await listed((images) => images.length > 0);
  waiting = ['half-made'];
  await expect(library.delete(admin, image.id)).rejects.toMatchObject(inUse(['half-made']));
  await expect(library.delete(ada, image.id)).rejects.toMatchObject(inUse([]));
  waiting = [];
  await holds.whileChosen(image.id, () =>
    expect(library.delete(admin, image.id)).rejects.toMatchObject(inUse([])),
  );
  await library.delete(admin, image.id);
  expect(library.list(admin)).toEqual([]);
});

test('what a guest wrote into its raw disk makes it need no image', async () => {
  const image = entry({ shared: true });
  machineOn(image.path, 'liar', bob.userId, 'raw');
  start();
  await listed((images) => images.length > 0);
  await library.delete(admin, image.id);
  expect(library.list(admin)).toEqual([]);
});

test('an image a disk depends on is not deleted, and the machines are named to those who may see them', async () => {
  const image = entry({ shared: true });
  machineOn(image.path, 'web', bob.userId);
  start();
  await listed((images) => images.some(({ usedBy }) => usedBy.length > 0));
  expect(library.list(ada)).toMatchObject([{ usedBy: [] }]);
  expect(library.list(bob)).toMatchObject([{ usedBy: [{ name: 'web' }] }]);
  await expect(library.delete(admin, image.id)).rejects.toMatchObject({
    code: 'CONFLICT',
    data: { reason: 'in-use', names: ['web'] },
  });
  await expect(library.delete(ada, image.id)).rejects.toMatchObject({ data: { names: [] } });
  expect(removed).toEqual([]);
});

test('a disk that belongs to no machine yet keeps its image too', async () => {
  const image = entry();
  ownDisks = ['/store/machines/half-made.qcow2.partial'];
  start();
  await listed((images) => images.length === 1);
  await expect(library.delete(ada, image.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  ownDisks = [];
  await library.delete(ada, image.id);
  expect(removed).toEqual([image.path]);
  expect(library.list(admin)).toEqual([]);
});

test('while nobody can tell who needs it, nothing is deleted', async () => {
  const image = entry();
  start();
  await library.reload();
  hypervisor.setState('unavailable', 'gone');
  await expect(library.delete(ada, image.id)).rejects.toMatchObject({ code: 'HYPERVISOR_UNAVAILABLE' });
});

test('a scan enters what is usable, refuses what only looks like it, and leaves machines’ disks alone', async () => {
  const known = entry({ path: '/scan/known.qcow2', managed: false });
  candidates = [
    '/scan/known.qcow2',
    '/scan/new.qcow2',
    '/scan/bad.qcow2',
    '/scan/bad.txt',
    '/scan/live.qcow2',
  ];
  hypervisor.put(
    machineRecord({
      disks: [{ target: 'vda', bootOrder: 1, device: 'disk', bus: 'virtio', source: '/scan/live.qcow2' }],
    }),
  );
  start();
  await listed((images) => images.length === 1);
  const { added, refused } = await library.scan(admin);
  expect(added).toMatchObject([{ name: 'new', path: '/scan/new.qcow2', managed: false, shared: true }]);
  expect(refused).toEqual([{ path: '/scan/bad.qcow2', reason: 'an overlay' }]);
  await library.delete(admin, known.id);
  expect(removed).toEqual([]);
  expect((await library.scan(admin)).added).toMatchObject([{ path: '/scan/known.qcow2' }]);
});
