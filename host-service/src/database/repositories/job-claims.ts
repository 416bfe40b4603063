import { type HostId, jobId } from '@limen/contract';
import type { JobClaim, JobClaims } from '../../ports/job-claims.ts';
import type { Database } from '../database.ts';

export class JobClaimRepository implements JobClaims {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  async unfinished(): Promise<JobClaim[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('job')
        .select(['id', 'subject_name', 'args', 'step_state'])
        .where('host_id', '=', this.#hostId)
        .where('finished_at', 'is', null)
        .execute(),
    );
    return rows.map((row) => ({
      jobId: jobId.parse(row.id),
      name: row.subject_name,
      words: [...textsIn(row.args), ...textsIn(row.step_state)].filter((text) => text.includes('/')),
    }));
  }
}

/** Every text of a JSON value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
