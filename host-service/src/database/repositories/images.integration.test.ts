import { randomUUID } from 'node:crypto';
import { hostId, imageId, machineId, type UserId } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds, startDatabase, type TestDatabase } from '../../../../tests/fixtures/databases.ts';
import { principalOf } from '../../../../tests/fixtures/in-memory-ports.ts';
import type { FoundImage, NewImage } from '../../ports/images.ts';
import type { HostCapacity } from '../../ports/reservations.ts';
import { AccountRepository } from './accounts.ts';
import { ImageSourceRepository } from './image-sources.ts';
import { ImageRepository } from './images.ts';
import { QuotaRepository } from './quotas.ts';
import { ReservationRepository } from './reservations.ts';

function ample(): HostCapacity {
  return { memoryBytes: 100, memoryInUse: new Map(), diskFreeBytes: 100 };
}

/** Names that people, or their enemies, come up with. */
const names = [
  '../../etc/shadow',
  '<xml>&amp;</xml>',
  '😀 images',
  "'; drop table image; --",
  'x'.repeat(300),
];

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  let ada: UserId;
  beforeAll(async () => {
    started = await startDatabase(kind);
    const account = { username: 'ada', passwordHash: 'x', role: 'user' } as const;
    ada = (await new AccountRepository(started.database).create(account)).id;
  });
  afterAll(() => started.stop());

  function newHost() {
    const host = hostId.parse(randomUUID());
    return {
      images: new ImageRepository(started.database, host),
      sources: new ImageSourceRepository(started.database, host),
      reservations: new ReservationRepository(started.database, host),
    };
  }

  function newImage(change: Partial<NewImage> = {}): NewImage {
    const id = imageId.parse(randomUUID());
    return {
      id,
      name: 'noble',
      kind: 'template',
      format: 'qcow2',
      presetId: 'ubuntu',
      virtualBytes: 2 ** 45,
      actualBytes: 2 ** 33,
      sha256: 'a'.repeat(64),
      path: `/images/${id}.qcow2`,
      hardware: { firmware: 'uefi', secureBoot: true, tpm: true, chipset: 'q35', diskBus: 'sata' },
      origin: 'template',
      sourceUrl: null,
      shared: false,
      ownerId: ada,
      ...change,
    };
  }

  const found: FoundImage = {
    name: 'debian-12',
    kind: 'iso',
    format: 'raw',
    presetId: null,
    virtualBytes: 1,
    actualBytes: 0,
    path: '/iso/debian-12.iso',
  };

  it('gives back what it was given, however often that was', async () => {
    const { images } = newHost();
    const image = newImage();
    await images.add(image);
    await images.add({ ...image, name: 'another' });
    const { ownerId: _, ...rest } = image;
    expect(await images.all()).toEqual([
      { ...rest, owner: { id: ada, username: 'ada' }, managed: true, addedAt: expect.any(String) },
    ]);
  });

  describe('of somebody with a quota', () => {
    const none = { machines: null, vcpus: null, memoryBytes: null };
    let quotas: QuotaRepository;

    async function account(role: 'user' | 'administrator', diskBytes: number): Promise<UserId> {
      const wish = { username: `u${randomUUID().slice(0, 8)}`, passwordHash: 'x', role };
      const { id } = await new AccountRepository(started.database).create(wish);
      quotas = new QuotaRepository(started.database);
      await quotas.set(id, { ...none, diskBytes });
      return id;
    }

    it('are never more than that, however many are added at once, and on whichever host', async () => {
      const ann = await account('user', 25);
      const wanted = Array.from({ length: 6 }, () => newImage({ ownerId: ann, actualBytes: 10 }));
      const outcomes = await Promise.allSettled(wanted.map((image) => newHost().images.add(image)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: {
          code: 'QUOTA_EXCEEDED',
          data: { scope: 'user', resource: 'disk', requested: 10, used: 20, limit: 25 },
        },
      });
      expect((await quotas.of(ann)).used.diskBytes).toBe(20);
    });

    it('leave less for machines, until they are removed', async () => {
      const ann = await account('user', 25);
      const { images, reservations } = newHost();
      const image = newImage({ ownerId: ann, actualBytes: 20 });
      await images.add(image);
      const machine = {
        machineId: machineId.parse(randomUUID()),
        name: 'web-1',
        userId: ann,
        vcpus: 1,
        memoryBytes: 1,
        diskBytes: 10,
        newDiskBytes: 0,
      };
      const reserve = () =>
        reservations.reserve({ allocations: [machine], capacity: ample, limited: true, jobs: [] });
      await expect(reserve()).rejects.toMatchObject({ data: { resource: 'disk', used: 20 } });
      await images.remove(image.id);
      await reserve();
      await expect(images.add(newImage({ ownerId: ann, actualBytes: 20 }))).rejects.toMatchObject({
        data: { used: 10, largest: [{ name: 'web-1', amount: 10 }] },
      });
    });

    it('may be entered twice, and an administrator’s are not limited', async () => {
      const ann = await account('user', 10);
      const { images } = newHost();
      const image = newImage({ ownerId: ann, actualBytes: 10 });
      await images.add(image);
      await images.add(image);
      await images.add(newImage({ ownerId: await account('administrator', 10), actualBytes: 2 ** 40 }));
    });
  });

  it('leaves out the hardware nobody knows', async () => {
    const { images } = newHost();
    const { hardware: _, ...image } = newImage();
    await images.add(image);
    expect((await images.all())[0]).not.toHaveProperty('hardware');
  });

  it('has one entry for a path of a host, and each host its own', async () => {
    const [one, other] = [newHost(), newHost()];
    expect(await one.images.addFound(found)).toMatchObject({ ...found, origin: 'scan', managed: false });
    expect(await one.images.addFound(found)).toBeNull();
    expect(await other.images.addFound(found)).toMatchObject({ path: found.path, shared: true, owner: null });
    const [mine] = await one.images.all();
    if (mine === undefined) throw new Error('it has no entry');
    expect(await other.images.update(mine.id, { name: 'stolen' })).toBeNull();
    await other.images.remove(mine.id);
    expect(await one.images.all()).toEqual([mine]);
  });

  it('changes what it is told to, and keeps the rest', async () => {
    const { images } = newHost();
    const image = newImage();
    await images.add(image);
    const before = (await images.all())[0];
    const change = { name: 'jammy', presetId: null, kind: 'disk', shared: true } as const;
    expect(await images.update(image.id, change)).toEqual({ ...before, ...change });
    expect(await images.update(image.id, {})).toEqual({ ...before, ...change });
    await images.remove(image.id);
    await images.remove(image.id);
    expect(await images.update(image.id, { name: 'x' })).toBeNull();
  });

  it('takes the digest of a file that has none, and no second one', async () => {
    const { images } = newHost();
    const added = await images.addFound(found);
    if (added === null) throw new Error('it was not added');
    await newHost().images.setDigest(added.id, 'c'.repeat(64));
    await images.setDigest(added.id, 'a'.repeat(64));
    await images.setDigest(added.id, 'b'.repeat(64));
    expect(await images.all()).toEqual([{ ...added, sha256: 'a'.repeat(64) }]);
  });

  it.each(names)('keeps the name %j as it is', async (name) => {
    const { images } = newHost();
    await images.add(newImage({ name }));
    expect((await images.all())[0]?.name).toBe(name);
  });

  it('lets people make machines from shared images and their own', async () => {
    const { images, sources } = newHost();
    const [own, shared] = [newImage(), newImage({ shared: true, ownerId: null })];
    await images.add(own);
    await images.add(shared);
    const owner = principalOf('user', { userId: ada });
    const stranger = principalOf('user');
    expect(await sources.usable(owner, own.id)).toMatchObject({ path: own.path, hardware: own.hardware });
    expect(await sources.usable(principalOf('administrator'), own.id)).toMatchObject({ id: own.id });
    await expect(sources.usable(stranger, own.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sources.usable(stranger, shared.id)).toMatchObject({ id: shared.id });
    await expect(newHost().sources.usable(owner, own.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
