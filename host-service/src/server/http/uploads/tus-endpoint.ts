import { randomUUID } from 'node:crypto';
import { imageId, type JobId, LimenError, UPLOAD_JOB_HEADER, UPLOADS_PATH } from '@limen/contract';
import { Server } from '@tus/server';
import type { UploadRecord } from '../../../ports/upload-files.ts';
import type { Principal } from '../../../ports/principal.ts';
import type { Uploads } from '../../../services/images/uploads.ts';
import { fromTusError, tusRefusal } from './tus-refusal.ts';
import { UploadLocker } from './upload-locker.ts';
import { UploadStore } from './upload-store.ts';

/** One request to the endpoint, and what is found out about it on the way. */
export interface UploadExchange {
  readonly requestId: string;
  readonly principal: Principal;
  /** The upload it is about, once that is known to be the caller's. */
  record: UploadRecord | null;
  /** The job it has become. */
  jobId: JobId | null;
  failure: LimenError | null;
}

/** Whoever held an upload before is cut off at once; what had come of it is written all the same. In ms; 0 is the default. */
const LOCK_DRAIN_MS = 1;

/** tus 1.0.0 for our uploads. Who calls has been found out before. */
export class TusEndpoint {
  readonly #uploads: Uploads;
  readonly #server: Server;
  readonly #exchanges = new WeakMap<Request, UploadExchange>();

  constructor(uploads: Uploads, onBytes: (count: number) => void) {
    this.#uploads = uploads;
    this.#server = new Server({
      path: UPLOADS_PATH,
      datastore: new UploadStore(uploads, onBytes),
      locker: new UploadLocker(),
      lockDrainTimeout: LOCK_DRAIN_MS,
      relativeLocation: true,
      // Pages have no business here: no header that lets them in.
      allowedOrigins: () => false,
      namingFunction: () => randomUUID(),
      onIncomingRequest: (request, id) => this.#admit(request, id),
      onUploadCreate: async (request, { id, size, metadata }) => {
        const exchange = this.#of(request);
        exchange.record = await uploads.begin(exchange.principal, {
          id: imageId.parse(id),
          bytes: size,
          metadata: metadata ?? {},
        });
        return {};
      },
      onUploadFinish: async (request, { id }) => ({ headers: await this.#handOver(this.#of(request), id) }),
      onResponseError: (request, error) => {
        const exchange = this.#of(request);
        exchange.failure = fromTusError(error, exchange.requestId);
        return undefined;
      },
    });
  }

  /** Rejects with the `LimenError` the request is refused with, which is also in the exchange then. */
  async handle(request: Request, exchange: UploadExchange): Promise<Response> {
    this.#exchanges.set(request, exchange);
    const response = await this.#server.handleWeb(request);
    if (exchange.failure === null && response.status >= 400)
      exchange.failure = tusRefusal(response.status, await response.text());
    if (exchange.failure !== null) throw exchange.failure;
    if (request.method === 'HEAD' && exchange.jobId !== null)
      response.headers.set(UPLOAD_JOB_HEADER, exchange.jobId);
    return response;
  }

  /** Nobody hears of another's upload. */
  async #admit(request: Request, id: string): Promise<void> {
    const exchange = this.#of(request);
    if (request.method === 'POST') return;
    exchange.record = await this.#uploads.find(exchange.principal, id);
    if (request.method === 'HEAD') exchange.jobId = await this.#uploads.handOver(id);
    // It is a job's by now; whoever asks hears of that.
    if (request.method === 'PATCH' && exchange.record.jobId !== null)
      throw new LimenError('CONFLICT', { reason: 'busy' });
  }

  async #handOver(exchange: UploadExchange, id: string): Promise<Record<string, string>> {
    exchange.jobId = await this.#uploads.handOver(id);
    return exchange.jobId === null ? {} : { [UPLOAD_JOB_HEADER]: exchange.jobId };
  }

  #of(request: Request): UploadExchange {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) throw new LimenError('INTERNAL', {}, { message: 'a request of nobody' });
    return exchange;
  }
}
