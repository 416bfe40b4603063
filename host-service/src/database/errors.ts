import { LimenError } from '@limen/contract';

/** Node's codes for "the server is not there"; ENOENT is a unix socket that does not exist. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** `pg` and `pg-pool` raise these without any code, so their text is all there is to go by (pg 8.23). */
const driverMessages = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
]);

/** SQLSTATEs outside class 08 that mean the same: shutdown, crash, starting up, out of resources, no way in. */
const unavailableStates = new Set(['57P01', '57P02', '57P03', '28P01', '28000', '3D000', '25006']);

const SQLSTATE = /^[0-9A-Z]{5}$/;

interface DriverError {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly message?: unknown;
}

/** True when the error says that the database cannot be reached, rather than that it refused a statement. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as DriverError;
  if (typeof code === 'string') {
    if (networkCodes.has(code)) return true;
    // 08: connection exception; 53: insufficient resources (PostgreSQL, appendix A).
    if (SQLSTATE.test(code))
      return code.startsWith('08') || code.startsWith('53') || unavailableStates.has(code);
  }
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  return typeof message === 'string' && driverMessages.has(message);
}

/** Whether the error is a violation of the named unique constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const candidate = (error ?? {}) as DriverError;
  return candidate.code === '23505' && candidate.constraint === constraint;
}

/**
 * The one place where SQLSTATE becomes our vocabulary. Errors that already speak it pass through. What is left
 * is a fault of ours, hence `INTERNAL`; the original travels as `cause`, to the log and no further.
 */
export function toLimenError(error: unknown): LimenError {
  if (LimenError.is(error)) return error;
  if (isConnectionLoss(error)) return new LimenError('DATABASE_UNAVAILABLE', {}, { cause: error });
  switch ((error as DriverError | null)?.code) {
    case '23505':
      if (violatesUnique(error, 'user_account_username_key')) {
        return new LimenError('CONFLICT', { reason: 'name-taken' }, { cause: error });
      }
      return new LimenError('CONFLICT', { reason: 'busy' }, { cause: error });
    // Lock not available, serialization failure, deadlock: the same call may well succeed a moment later.
    case '55P03':
    case '40001':
    case '40P01':
      return new LimenError('CONFLICT', { reason: 'busy' }, { cause: error });
    case '57014':
      return new LimenError('TIMEOUT', { afterSeconds: STATEMENT_TIMEOUT_MS / 1000 }, { cause: error });
    default:
      return new LimenError('INTERNAL', {}, { cause: error });
  }
}

/** No statement of ours comes near; PostgreSQL only, the embedded database ignores `statement_timeout`. */
export const STATEMENT_TIMEOUT_MS = 15_000;
