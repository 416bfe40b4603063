import { lookup } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import { fromRequestError, PassingFailure, refuse } from './failures.ts';

export interface HttpSourceOptions {
  readonly policy: AddressPolicy;
  /** Longest time to wait for the head of an answer, and then for each piece of its body. Ms. */
  readonly patienceMs: number;
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

  constructor(options: HttpSourceOptions) {
    this.#options = options;
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
      if (!redirects.includes(response.statusCode ?? 0)) return this.#accept(at, response, signal);
      drop(response);
      const target = response.headers.location;
      if (target === undefined) throw refuse('download-failed', `${at.host}: a redirect to nowhere`);
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

  /** Resolves to the head of an answer. A connection for each: the next piece is minutes or gigabytes away. */
  async #request(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { policy, patienceMs, userAgent } = this.#options;
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      agent: false,
      lookup: judgedLookup(policy),
      signal,
      timeout: patienceMs,
      // Ranges are of the bytes as sent: those must be the file's own.
      headers: { 'accept-encoding': 'identity', 'user-agent': userAgent, ...headers },
    });
    let reading: ClientRequest | IncomingMessage = request;
    request.once('response', (response) => {
      reading = response;
      // Between the head and the first look at the body nobody else listens; who reads is told all the same.
      response.on('error', () => {});
    });
    // Of the socket: it counts anew with whatever arrives.
    request.on('timeout', () => reading.destroy(new PassingFailure(`${url.host}: nothing more arrived`)));
    const deadline = setTimeout(() => {
      request.destroy(new PassingFailure(`${url.host}: no answer in time`));
    }, patienceMs);
    try {
      return await headOf(request);
    } catch (error) {
      signal.throwIfAborted();
      throw fromRequestError(error, url.host);
    } finally {
      clearTimeout(deadline);
    }
  }

  #accept(url: URL, response: IncomingMessage, signal: AbortSignal): Answer {
    const { statusCode: status } = response;
    const header = (name: string): string | null => {
      const value = response.headers[name];
      return typeof value === 'string' ? value : null;
    };
    const close = (): void => drop(response);
    if (status === 200 || status === 206 || status === 416) {
      return { url, status, header, close, chunks: () => readBody(url, response, signal) };
    }
    close();
    const problem = `${url.host} answered with status ${status}`;
    if (!passingStatuses.includes(status ?? 0)) throw refuse('download-failed', problem);
    throw new PassingFailure(problem, { retryAfterMs: secondsIn(header('retry-after')) * 1000 });
  }
}

function headOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Stays: what goes wrong after the head is told by the body too.
    request.on('error', reject);
    request.once('response', resolve);
    request.end();
  });
}

async function* readBody(
  url: URL,
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without an encoding streams give buffers
    for await (const chunk of response) yield chunk as Buffer;
  } catch (error) {
    signal.throwIfAborted();
    throw fromRequestError(error, url.host);
  } finally {
    drop(response);
  }
}

/** The connection goes with it; what it says to that is of no interest. */
function drop(response: IncomingMessage): void {
  response.destroy();
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
