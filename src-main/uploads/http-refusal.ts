import { LimenError } from '@limen/contract';

/** What an answer of the upload endpoint that is no success means: the host's own error, else by the status. */
export function httpRefusal(status: number, body: string): LimenError {
  try {
    const error = LimenError.from(JSON.parse(body));
    if (error.code !== 'INTERNAL') return error;
  } catch {
    // An answer to HEAD has no body, and the tus server's own refusals are plain text.
  }
  const message = body === '' ? `The host answered with status ${status}` : body.slice(0, 200).trim();
  switch (status) {
    case 401:
      return new LimenError('UNAUTHENTICATED', { reason: 'invalid' });
    case 403:
      return new LimenError('FORBIDDEN', { permission: 'upload' });
    case 404:
    case 410:
      return new LimenError('NOT_FOUND', { kind: 'upload', id: '' });
    // RFC 4918: another request still writes to the upload; and tus: its offset is not where this one begins.
    case 409:
    case 423:
      return new LimenError('CONFLICT', { reason: 'busy' });
    case 413:
      return new LimenError('UNSUITABLE_IMAGE', { reason: 'too-large', detail: message });
    case 429:
      return new LimenError('RATE_LIMITED', { retryAfterSeconds: 1 });
    case 507:
      return new LimenError('STORAGE_FULL', { path: '' });
    default:
      return status >= 500
        ? new LimenError('CONNECTION_LOST', {}, { message })
        : new LimenError('INTERNAL', {}, { message });
  }
}
