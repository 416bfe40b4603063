import { type ErrorData, LimenError } from '@limen/contract';

/** What may be different a moment later. Never leaves this folder. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
  /** The server's wish (`Retry-After`), in ms. */
  readonly retryAfterMs: number;

  constructor(message: string, { retryAfterMs = 0, cause }: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

export function refuse(reason: ErrorData<'UNSUITABLE_IMAGE'>['reason'], detail: string): LimenError {
  return new LimenError('UNSUITABLE_IMAGE', { reason, detail });
}

/** Codes of Node and libuv for what comes and goes with networks and busy servers. */
const passingCodes: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'the server refused the connection',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke',
  EHOSTUNREACH: 'the server cannot be reached',
  ENETUNREACH: 'the server cannot be reached',
  ETIMEDOUT: 'the server did not answer in time',
};

/** What a request failed with: a {@link PassingFailure}, or the final word as a {@link LimenError}. */
export function fromRequestError(error: unknown, host: string): PassingFailure | LimenError {
  if (error instanceof PassingFailure || LimenError.is(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const passing = Object.hasOwn(passingCodes, code) ? passingCodes[code] : undefined;
  if (passing !== undefined) return new PassingFailure(`${host}: ${passing}`, { cause: error });
  const detail = code === 'ENOTFOUND' ? 'there is no such host' : messageOf(error);
  return new LimenError(
    'UNSUITABLE_IMAGE',
    { reason: 'download-failed', detail: `${host}: ${detail}` },
    { cause: error },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
