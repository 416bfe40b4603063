import type { HostId } from '@limen/contract';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ClaimRequest } from '../../ports/job-store.ts';
import type { JobTable } from '../schema.ts';

/**
 * Take what is due and free in one statement, so that nothing is held between looking and taking: the embedded
 * database has a single session. Jobs to be undone have a lane of their own; they must not wait for those that run.
 */
export function claimStatement(hostId: HostId, request: ClaimRequest): RawBuilder<Selectable<JobTable>> {
  const { owner, leaseMs, room, limit, undoLimit, except } = request;
  const kinds = [...room.keys()];
  const free = sql`host_id = ${hostId} and finished_at is null and run_at <= now() and kind = any(${kinds}::text[])
    and (lease_owner is null or lease_owner = ${owner} or lease_until < now())
    and not (id = any(${[...except]}::uuid[]))`;
  return sql<Selectable<JobTable>>`
    update job set
      lease_owner = ${owner},
      lease_until = now() + ${leaseMs} * interval '1 millisecond',
      state = case when state = 'queued' then 'running' else state end,
      started_at = coalesce(started_at, now())
    where id in (
      with in_kind as (
        select id, state, kind, created_at,
          row_number() over (partition by kind, state = 'undoing' order by state = 'queued', created_at, id) as place
        from job where ${free}
      ), in_lane as (
        select id, state = 'undoing' as undo,
          row_number() over (partition by state = 'undoing' order by state = 'queued', created_at, id) as place
        from in_kind
        join unnest(${kinds}::text[], ${[...room.values()]}::integer[]) as room(of_kind, size) on of_kind = kind
        where state = 'undoing' or place <= size
      )
      select id from job
      where id in (select id from in_lane where place <= case when undo then ${undoLimit}::integer else ${limit}::integer end)
        and ${free}
      for update skip locked
    )
    returning *`;
}
