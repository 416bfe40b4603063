import { LimenError } from '@limen/contract';
import type { Principal } from '../ports/principal.ts';
import type { Sessions } from '../ports/sessions.ts';

/** The credential of an `Authorization` header of this scheme, or null when there is none. */
export function credential(header: string | undefined, scheme: 'Bearer' | 'Ticket'): string | null {
  const match = /^(\S+) +(\S+) *$/.exec(header ?? '');
  return match?.[1]?.toLowerCase() === scheme.toLowerCase() ? (match[2] ?? null) : null;
}

/**
 * Who an `Authorization` header says is calling: null without a header. One that is there but no good is never
 * taken for none: rejects with `UNAUTHENTICATED`.
 */
export async function authenticateHeader(
  header: string | undefined,
  sessions: Pick<Sessions, 'verify'>,
): Promise<Principal | null> {
  if (header === undefined) return null;
  const token = credential(header, 'Bearer');
  if (token === null) throw new LimenError('UNAUTHENTICATED', { reason: 'invalid' });
  return sessions.verify(token);
}
