import type { Role } from './records/user.ts';

/** What a procedure asks of its caller. `machine:*` permissions are checked on the machine it resolves. */
export type Permission =
  | 'public'
  | 'signed-in'
  | 'administrator'
  | 'machine:view'
  | 'machine:operate'
  | 'machine:console'
  /** Change, copy and delete it. */
  | 'machine:manage';

/** What a role may do on machines it does not own; on their own machines users may do everything listed here. */
const onAnyMachine: Record<Role, ReadonlySet<Permission>> = {
  administrator: new Set(['machine:view', 'machine:operate', 'machine:console', 'machine:manage']),
  user: new Set(),
};

/**
 * The one place that decides. The host enforces it; the client asks it too, to hide or explain.
 * `ownsMachine` is false where no machine is concerned.
 */
export function isAllowed(permission: Permission, role: Role | undefined, ownsMachine: boolean): boolean {
  if (permission === 'public') return true;
  if (role === undefined) return false;
  switch (permission) {
    case 'signed-in':
      return true;
    case 'administrator':
      return role === 'administrator';
    case 'machine:view':
    case 'machine:operate':
    case 'machine:console':
    case 'machine:manage':
      return ownsMachine || onAnyMachine[role].has(permission);
  }
}
