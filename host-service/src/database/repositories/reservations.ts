import {
  type HostId,
  type JobId,
  LimenError,
  type MachineId,
  machineId,
  type UserId,
  userId,
} from '@limen/contract';
import { type Selectable, sql, type Transaction } from 'kysely';
import type {
  Allocation,
  GrowthRequest,
  ReservationRequest,
  Reservations,
} from '../../ports/reservations.ts';
import type { Database } from '../database.ts';
import type { AllocationTable, Schema } from '../schema.ts';
import { checkHost, checkImage, checkUser, type Holdings } from './capacity-checks.ts';
import { insertJob } from './jobs.ts';
import { imageBytesOf, limitsOf } from './quotas.ts';

type Row = Selectable<AllocationTable>;

/** Longer than any change of a machine that grows it. */
const HELD_FOR_MS = 10 * 60_000;

export class ReservationRepository implements Reservations {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  reserve(request: ReservationRequest): Promise<JobId[]> {
    return this.#database.transaction(async (trx) => {
      await this.#lock(trx, request.allocations);
      const wanted = await this.#notReserved(trx, request.allocations);
      if (wanted.length > 0) {
        await this.#check(trx, { ...request, allocations: wanted });
        await trx
          .insertInto('allocation')
          .values(wanted.map((allocation) => ({ ...this.#toRow(allocation), pending: true })))
          .execute();
      }
      const ids: JobId[] = [];
      for (const job of request.jobs) ids.push((await insertJob(trx, this.#hostId, job)).id);
      return ids;
    });
  }

  async settle(machine: MachineId): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('allocation').set({ pending: false }).where('machine_id', '=', machine).execute(),
    );
  }

  grow({ increase, memoryBytes, capacity, limited }: GrowthRequest): Promise<void> {
    return this.#database.transaction(async (trx) => {
      await this.#lock(trx, [increase]);
      const making = (await this.#rows(trx)).filter(({ pending }) => pending).map(toAllocation);
      const { memoryInUse, ...rest } = capacity();
      const others = new Map([...memoryInUse].filter(([id]) => id !== increase.machineId));
      // The host has to carry all of it at the next start.
      const wanted = { ...increase, memoryBytes: increase.memoryBytes === 0 ? 0 : memoryBytes };
      checkHost([wanted], making, { ...rest, memoryInUse: others });
      if (limited && increase.userId !== null) {
        const { userId: owner } = increase;
        // It is counted as a machine already.
        const limits = { ...(await limitsOf(trx, owner)), machines: null };
        checkUser([increase], await holdingsOf(trx, owner), limits);
      }
      await changeBy(trx, increase, 1, new Date(Date.now() + HELD_FOR_MS));
    });
  }

  async settleGrowth(machine: MachineId): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('allocation').set({ held_until: null }).where('machine_id', '=', machine).execute(),
    );
  }

  cancelGrowth(increase: Allocation): Promise<void> {
    return this.#database.transaction((trx) => changeBy(trx, increase, -1, null));
  }

  async release(machine: MachineId): Promise<void> {
    await this.#database.transaction(async (trx) => {
      // Not while somebody enters what exists, who may think it does.
      await this.#lockHost(trx);
      await trx.deleteFrom('allocation').where('machine_id', '=', machine).execute();
    });
  }

  reconcile(existing: readonly Allocation[], isThere: (machineId: MachineId) => boolean): Promise<void> {
    return this.#database.transaction(async (trx) => {
      await this.#lockHost(trx);
      const rows = await this.#rows(trx);
      const known = new Map(rows.map((row) => [row.machine_id, row]));
      for (const allocation of existing) {
        if (!isThere(allocation.machineId)) continue;
        const row = known.get(allocation.machineId);
        // Whoever makes a machine, or changes it now, knows better what it will be.
        if (row !== undefined && (row.pending || isHeld(row))) continue;
        if (row !== undefined && isSame(row, allocation)) continue;
        const values = this.#toRow(allocation);
        const { machine_id: _, ...changes } = values;
        await trx
          .insertInto('allocation')
          .values({ ...values, pending: false })
          .onConflict((conflict) => conflict.column('machine_id').doUpdateSet(changes))
          .execute();
      }
      const gone = rows
        .filter(({ pending, machine_id: id }) => !pending && !isThere(machineId.parse(id)))
        .map((row) => row.machine_id);
      if (gone.length > 0) await trx.deleteFrom('allocation').where('machine_id', 'in', gone).execute();
    });
  }

  async pending(): Promise<Allocation[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('allocation')
        .selectAll()
        .where('host_id', '=', this.#hostId)
        .where('pending', '=', true)
        .execute(),
    );
    return rows.map(toAllocation);
  }

  /**
   * Users first, in one order, so that two requests never wait for each other. Rows that refer to a user may be written
   * meanwhile, as by {@link reconcile}.
   */
  async #lock(trx: Transaction<Schema>, allocations: readonly Allocation[]): Promise<void> {
    const users = [...new Set(allocations.map((allocation) => allocation.userId))].filter(
      (id) => id !== null,
    );
    if (users.length > 0) {
      const found = await trx
        .selectFrom('user_account')
        .select('id')
        .where('id', 'in', users)
        .orderBy('id')
        .forNoKeyUpdate()
        .execute();
      const missing = users.find((id) => !found.some((row) => row.id === id));
      if (missing !== undefined) throw new LimenError('NOT_FOUND', { kind: 'user', id: missing });
    }
    await this.#lockHost(trx);
  }

  async #lockHost(trx: Transaction<Schema>): Promise<void> {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`host ${this.#hostId}`}, 0))`.execute(trx);
  }

  async #notReserved(trx: Transaction<Schema>, allocations: readonly Allocation[]): Promise<Allocation[]> {
    const ids = allocations.map((allocation) => allocation.machineId);
    if (ids.length === 0) return [];
    const rows = await trx
      .selectFrom('allocation')
      .select('machine_id')
      .where('machine_id', 'in', ids)
      .execute();
    const reserved = new Set(rows.map((row) => row.machine_id));
    return allocations.filter((allocation) => !reserved.has(allocation.machineId));
  }

  async #check(trx: Transaction<Schema>, request: ReservationRequest): Promise<void> {
    const { allocations, capacity, limited } = request;
    const here = (await this.#rows(trx)).filter(({ pending }) => pending).map(toAllocation);
    const names = allocations.map(({ name }) => name);
    const taken = here.filter(({ name }) => names.includes(name)).map(({ name }) => name);
    if (taken.length > 0) throw new LimenError('CONFLICT', { reason: 'name-taken', names: taken });
    checkHost(allocations, here, capacity());
    const [owner] = allocations.flatMap((allocation) => allocation.userId ?? []);
    if (!limited || owner === undefined) return;
    checkUser(allocations, await holdingsOf(trx, owner), await limitsOf(trx, owner));
  }

  #rows(trx: Transaction<Schema>): Promise<Row[]> {
    return trx.selectFrom('allocation').selectAll().where('host_id', '=', this.#hostId).execute();
  }

  #toRow(allocation: Allocation): Omit<Row, 'pending' | 'created_at' | 'held_until'> {
    return {
      machine_id: allocation.machineId,
      host_id: this.#hostId,
      user_id: allocation.userId,
      name: allocation.name,
      vcpus: allocation.vcpus,
      memory_bytes: allocation.memoryBytes,
      disk_bytes: allocation.diskBytes,
      new_disk_bytes: allocation.newDiskBytes,
    };
  }
}

/**
 * For an image that is about to be entered in the same transaction: holds its owner's row, as every reservation does, so
 * that two never both count on the same room. Throws `QUOTA_EXCEEDED`; administrators have no quota.
 */
export async function requireImageRoom(
  trx: Transaction<Schema>,
  owner: UserId,
  bytes: number,
): Promise<void> {
  const account = await trx
    .selectFrom('user_account')
    .select('role')
    .where('id', '=', owner)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (account === undefined || account.role === 'administrator') return;
  checkImage(bytes, await holdingsOf(trx, owner), await limitsOf(trx, owner));
}

async function holdingsOf(trx: Transaction<Schema>, owner: UserId): Promise<Holdings> {
  const machines = await trx.selectFrom('allocation').selectAll().where('user_id', '=', owner).execute();
  return { machines: machines.map(toAllocation), imageBytes: await imageBytesOf(trx, owner) };
}

async function changeBy(
  trx: Transaction<Schema>,
  increase: Allocation,
  sign: 1 | -1,
  heldUntil: Date | null,
): Promise<void> {
  await trx
    .updateTable('allocation')
    .set((of) => ({
      vcpus: of('vcpus', '+', sign * increase.vcpus),
      memory_bytes: of('memory_bytes', '+', sign * increase.memoryBytes),
      disk_bytes: of('disk_bytes', '+', sign * increase.diskBytes),
      held_until: heldUntil,
    }))
    .where('machine_id', '=', increase.machineId)
    .execute();
}

function isHeld({ held_until: until }: Row): boolean {
  return until !== null && until.getTime() > Date.now();
}

function toAllocation(row: Row): Allocation {
  return {
    machineId: machineId.parse(row.machine_id),
    name: row.name,
    userId: row.user_id === null ? null : userId.parse(row.user_id),
    vcpus: row.vcpus,
    memoryBytes: row.memory_bytes,
    diskBytes: row.disk_bytes,
    newDiskBytes: row.new_disk_bytes,
  };
}

function isSame(row: Row, allocation: Allocation): boolean {
  return (
    row.user_id === allocation.userId &&
    row.name === allocation.name &&
    row.vcpus === allocation.vcpus &&
    row.memory_bytes === allocation.memoryBytes &&
    row.disk_bytes === allocation.diskBytes
  );
}
