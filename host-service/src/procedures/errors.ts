import { errorDeclarations, isErrorCode, LimenError } from '@limen/contract';
import { ValidationError } from '@orpc/contract';
import { ORPCError } from '@orpc/server';

/**
 * Whatever was thrown, in the contract's vocabulary. Only `INTERNAL` hides something; its cause belongs in the log
 * (see {@link failureFields}), under the request id that the caller is told.
 */
export function toLimenError(error: unknown, requestId: string): LimenError {
  if (LimenError.is(error)) return error;
  if (error instanceof ORPCError) return fromOrpcError(error, requestId);
  if (error instanceof Error && error.name === 'AbortError')
    return new LimenError('CANCELLED', {}, { cause: error });
  return new LimenError('INTERNAL', { requestId }, { cause: error });
}

/** The same error as oRPC carries it. */
export function toOrpcError(error: LimenError): ORPCError<string, unknown> {
  return new ORPCError(error.code, {
    defined: true,
    status: errorDeclarations[error.code].status,
    message: error.message,
    data: error.data,
    cause: error,
  });
}

/**
 * A failure as log fields. The data of a failed validation stays out, for it may be a password or a token; what
 * was wrong with it goes in.
 */
export function failureFields(error: unknown): object {
  const issues = validationIssues(error);
  return issues ? { err: error, issues } : { err: error };
}

function validationIssues(error: unknown): object | undefined {
  if (error instanceof ValidationError) return issuesOf(error);
  return error instanceof Error ? validationIssues(error.cause) : undefined;
}

function fromOrpcError(error: ORPCError<string, unknown>, requestId: string): LimenError {
  if (LimenError.is(error.cause)) return error.cause;
  if (isErrorCode(error.code))
    return LimenError.from({
      code: error.code,
      message: error.message,
      data: error.data,
    });
  if (error.code !== 'BAD_REQUEST') return new LimenError('INTERNAL', { requestId }, { cause: error });
  const issues =
    error.cause instanceof ValidationError ? issuesOf(error.cause) : [{ path: [], message: error.message }];
  return new LimenError('INVALID_INPUT', { issues });
}

function issuesOf(error: ValidationError): { path: string[]; message: string }[] {
  return error.issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)),
    message: issue.message,
  }));
}
