import { randomInt } from 'node:crypto';
import type { Accounts } from '../ports/accounts.ts';
import type { Passwords } from '../ports/passwords.ts';

/** Without 0 O 1 l I: the password is read off a terminal once. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

export interface NewAdministrator {
  readonly username: string;
  readonly password: string;
}

/**
 * See that somebody can sign in: with no administrator in the database, make one with a generated password
 * (99 bits). Null when there is one already. The password exists nowhere else: show it, once.
 */
export async function ensureAdministrator(
  accounts: Accounts,
  passwords: Passwords,
  username: string,
): Promise<NewAdministrator | null> {
  if ((await accounts.firstAdministrator()) !== null) return null;
  const password = generatePassword();
  const passwordHash = await passwords.hash(password);
  const created = await accounts.createFirstAdministrator({
    username,
    passwordHash,
    role: 'administrator',
  });
  return created === null ? null : { username: created.username, password };
}

function generatePassword(): string {
  return Array.from({ length: GROUPS }, generateGroup).join('-');
}

function generateGroup(): string {
  return Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
