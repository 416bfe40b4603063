import http from 'node:http';
import { LimenError } from '@limen/contract';

const API = '/api/v1';
const TIMEOUT_MS = 15_000;

/** No service answers on the control socket. */
export class ServiceNotRunningError extends Error {
  override readonly name = 'ServiceNotRunningError';

  constructor(socketPath: string, cause: unknown) {
    super(`no host service answers on ${socketPath}; start it with: limen-host serve`, { cause });
  }
}

export interface ControlRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path in the HTTP API, e.g. `/users`. */
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Ask the running service over its control socket, as its first administrator. Resolves to the answer's JSON.
 * Rejects with {@link ServiceNotRunningError}, or the `LimenError` the service answered.
 */
export async function callService(socketPath: string, request: ControlRequest): Promise<unknown> {
  const { status, text } = await exchange(socketPath, request);
  const body: unknown = text === '' ? null : JSON.parse(text);
  if (status >= 400) throw LimenError.from(body);
  return body;
}

function exchange(
  socketPath: string,
  { method, path, body }: ControlRequest,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload === undefined ? {} : { 'content-type': 'application/json' };
    const request = http.request(
      { socketPath, path: API + path, method, headers, timeout: TIMEOUT_MS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', reject);
      },
    );
    request.on('timeout', () =>
      request.destroy(new LimenError('TIMEOUT', { afterSeconds: TIMEOUT_MS / 1000 })),
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(absent ? new ServiceNotRunningError(socketPath, error) : error);
    });
    request.end(payload);
  });
}
