import { isAllowed, type Machine, type Permission, type UserId } from '@limen/contract';
import type { Principal } from '../ports/principal.ts';

/** Whose machines someone may see: everybody's, or their own. Also the key by which shared work is cached. */
export type Scope = 'everything' | UserId;

export function scopeOf(principal: Principal): Scope {
  return isAllowed('machine:view', principal.role, false) ? 'everything' : principal.userId;
}

export function isInScope(scope: Scope, ownerId: UserId | null): boolean {
  return scope === 'everything' || scope === ownerId;
}

/** The contract's decision applied to one machine. */
export function mayOnMachine(
  principal: Principal,
  permission: Permission,
  machine: Pick<Machine, 'owner'>,
): boolean {
  return isAllowed(permission, principal.role, machine.owner?.id === principal.userId);
}
