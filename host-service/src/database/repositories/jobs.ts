import { randomUUID } from 'node:crypto';
import {
  type HostId,
  imageId,
  type JobId,
  type JobKind,
  type JobLogLine,
  jobId,
  LimenError,
  machineId,
  serializedError,
  userId,
} from '@limen/contract';
import { type Selectable, sql, type Transaction, type UpdateQueryBuilder, type UpdateResult } from 'kysely';
import type { ClaimRequest, JobChange, JobLease, JobStore, StoredJob } from '../../ports/job-store.ts';
import type { NewJob } from '../../ports/jobs.ts';
import type { Database } from '../database.ts';
import type { JobTable, Schema } from '../schema.ts';
import { claimStatement } from './job-claim.ts';

type Update = UpdateQueryBuilder<Schema, 'job', 'job', UpdateResult>;

/**
 * Write a job as part of a transaction with what it reserves. Call `Jobs.wake()` once that is committed.
 * Throws the driver's unique violation when an unfinished job has the same dedupe key.
 */
export async function insertJob(trx: Transaction<Schema>, host: HostId, job: NewJob): Promise<StoredJob> {
  const row = await trx
    .insertInto('job')
    .values({
      id: randomUUID(),
      host_id: host,
      kind: job.kind,
      args: toJson(job.args),
      state: 'queued',
      subject_name: job.subject.name,
      machine_id: job.subject.machineId ?? null,
      image_id: job.subject.imageId ?? null,
      user_id: job.createdBy.userId,
      username: job.createdBy.username,
      dedupe_key: job.dedupeKey ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toStoredJob(row);
}

export class JobRepository implements JobStore {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  insert(job: NewJob): Promise<StoredJob> {
    return this.#database.transaction((trx) => insertJob(trx, this.#hostId, job));
  }

  async takeBack(owner: string): Promise<number> {
    const result = await this.#database.run((db) =>
      db
        .updateTable('job')
        .set({ lease_owner: null, lease_until: null, run_at: sql`now()` })
        .where('host_id', '=', this.#hostId)
        .where('finished_at', 'is', null)
        .where(sql<boolean>`lease_owner is distinct from ${owner}`)
        .executeTakeFirst(),
    );
    return Number(result.numUpdatedRows);
  }

  async claim(request: ClaimRequest): Promise<StoredJob[]> {
    const { rows } = await this.#database.run((db) => claimStatement(this.#hostId, request).execute(db));
    return rows.map(toStoredJob);
  }

  async renew(owner: string, jobIds: readonly JobId[], leaseMs: number): Promise<StoredJob[]> {
    if (jobIds.length === 0) return [];
    const rows = await this.#database.run((db) =>
      db
        .updateTable('job')
        .set({ lease_until: afterMs(leaseMs) })
        .where('host_id', '=', this.#hostId)
        .where('lease_owner', '=', owner)
        .where('id', 'in', [...jobIds])
        .returningAll()
        .execute(),
    );
    return rows.map(toStoredJob);
  }

  save(lease: JobLease, change: JobChange): Promise<StoredJob | null> {
    return this.#save(lease, change, (query) => query);
  }

  saveUnlessCancelled(lease: JobLease, change: JobChange): Promise<StoredJob | null> {
    return this.#save(lease, change, (query) => query.where('cancel_requested', '=', false));
  }

  async requestCancel(id: JobId, undoFirst: readonly JobKind[]): Promise<StoredJob | null> {
    const endsHere = sql<boolean>`state = 'queued' and not (kind = any(${[...undoFirst]}::text[]))`;
    const row = await this.#database.run((db) =>
      db
        .updateTable('job')
        .set({
          cancel_requested: true,
          state: sql`case when ${endsHere} then 'cancelled' when state = 'queued' then 'undoing' else state end`,
          finished_at: sql`case when ${endsHere} then now() end`,
        })
        .where('host_id', '=', this.#hostId)
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .returningAll()
        .executeTakeFirst(),
    );
    return row === undefined ? null : toStoredJob(row);
  }

  async find(id: JobId): Promise<StoredJob | null> {
    const row = await this.#database.run((db) =>
      db
        .selectFrom('job')
        .selectAll()
        .where('host_id', '=', this.#hostId)
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    return row === undefined ? null : toStoredJob(row);
  }

  async unfinished(except: readonly JobId[]): Promise<StoredJob[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('job')
        .selectAll()
        .where('host_id', '=', this.#hostId)
        .where('finished_at', 'is', null)
        .where(sql<boolean>`not (id = any(${[...except]}::uuid[]))`)
        .execute(),
    );
    return rows.map(toStoredJob);
  }

  async finished(limit: number): Promise<StoredJob[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('job')
        .selectAll()
        .where('host_id', '=', this.#hostId)
        .where('finished_at', 'is not', null)
        .orderBy('finished_at', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(toStoredJob);
  }

  async appendLog(lease: JobLease, lines: readonly JobLogLine[], limit: number): Promise<void> {
    const given = toJson(lines);
    await this.#database.run((db) =>
      sql`
        insert into job_log (job_id, at, text)
        select job.id, line.at, line.text
        from job, rows from (json_to_recordset(${given}) as (at timestamptz, text text)) with ordinality as line(at, text, place)
        where job.id = ${lease.jobId} and job.host_id = ${this.#hostId} and job.lease_owner = ${lease.owner}
          and line.place <= ${limit}::integer - (select count(*) from job_log where job_id = ${lease.jobId})
        order by line.place`.execute(db),
    );
  }

  async log(id: JobId): Promise<JobLogLine[]> {
    const rows = await this.#database.run((db) =>
      db.selectFrom('job_log').select(['at', 'text']).where('job_id', '=', id).orderBy('id').execute(),
    );
    return rows.map(({ at, text }) => ({ at: at.toISOString(), text }));
  }

  async prune(before: Date): Promise<JobId[]> {
    const rows = await this.#database.run((db) =>
      db
        .deleteFrom('job')
        .where('host_id', '=', this.#hostId)
        .where('finished_at', '<', before)
        .returning('id')
        .execute(),
    );
    return rows.map(({ id }) => jobId.parse(id));
  }

  async #save(
    { jobId: id, owner }: JobLease,
    change: JobChange,
    restrict: (query: Update) => Update,
  ): Promise<StoredJob | null> {
    const row = await this.#database.run((db) =>
      restrict(db.updateTable('job').set(columnsOf(change)))
        .where('host_id', '=', this.#hostId)
        .where('id', '=', id)
        .where('lease_owner', '=', owner)
        .returningAll()
        .executeTakeFirst(),
    );
    return row === undefined ? null : toStoredJob(row);
  }
}

function columnsOf({ stepState, error, releaseForMs, ...change }: JobChange) {
  const ends = change.state === 'done' || change.state === 'failed' || change.state === 'cancelled';
  return {
    ...change,
    ...(stepState === undefined ? {} : { step_state: toJson(stepState) }),
    ...(error === undefined ? {} : { error: error === null ? null : toJson(error) }),
    ...(releaseForMs === undefined ? {} : { run_at: afterMs(releaseForMs) }),
    ...(ends ? { finished_at: sql<Date>`now()` } : {}),
    ...(ends || releaseForMs !== undefined ? { lease_owner: null, lease_until: null } : {}),
  };
}

/** By the database's clock: that of several hosts which share it may differ. */
function afterMs(ms: number) {
  return sql<Date>`now() + ${ms} * interval '1 millisecond'`;
}

/** jsonb holds no NUL, which may well stand in a message of somebody else's. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.replaceAll('\0', '\u{fffd}') : inner,
  );
}

function toStoredJob(row: Selectable<JobTable>): StoredJob {
  const creator =
    row.user_id === null || row.username === null ? null : { id: row.user_id, username: row.username };
  return {
    id: jobId.parse(row.id),
    kind: row.kind,
    args: row.args,
    state: row.state,
    step: row.step,
    prepared: row.prepared,
    stepState: toStepState(row.step_state),
    attempt: row.attempt,
    cancelRequested: row.cancel_requested,
    error: row.error === null ? null : serializedError.parse(row.error),
    subject: {
      name: row.subject_name,
      machineId: row.machine_id === null ? null : machineId.parse(row.machine_id),
      imageId: row.image_id === null ? null : imageId.parse(row.image_id),
    },
    createdBy: creator && { id: userId.parse(creator.id), username: creator.username },
    dedupeKey: row.dedupe_key,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

function toStepState(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new LimenError('INTERNAL', {}, { message: 'the recorded state of a job is no object' });
}
