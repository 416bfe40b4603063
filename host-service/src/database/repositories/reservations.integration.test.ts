import { randomUUID } from 'node:crypto';
import { hostId, machineId, type User, type UserId } from '@limen/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds, startDatabase, type TestDatabase } from '../../../../tests/fixtures/databases.ts';
import type {
  Allocation,
  GrowthRequest,
  HostCapacity,
  ReservationRequest,
} from '../../ports/reservations.ts';
import { AccountRepository } from './accounts.ts';
import { QuotaRepository } from './quotas.ts';
import { ReservationRepository } from './reservations.ts';

const NO_LIMITS = { machines: null, vcpus: null, memoryBytes: null, diskBytes: null };
const ample: HostCapacity = { memoryBytes: 1000, memoryInUse: new Map(), diskFreeBytes: 1000 };

function request(
  allocations: readonly Allocation[],
  change: Partial<ReservationRequest> = {},
): ReservationRequest {
  return { allocations, capacity: () => ample, limited: true, jobs: [], ...change };
}

function growth(increase: Allocation, change: Partial<GrowthRequest> = {}): GrowthRequest {
  const memoryBytes = 10 + increase.memoryBytes;
  return { increase, memoryBytes, capacity: () => ample, limited: true, ...change };
}

function by(machine: Allocation, change: Partial<Allocation>): Allocation {
  return { ...machine, vcpus: 0, memoryBytes: 0, diskBytes: 0, ...change };
}

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  let reservations: ReservationRepository;
  let quotas: QuotaRepository;
  let ann: User;

  beforeAll(async () => {
    started = await startDatabase(kind);
  });
  afterAll(() => started.stop());
  beforeEach(async () => {
    const accounts = new AccountRepository(started.database);
    const username = `u${randomUUID().slice(0, 8)}`;
    ann = await accounts.create({ username, passwordHash: 'x', role: 'user' });
    reservations = new ReservationRepository(started.database, hostId.parse(randomUUID()));
    quotas = new QuotaRepository(started.database);
    await quotas.setDefault(NO_LIMITS);
  });

  function allocation(change: Partial<Allocation> = {}): Allocation {
    const id = machineId.parse(randomUUID());
    const amounts = { vcpus: 1, memoryBytes: 10, diskBytes: 10, newDiskBytes: 10 };
    return { machineId: id, name: id, userId: ann.id, ...amounts, ...change };
  }

  async function existing(): Promise<Allocation> {
    const machine = allocation();
    await reservations.reserve(request([machine]));
    await reservations.settle(machine.machineId);
    return machine;
  }

  async function usedBy(user: UserId) {
    return (await quotas.of(user)).used;
  }

  test('a job is written with what it reserves, or neither is', async () => {
    const wanted = allocation();
    const job = {
      kind: 'machine.create',
      args: {},
      subject: { name: wanted.name, machineId: wanted.machineId },
      createdBy: { userId: ann.id, username: ann.username },
      dedupeKey: wanted.name,
    } as const;
    const ids = await reservations.reserve(request([wanted], { jobs: [job] }));
    expect(ids).toHaveLength(1);
    expect(await reservations.pending()).toEqual([wanted]);
    await expect(reservations.reserve(request([allocation()], { jobs: [job] }))).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await usedBy(ann.id)).toEqual({ machines: 1, vcpus: 1, memoryBytes: 10, diskBytes: 10 });
  });

  test('requests at once never have more together than one may', async () => {
    await quotas.set(ann.id, { ...NO_LIMITS, vcpus: 5 });
    // As many connections as the pool has, opened before: they would come one after the other otherwise.
    await Promise.all(Array.from({ length: 8 }, () => reservations.pending()));
    const attempts = Array.from({ length: 12 }, () =>
      reservations.reserve(request([allocation({ vcpus: 2 })])),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await usedBy(ann.id)).toMatchObject({ machines: 2, vcpus: 4 });
    await expect(reservations.reserve(request([allocation({ vcpus: 2 })]))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      data: { scope: 'user', resource: 'vcpus', requested: 2, limit: 5, used: 4 },
    });
  });

  test('nor more than the host has, whoever asks', async () => {
    await Promise.all(Array.from({ length: 8 }, () => reservations.pending()));
    const attempts = Array.from({ length: 12 }, () =>
      reservations.reserve(request([allocation({ memoryBytes: 300, userId: null })], { limited: false })),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  test('blocks shared with an image count for who has them, not for the disk', async () => {
    await quotas.set(ann.id, { ...NO_LIMITS, diskBytes: 5000 });
    await reservations.reserve(request([allocation({ diskBytes: 4000, newDiskBytes: 0 })]));
    await expect(
      reservations.reserve(request([allocation({ diskBytes: 1001, newDiskBytes: 0 })])),
    ).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      data: { scope: 'user', resource: 'disk', used: 4000 },
    });
    await expect(
      reservations.reserve(request([allocation({ diskBytes: 1000, newDiskBytes: 1001 })])),
    ).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', data: { scope: 'host', resource: 'disk', used: 0 } });
  });

  test('a machine that is on counts once, made or not', async () => {
    const first = allocation({ memoryBytes: 600 });
    await reservations.reserve(request([first]));
    const capacity = () => ({ ...ample, memoryInUse: new Map([[first.machineId, 600]]) });
    await reservations.reserve(request([allocation({ memoryBytes: 400 })], { capacity }));
    await expect(
      reservations.reserve(request([allocation({ memoryBytes: 1 })], { capacity })),
    ).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', data: { scope: 'host', resource: 'memory' } });
  });

  describe('a machine that grows', () => {
    test('is no further machine, and never has more than its owner may', async () => {
      const machine = await existing();
      await quotas.set(ann.id, { ...NO_LIMITS, machines: 1, vcpus: 4 });
      await Promise.all(Array.from({ length: 8 }, () => reservations.pending()));
      const attempts = Array.from({ length: 6 }, () => reservations.grow(growth(by(machine, { vcpus: 1 }))));
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      expect(await usedBy(ann.id)).toMatchObject({ machines: 1, vcpus: 4 });
      await expect(reservations.grow(growth(by(machine, { vcpus: 1 })))).rejects.toMatchObject({
        code: 'QUOTA_EXCEEDED',
        data: { scope: 'user', resource: 'vcpus', requested: 1, limit: 4, used: 4 },
      });
      await reservations.grow(growth(by(machine, { vcpus: 1 }), { limited: false }));
    });

    test('fits the host with all its memory, what it uses now not counted twice', async () => {
      const machine = await existing();
      const capacity = () => ({ ...ample, memoryInUse: new Map([[machine.machineId, 10]]) });
      const larger = by(machine, { memoryBytes: 990 });
      await reservations.grow(growth(larger, { capacity }));
      await reservations.cancelGrowth(larger);
      const tooLarge = growth(by(machine, { memoryBytes: 991 }), { capacity });
      await expect(reservations.grow(tooLarge)).rejects.toMatchObject({
        data: { scope: 'host', resource: 'memory' },
      });
      await expect(
        reservations.grow(growth(by(machine, { diskBytes: 1001, newDiskBytes: 1001 }))),
      ).rejects.toMatchObject({
        data: { scope: 'host', resource: 'disk' },
      });
    });

    test('counts what it was granted until it is said to have it, or not', async () => {
      const machine = await existing();
      const more = by(machine, { diskBytes: 5 });
      await reservations.grow(growth(more));
      await reservations.reconcile([machine], () => true);
      expect(await usedBy(ann.id)).toMatchObject({ diskBytes: 15 });
      await reservations.settleGrowth(machine.machineId);
      await reservations.reconcile([{ ...machine, diskBytes: 15 }], () => true);
      await reservations.grow(growth(more));
      await reservations.cancelGrowth(more);
      expect(await usedBy(ann.id)).toMatchObject({ diskBytes: 15 });
      await reservations.reconcile([machine], () => true);
      expect(await usedBy(ann.id)).toMatchObject({ diskBytes: 10 });
    });
  });

  test('a name is given to one machine only', async () => {
    const first = allocation({ name: 'web' });
    await reservations.reserve(request([first]));
    await reservations.reserve(request([first]));
    await expect(reservations.reserve(request([allocation({ name: 'web' })]))).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'name-taken', names: ['web'] },
    });
    await reservations.release(first.machineId);
    await reservations.reserve(request([allocation({ name: 'web' })]));
  });

  test('what libvirt has is what counts, but for machines being made', async () => {
    const [made, making, gone] = [allocation(), allocation(), allocation()];
    await reservations.reserve(request([made, making, gone]));
    await reservations.settle(made.machineId);
    await reservations.settle(gone.machineId);
    await reservations.reconcile(
      [{ ...made, vcpus: 3 }, { ...making, vcpus: 7 }, allocation({ diskBytes: 5 })],
      (id) => id !== gone.machineId,
    );
    expect(await usedBy(ann.id)).toEqual({ machines: 3, vcpus: 5, memoryBytes: 30, diskBytes: 25 });
    expect(await reservations.pending()).toEqual([making]);
  });

  test('a machine that came or went while others were looked at counts as what it is', async () => {
    const [there, went, came] = [allocation(), allocation(), allocation()];
    await reservations.reserve(request([came]));
    await reservations.settle(came.machineId);
    await reservations.reconcile([there, went], (id) => id !== went.machineId);
    expect(await usedBy(ann.id)).toMatchObject({ machines: 2 });
  });

  test('a user’s own limits come before the default', async () => {
    await quotas.setDefault({ ...NO_LIMITS, machines: 2 });
    expect((await quotas.of(ann.id)).limits).toEqual({ ...NO_LIMITS, machines: 2 });
    await quotas.set(ann.id, { ...NO_LIMITS, machines: 5 });
    await quotas.set(ann.id, { ...NO_LIMITS, machines: 0 });
    expect((await quotas.of(ann.id)).limits.machines).toBe(0);
    expect((await quotas.set(ann.id, null)).limits.machines).toBe(2);
    await expect(quotas.of(machineId.parse(randomUUID()) as unknown as UserId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
