import { type EditResult, type ErrorCode, LimenError } from '@limen/contract';

/** Nothing is known of what became of the edit, or it was none of the edit's doing. */
const FAILURES: ReadonlySet<ErrorCode> = new Set([
  'HYPERVISOR_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'TIMEOUT',
  'CANCELLED',
  'INTERNAL',
]);

/** The answer to an edit that was refused. Throws what is no refusal. */
export function refusedEdit(error: unknown): EditResult {
  if (!LimenError.is(error) || FAILURES.has(error.code)) throw error;
  return { outcome: 'refused', code: error.code, detail: detailOf(error) };
}

function detailOf(error: LimenError): string {
  if (LimenError.is(error, 'INVALID_INPUT')) {
    return error.data.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  }
  if (LimenError.is(error, 'HYPERVISOR_ERROR')) return error.message;
  if (LimenError.is(error, 'NOT_FOUND')) return `no ${error.data.kind} ${error.data.id}`;
  if (LimenError.is(error, 'CONFLICT')) return [error.data.reason, ...(error.data.names ?? [])].join(' ');
  if (LimenError.is(error, 'UNSUPPORTED')) return error.data.feature;
  if (LimenError.is(error, 'UNSUITABLE_IMAGE')) return `${error.data.reason}: ${error.data.detail}`;
  if (LimenError.is(error, 'QUOTA_EXCEEDED')) {
    const { scope, resource, requested, limit, used } = error.data;
    return `${scope} ${resource}: ${requested} more, with ${used} of ${limit} used`;
  }
  return error.message;
}
