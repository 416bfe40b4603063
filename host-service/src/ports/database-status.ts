import type { Unsubscribe } from './hypervisor.ts';

export interface DatabaseStatus {
  readonly connected: boolean;
  /** Server version, e.g. `15.20`; null until the first connection. */
  readonly version: string | null;
  /** Why there is no connection, in words for a log or a health report; null while connected. */
  readonly detail: string | null;
}

/** The database as health reports and the host page see it. While it is away calls reject `DATABASE_UNAVAILABLE`. */
export interface DatabaseHealth {
  readonly kind: 'embedded' | 'postgresql';
  readonly status: DatabaseStatus;
  onStatus(listener: (status: DatabaseStatus) => void): Unsubscribe;
}
