import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';

/** Who was refused in the middle of a body gets this long to read why before the line is cut. */
const LINGER_MS = 5_000;

/**
 * The body as a web stream, read as fast as it is taken. Fails when the client leaves; a client that sends nothing for
 * `idleMs` is made to.
 */
export function webBodyOf(raw: IncomingMessage, idleMs: number): ReadableStream<Uint8Array> {
  // Of its own: cancelling a web stream that wraps the message itself would cut the line before the answer.
  const body = new PassThrough();
  raw.once('error', (error) => body.destroy(error));
  raw.once('close', () => {
    if (!raw.complete) body.destroy(new Error('the client left'));
  });
  raw.setTimeout(idleMs, () => raw.socket.destroy());
  raw.once('end', () => raw.setTimeout(0));
  raw.pipe(body);
  return Readable.toWeb(body) as ReadableStream<Uint8Array>;
}

/**
 * After the answer: read on without looking, for a while. Closing on a client that still sends would reset the line, and
 * the answer could be lost on it.
 */
export function linger(raw: IncomingMessage): void {
  if (raw.complete) return;
  raw.unpipe();
  raw.resume();
  const timer = setTimeout(() => raw.socket.destroy(), LINGER_MS);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}
