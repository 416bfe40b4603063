import { LimenError } from '@limen/contract';
import { ERRORS } from '@tus/server';
import { toLimenError } from '../../../procedures/errors.ts';

/** How the tus server says that something is wrong. */
interface TusError {
  readonly status_code: number;
  readonly body: string;
}

/** What the tus server failed with, in the contract's vocabulary. */
export function fromTusError(error: unknown, requestId: string): LimenError {
  if (error === ERRORS.ABORTED) return new LimenError('CANCELLED', {});
  return isTusError(error) ? tusRefusal(error.status_code, error.body) : toLimenError(error, requestId);
}

/** What an answer of the tus server that is no success says. */
export function tusRefusal(status: number, text: string): LimenError {
  switch (status) {
    case 404:
    case 410:
      return new LimenError('NOT_FOUND', { kind: 'upload', id: '' });
    // It does not begin where what is here ends.
    case 409:
      return new LimenError('CONFLICT', { reason: 'busy' });
    default:
      return new LimenError('INVALID_INPUT', { issues: [{ path: [], message: text.trim() }] });
  }
}

function isTusError(error: unknown): error is TusError {
  if (typeof error !== 'object' || error === null || LimenError.is(error)) return false;
  return (
    'status_code' in error &&
    typeof error.status_code === 'number' &&
    'body' in error &&
    typeof error.body === 'string'
  );
}
