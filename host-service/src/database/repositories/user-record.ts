import { type User, userId } from '@limen/contract';
import type { Selectable } from 'kysely';
import type { UserAccountTable } from '../schema.ts';

/** The columns a {@link User} is made of; the hash stays behind. */
export const userColumns = [
  'user_account.id',
  'user_account.username',
  'user_account.role',
  'user_account.created_at',
] as const;

type UserRow = Pick<Selectable<UserAccountTable>, 'id' | 'username' | 'role' | 'created_at'>;

export function toUser(row: UserRow): User {
  return {
    id: userId.parse(row.id),
    username: row.username,
    role: row.role,
    createdAt: row.created_at.toISOString(),
  };
}
