import {
  type HostId,
  type SessionId,
  sessionId as sessionIdSchema,
  type User,
  type UserId,
  userId,
} from '@limen/contract';
import type { Transaction } from 'kysely';
import type { NewSession, Rotation, RotationResult, SessionStore } from '../../ports/session-store.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { toUser, userColumns } from './user-record.ts';

/** Sessions of one host; those of other hosts in a shared database are out of its reach. */
export class SessionRepository implements SessionStore {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  create({ userId, device, address, tokenDigest, expiresAt }: NewSession): Promise<SessionId> {
    return this.#database.transaction(async (trx) => {
      const session = await trx
        .insertInto('session')
        .values({
          host_id: this.#hostId,
          user_id: userId,
          device,
          address,
          last_used_at: new Date(),
          expires_at: expiresAt,
          revoked_at: null,
          revoke_reason: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('refresh_token')
        .values({ digest: tokenDigest, session_id: session.id, spent_at: null })
        .execute();
      return sessionIdSchema.parse(session.id);
    });
  }

  rotate(rotation: Rotation): Promise<RotationResult> {
    return this.#database.transaction((trx) => this.#rotate(trx, rotation));
  }

  async #rotate(trx: Transaction<Schema>, rotation: Rotation): Promise<RotationResult> {
    const found = await trx
      .selectFrom('refresh_token')
      .innerJoin('session', 'session.id', 'refresh_token.session_id')
      .innerJoin('user_account', 'user_account.id', 'session.user_id')
      .select(userColumns)
      .select([
        'session.id as session_id',
        'session.expires_at',
        'session.revoked_at',
        'refresh_token.spent_at',
      ])
      .where('refresh_token.digest', '=', rotation.spentDigest)
      .where('session.host_id', '=', this.#hostId)
      // One rotation of a session at a time; the next one then sees what this one did.
      .forUpdate(['refresh_token', 'session'])
      .executeTakeFirst();
    if (found === undefined) return { outcome: 'unknown' };
    if (found.revoked_at !== null) return { outcome: 'revoked' };
    if (found.expires_at <= rotation.now) return { outcome: 'expired' };

    const sessionId = sessionIdSchema.parse(found.session_id);
    const rotated = {
      outcome: 'rotated',
      sessionId,
      user: toUser(found),
    } as const;
    if (found.spent_at === null) {
      await this.#spend(trx, sessionId, rotation);
      return { ...rotated, expiresAt: rotation.expiresAt };
    }
    if (await mayRepeat(trx, rotation, found.spent_at)) return { ...rotated, expiresAt: found.expires_at };
    await revoke(trx, sessionId, {
      at: rotation.now,
      reason: 'refresh token reused',
    });
    return { outcome: 'reused', sessionId, userId: userId.parse(found.id) };
  }

  async #spend(trx: Transaction<Schema>, sessionId: SessionId, rotation: Rotation): Promise<void> {
    await trx
      .updateTable('refresh_token')
      .set({ spent_at: rotation.now })
      .where('digest', '=', rotation.spentDigest)
      .execute();
    await trx
      .insertInto('refresh_token')
      .values({
        digest: rotation.successorDigest,
        session_id: sessionId,
        spent_at: null,
      })
      .execute();
    await trx
      .updateTable('session')
      .set({
        last_used_at: rotation.now,
        expires_at: rotation.expiresAt,
        address: rotation.address,
      })
      .where('id', '=', sessionId)
      .execute();
  }

  revoke(sessionId: SessionId, reason: string): Promise<boolean> {
    return this.#database.transaction((trx) => revoke(trx, sessionId, { at: new Date(), reason }));
  }

  async isActive(sessionId: SessionId): Promise<boolean> {
    const row = await this.#database.run((db) =>
      db
        .selectFrom('session')
        .select('id')
        .where('id', '=', sessionId)
        .where('host_id', '=', this.#hostId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst(),
    );
    return row !== undefined;
  }

  async createPairing(pairing: { userId: UserId; codeDigest: Buffer; expiresAt: Date }): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('pairing_code')
        .values({
          digest: pairing.codeDigest,
          host_id: this.#hostId,
          user_id: pairing.userId,
          expires_at: pairing.expiresAt,
        })
        .execute(),
    );
  }

  async redeemPairing(codeDigest: Buffer, now: Date): Promise<User | null> {
    return this.#database.transaction(async (trx) => {
      // Deleting is what makes it single-use: of two callers only one gets the row.
      const code = await trx
        .deleteFrom('pairing_code')
        .where('digest', '=', codeDigest)
        .where('host_id', '=', this.#hostId)
        .returning(['user_id', 'expires_at'])
        .executeTakeFirst();
      if (code === undefined || code.expires_at <= now) return null;
      const row = await trx
        .selectFrom('user_account')
        .select(userColumns)
        .where('id', '=', code.user_id)
        .executeTakeFirst();
      return row === undefined ? null : toUser(row);
    });
  }

  async prune(before: Date): Promise<number> {
    return this.#database.transaction(async (trx) => {
      await trx.deleteFrom('pairing_code').where('expires_at', '<', before).execute();
      const result = await trx
        .deleteFrom('session')
        .where((eb) => eb.or([eb('expires_at', '<', before), eb('revoked_at', '<', before)]))
        .executeTakeFirst();
      // Of a living session only the latest token and, for the grace, the one before it are of use; older ones
      // are kept for `before` so that their reuse is still recognised.
      await trx.deleteFrom('refresh_token').where('spent_at', '<', before).execute();
      return Number(result.numDeletedRows);
    });
  }
}

/** Within the grace, and only while nobody has moved on from the successor: then it can only be a repeat. */
async function mayRepeat(trx: Transaction<Schema>, rotation: Rotation, spentAt: Date): Promise<boolean> {
  if (rotation.now.getTime() - spentAt.getTime() > rotation.graceMs) return false;
  const successor = await trx
    .selectFrom('refresh_token')
    .select('spent_at')
    .where('digest', '=', rotation.successorDigest)
    .executeTakeFirst();
  return successor !== undefined && successor.spent_at === null;
}

async function revoke(
  trx: Transaction<Schema>,
  sessionId: SessionId,
  { at, reason }: { at: Date; reason: string },
): Promise<boolean> {
  const result = await trx
    .updateTable('session')
    .set({ revoked_at: at, revoke_reason: reason })
    .where('id', '=', sessionId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
