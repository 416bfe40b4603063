import { isErrorCode, LimenError } from '@limen/contract';
import { ORPCError } from '@orpc/client';

/**
 * Whatever a call failed with, as one of our errors. The host's own errors keep code, message and data; those of
 * the RPC library are told apart by their HTTP status.
 */
export function toLimenError(error: unknown): LimenError {
  if (LimenError.is(error)) return error;
  if (error instanceof ORPCError) return fromRpc(error);
  if (error instanceof Error && error.name === 'AbortError')
    return new LimenError('CANCELLED', {}, { cause: error });
  return new LimenError('INTERNAL', {}, { cause: error });
}

function fromRpc(error: ORPCError<string, unknown>): LimenError {
  if (isErrorCode(error.code))
    return LimenError.from({ code: error.code, message: error.message, data: error.data });
  const options = { message: error.message, cause: error };
  switch (error.status) {
    case 400:
      return new LimenError('INVALID_INPUT', { issues: [] }, options);
    case 401:
      return new LimenError('UNAUTHENTICATED', { reason: 'invalid' }, options);
    case 403:
      return new LimenError('FORBIDDEN', { permission: '' }, options);
    case 404:
      return new LimenError('NOT_FOUND', { kind: 'procedure', id: '' }, options);
    case 429:
      return new LimenError('RATE_LIMITED', { retryAfterSeconds: 1 }, options);
    default:
      return new LimenError('INTERNAL', {}, options);
  }
}
