import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import type { AddressPolicy } from './address-policy.ts';
import { fromRequestError, PassingFailure, refuse } from './failures.ts';

export interface HttpTimings {
  readonly connectMs: number;
  /** From the request to the head of the answer. */
  readonly answerMs: number;
  /** Longest time in which nothing arrives. */
  readonly stallMs: number;
}

export interface HttpSourceOptions {
  readonly policy: AddressPolicy;
  readonly timings: HttpTimings;
  readonly userAgent: string;
}

export interface GetOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly mayBecomeInsecure: boolean;
}

/** A head of an answer that is no redirect and no refusal, its body not yet read. */
export interface Answer {
  /** Where it came from, after redirects. */
  readonly url: URL;
  readonly status: 200 | 206 | 416;
  header(name: string): string | null;
  /** Rejects with a {@link PassingFailure} where asking again may help. */
  chunks(): AsyncGenerator<Buffer, void, void>;
  /** Read no further. */
  close(): void;
}

const MAX_REDIRECTS = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];
/** Request Timeout, Too Early, Too Many Requests, and servers in trouble (RFC 9110, RFC 6585). */
const passingStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/**
 * Asks servers, at permitted addresses only: an address written in a URL is looked at before anything is sent, one
 * that a name stands for when it is connected to, so that no second answer of the name server can differ from the one
 * that was judged. Redirects are followed here, each judged like the first address.
 */
export class HttpSource {
  readonly #options: HttpSourceOptions;
  readonly #agent: Agent;

  constructor(options: HttpSourceOptions) {
    const { policy, timings } = options;
    this.#options = options;
    this.#agent = new Agent({
      connect: { lookup: judgedLookup(policy), timeout: timings.connectMs },
      headersTimeout: timings.answerMs,
      bodyTimeout: timings.stallMs,
      pipelining: 0,
    });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** What can be said of an address without asking anybody. Throws `UNSUITABLE_IMAGE`. */
  check(url: string | URL, base?: URL): URL {
    if (!URL.canParse(String(url), base?.href)) throw refuse('download-failed', 'this is no address');
    const parsed = new URL(url, base);
    if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
      throw refuse('forbidden-address', `${parsed.protocol} is neither http nor https`);
    }
    if (parsed.username !== '' || parsed.password !== '') {
      throw refuse('forbidden-address', 'an address with a name or password in it');
    }
    const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) !== 0 && !this.#options.policy.permits(host)) throw forbidden(host);
    return parsed;
  }

  /** Rejects with a {@link PassingFailure} where asking again may help, else `UNSUITABLE_IMAGE` or the abort's reason. */
  async get(url: string, { signal, headers = {}, mayBecomeInsecure }: GetOptions): Promise<Answer> {
    let at = this.check(url);
    for (let followed = 0; followed <= MAX_REDIRECTS; followed++) {
      const response = await this.#request(at, headers, signal);
      const { statusCode, body } = response;
      if (!redirects.includes(statusCode)) return this.#accept(at, response, signal);
      dropBody(body);
      const target = response.headers.location;
      if (typeof target !== 'string') throw refuse('download-failed', `${at.host}: a redirect to nowhere`);
      const next = this.check(target, at);
      if (at.protocol === 'https:' && next.protocol === 'http:' && !mayBecomeInsecure) {
        throw refuse(
          'download-failed',
          `${at.host} leads to ${next.host} without encryption; give a checksum to allow that`,
        );
      }
      at = next;
    }
    throw refuse('too-many-redirects', `more than ${MAX_REDIRECTS} redirects, the last to ${at.host}`);
  }

  async #request(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await request(url, {
        dispatcher: this.#agent,
        signal,
        // Ranges are of the bytes as sent: those must be the file's own.
        headers: { 'accept-encoding': 'identity', 'user-agent': this.#options.userAgent, ...headers },
      });
    } catch (error) {
      signal.throwIfAborted();
      throw fromRequestError(error, url.host);
    }
  }

  #accept(url: URL, { statusCode, headers, body }: Dispatcher.ResponseData, signal: AbortSignal): Answer {
    const header = (name: string): string | null => {
      const value = headers[name];
      return typeof value === 'string' ? value : null;
    };
    const close = (): void => dropBody(body);
    if (statusCode === 200 || statusCode === 206 || statusCode === 416) {
      return { url, status: statusCode, header, close, chunks: () => readBody(url, body, signal) };
    }
    close();
    const problem = `${url.host} answered with status ${statusCode}`;
    if (!passingStatuses.includes(statusCode)) throw refuse('download-failed', problem);
    throw new PassingFailure(problem, { retryAfterMs: secondsIn(header('retry-after')) * 1000 });
  }
}

async function* readBody(
  url: URL,
  body: Dispatcher.ResponseData['body'],
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- undici's bodies are of buffers until told otherwise
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    signal.throwIfAborted();
    throw fromRequestError(error, url.host);
  } finally {
    dropBody(body);
  }
}

/** The connection goes with it; what it says to that is of no interest. */
function dropBody(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}

/** Only whole seconds; a date is rare, and waiting as long as for any other failure will do. */
function secondsIn(retryAfter: string | null): number {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
}

/** Answers with the permitted addresses of a name, and fails when there are none. */
function judgedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const permitted = found.filter(({ address }) => policy.permits(address));
      const [first] = permitted;
      if (first === undefined) return callback(forbidden(hostname), '', 0);
      if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

function forbidden(host: string) {
  return refuse(
    'forbidden-address',
    `${host} is not in the public internet; storage.allowPrivateAddresses of the host’s configuration can allow it`,
  );
}
