import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LimenError } from '@limen/contract';
import { httpRefusal } from '../uploads/http-refusal.ts';
import type { UploadHost } from '../uploads/upload-host.ts';

/** A line that carries nothing for this long is dead. */
const IDLE_TIMEOUT_MS = 60_000;
/** Of an answer that is no success, what is read to find its reason. */
const KEPT_BODY_BYTES = 64 << 10;

/** A host link, as far as downloads need it. */
export type DownloadHost = Pick<UploadHost, 'authority' | 'openSocket' | 'accessToken'>;

export interface Download {
  /** On the host, from the root. */
  readonly from: string;
  /** Where it is saved; complete whenever it is there. */
  readonly to: string;
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Fetch a file of the host's over a socket of its own with the pinned certificate, and save it. Nothing is left of one
 * that fails. Rejects with the host's refusal, `CANCELLED`, `CONNECTION_LOST`, or `STORAGE_FULL` of this computer.
 */
export async function saveFromHost(host: DownloadHost, download: Download): Promise<void> {
  const { signal, to } = download;
  const partial = `${to}.part`;
  try {
    const token = await host.accessToken(null, signal);
    await fetchInto(host, partial, { ...download, token }).catch(async (error: unknown) => {
      if (!LimenError.is(error, 'UNAUTHENTICATED')) throw error;
      const another = await host.accessToken(token, signal);
      await fetchInto(host, partial, { ...download, token: another });
    });
    await rename(partial, to);
  } catch (error) {
    // A failure to tidy up must not hide why there is something to tidy.
    await rm(partial, { force: true }).catch(() => undefined);
    throw asRefusal(error, download);
  }
}

async function fetchInto(
  host: DownloadHost,
  partial: string,
  { from, signal, token, onProgress }: Download & { readonly token: string },
): Promise<void> {
  const socket = await host.openSocket(signal);
  const request = httpRequest({
    path: from,
    headers: { Host: host.authority, Authorization: `Bearer ${token}` },
    createConnection: () => socket,
    signal,
    timeout: IDLE_TIMEOUT_MS,
  });
  request.once('timeout', () => request.destroy(new Error('The host stopped answering')));
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).on('error', reject).end();
    });
    const status = response.statusCode ?? 0;
    if (status !== 200) throw httpRefusal(status, await readText(response));
    const total = Number(response.headers['content-length'] ?? 0);
    const counter = counting((done) => onProgress(done, total));
    await pipeline(response, counter, createWriteStream(partial, { flags: 'w', mode: 0o600 }), { signal });
  } finally {
    request.destroy();
    socket.destroy();
  }
}

function counting(tell: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      tell(bytes);
      done(null, chunk);
    },
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let kept = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    kept += chunk.length;
    if (kept > KEPT_BODY_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asRefusal(error: unknown, { signal, to }: Download): LimenError {
  if (signal.aborted) return new LimenError('CANCELLED', {}, { cause: error });
  if (LimenError.is(error)) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LimenError('STORAGE_FULL', { path: to }, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new LimenError('CONNECTION_LOST', {}, { message, cause: error });
}
