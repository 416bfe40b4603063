import {
  isAllowed,
  LimenError,
  machineId,
  type Machine,
  type Permission,
  type ProcedureMeta,
} from '@limen/contract';
import { z } from 'zod';
import type { Principal } from '../ports/principal.ts';
import { machineNotFound } from '../services/machine-access.ts';
import type { Services } from '../services/services.ts';
import { mayOnMachine } from '../services/visibility.ts';
import { type Caller, requirePrincipal } from './context.ts';

const namesMachine = z.object({ machineId });

/** Throws `UNAUTHENTICATED` unless the procedure is public or the caller's token is good now. */
export function authenticate(caller: Caller, meta: ProcedureMeta): void {
  if (meta.permission !== 'public') requirePrincipal(caller);
}

/**
 * Resolve the object the (valid) input names, then decide on it. Throws `NOT_FOUND` for what the caller may not
 * even see, `FORBIDDEN` for what they may see but not do.
 */
export function authorise(
  caller: Caller,
  meta: ProcedureMeta,
  input: unknown,
  inventory: Pick<Services['inventory'], 'find' | 'status'>,
): void {
  if (meta.permission === 'public') return;
  const principal = requirePrincipal(caller);
  switch (meta.resolve) {
    case 'none':
      if (!isAllowed(meta.permission, principal.role, false)) throw forbidden(meta.permission);
      return;
    case 'machine': {
      const machine = resolveMachine(principal, input, inventory);
      const allowed = mayOnMachine(principal, meta.permission, machine);
      if (!allowed) throw forbidden(meta.permission);
    }
  }
}

function resolveMachine(
  principal: Principal,
  input: unknown,
  inventory: Pick<Services['inventory'], 'find' | 'status'>,
): Machine {
  const { machineId: id } = namesMachine.parse(input);
  const machine = inventory.find(id);
  if (machine && mayOnMachine(principal, 'machine:view', machine)) return machine;
  if (!machine && inventory.status.state !== 'connected') {
    // Before the first list nobody knows which machines there are.
    throw new LimenError('HYPERVISOR_UNAVAILABLE', {
      detail: inventory.status.detail ?? inventory.status.state,
    });
  }
  throw machineNotFound(id);
}

function forbidden(permission: Permission): LimenError<'FORBIDDEN'> {
  return new LimenError('FORBIDDEN', { permission });
}
