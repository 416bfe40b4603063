import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LimenError } from '@limen/contract';
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { httpRefusal } from './http-refusal.ts';
import type { UploadHost } from './upload-host.ts';

/** A line that carries nothing in either direction for this long is dead. */
const IDLE_TIMEOUT_MS = 60_000;
/** Of an answer that is no success, what is read to find its reason. */
const KEPT_BODY_BYTES = 64 << 10;

/** Part of a file; what tus-js-client hands from its file source to its HTTP stack. */
export type SizedStream = Readable & { readonly size: number };

/**
 * HTTP for tus-js-client over the sockets of a host link: the certificate is the pinned one, and every request
 * carries the token of that moment. Only the path of a URL counts: whatever a host says, a request of ours never
 * goes anywhere but to that host. Answers other than successes reject with `LimenError`, because tus-js-client would
 * take a refused token for an upload that is gone and start it anew.
 */
export class PinnedHttpStack implements HttpStack {
  readonly #host: UploadHost;
  readonly #signal: AbortSignal;

  constructor(host: UploadHost, signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
  }

  createRequest(method: string, url: string): HttpRequest {
    return new PinnedRequest(this.#host, this.#signal, { method, url });
  }

  getName(): string {
    return 'PinnedHttpStack';
  }
}

class PinnedRequest implements HttpRequest {
  readonly #host: UploadHost;
  readonly #outer: AbortSignal;
  readonly #target: { readonly method: string; readonly url: string };
  readonly #headers = new Map<string, string>();
  readonly #aborted = new AbortController();
  #onProgress: (bytesSent: number) => void = () => {};

  constructor(
    host: UploadHost,
    signal: AbortSignal,
    target: { readonly method: string; readonly url: string },
  ) {
    this.#host = host;
    this.#outer = signal;
    this.#target = target;
  }

  getMethod(): string {
    return this.#target.method;
  }

  getURL(): string {
    return this.#target.url;
  }

  setHeader(header: string, value: string): void {
    this.#headers.set(header, value);
  }

  getHeader(header: string): string | undefined {
    return this.#headers.get(header);
  }

  setProgressHandler(handler: (bytesSent: number) => void): void {
    this.#onProgress = handler;
  }

  async send(body: SizedStream | null): Promise<HttpResponse> {
    const stop = (): void => this.#aborted.abort();
    this.#outer.addEventListener('abort', stop, { once: true });
    try {
      if (this.#outer.aborted) stop();
      return await this.#sendAuthorised(body);
    } finally {
      this.#outer.removeEventListener('abort', stop);
      body?.destroy();
    }
  }

  abort(): Promise<void> {
    this.#aborted.abort();
    return Promise.resolve();
  }

  getUnderlyingObject(): null {
    return null;
  }

  async #sendAuthorised(body: SizedStream | null): Promise<HttpResponse> {
    const { signal } = this.#aborted;
    const token = await this.#host.accessToken(null, signal);
    try {
      return await this.#sendOnce(token, body);
    } catch (error) {
      if (!LimenError.is(error, 'UNAUTHENTICATED')) throw error;
      const another = await this.#host.accessToken(token, signal);
      // A body has been read; the next attempt asks the host first how much of it arrived.
      if (body !== null) throw error;
      return this.#sendOnce(another, null);
    }
  }

  async #sendOnce(token: string, body: SizedStream | null): Promise<HttpResponse> {
    const { signal } = this.#aborted;
    const socket = await this.#host.openSocket(signal);
    const { pathname, search, host } = new URL(this.#target.url);
    const request = httpRequest({
      method: this.#target.method,
      path: pathname + search,
      headers: {
        ...Object.fromEntries(this.#headers),
        Host: host,
        Authorization: `Bearer ${token}`,
        'Content-Length': String(body?.size ?? 0),
      },
      // Uploads take minutes: one socket each costs nothing, and leaves nothing to be kept alive.
      createConnection: () => socket,
      signal,
      timeout: IDLE_TIMEOUT_MS,
    });
    request.once('timeout', () => request.destroy(new Error('The host stopped answering')));
    try {
      return await answerTo(request, body, this.#onProgress);
    } catch (error) {
      if (LimenError.is(error)) throw error;
      if (signal.aborted) throw new LimenError('CANCELLED', {}, { cause: error });
      const message = error instanceof Error ? error.message : String(error);
      throw new LimenError('CONNECTION_LOST', {}, { message, cause: error });
    } finally {
      request.destroy();
      socket.destroy();
    }
  }
}

function answerTo(
  request: ClientRequest,
  body: SizedStream | null,
  onProgress: (bytesSent: number) => void,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    // A host may refuse in the middle of the body: its answer decides, not that it stopped reading.
    let answered = false;
    request.once('response', (response) => {
      answered = true;
      readAnswer(response).then(resolve, reject);
    });
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    request.once('close', () => {
      if (!answered) reject(new Error('The host closed the connection without an answer'));
    });
    if (body === null) {
      request.end();
      return;
    }
    pipeline(body, counter(onProgress), request).catch((error: unknown) => {
      // Of the file's end this is the only sign; the network's is also an `error` of the request.
      if (!answered) reject(error);
    });
  });
}

function counter(onProgress: (bytesSent: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onProgress(bytes);
      done(null, chunk);
    },
  });
}

async function readAnswer(response: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let kept = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (kept < KEPT_BODY_BYTES) chunks.push(chunk);
    kept += chunk.length;
  }
  const status = response.statusCode ?? 0;
  const text = Buffer.concat(chunks).toString('utf8');
  if (status < 200 || status > 299) throw httpRefusal(status, text);
  return {
    getStatus: () => status,
    getHeader: (name) => {
      const value = response.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    getBody: () => text,
    getUnderlyingObject: () => response,
  };
}
