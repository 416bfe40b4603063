import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ContractClient, JobId, LinkState } from '@limen/contract';
import { LimenError, UPLOAD_JOB_HEADER, UPLOADS_PATH } from '@limen/contract';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { type HostCertificate, loadOwnCertificate } from '../../host-service/src/auth/certificate.ts';
import { openPinnedSocket } from '../host-link/pinned-tls.ts';
import type { UploadHost } from '../uploads/upload-host.ts';

/** What happens to the line once so many bytes of one request have gone through it. */
export interface Incident {
  readonly afterBytes: number;
  readonly happens: (socket: Duplex) => void;
}

/** The line is cut. */
export function cutAfter(afterBytes: number): Incident {
  return { afterBytes, happens: (socket) => socket.destroy() };
}

/** A real tus server behind TLS, and the link to it, whose line and tokens are under the test's control. */
export class TusHost implements UploadHost {
  state: LinkState = 'live';
  fingerprint: string;
  jobId: JobId | null = null;
  /** In the order they come; each happens once. */
  incidents: Incident[] = [];
  renewals = 0;
  readonly cancelledJobs: JobId[] = [];
  /** Requests that were let in: method and, for `PATCH`, offset. */
  readonly requests: string[] = [];
  readonly metadata: Record<string, string | null>[] = [];
  /** Bytes that came in over all lines, TLS and headers included. */
  received = 0;
  /** The most `PATCH` requests there were at a time. */
  mostAtOnce = 0;
  #validToken = 'token-1';
  #heldToken = 'token-1';
  readonly #server: HttpsServer;
  readonly #folder: string;

  private constructor(server: HttpsServer, folder: string, certificate: HostCertificate) {
    this.#server = server;
    this.#folder = folder;
    this.fingerprint = certificate.fingerprint;
  }

  static async start(): Promise<TusHost> {
    const folder = mkdtempSync(join(tmpdir(), 'limen-tus-'));
    const certificate = await loadOwnCertificate(folder, ['localhost']);
    const server = createServer({ cert: certificate.certificate, key: certificate.key });
    const host = new TusHost(server, folder, certificate);
    host.#serve();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return host;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    rmSync(this.#folder, { recursive: true });
  }

  get authority(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Offsets at which the client began to send. */
  get offsets(): number[] {
    return this.requests.filter((line) => line.startsWith('PATCH')).map((line) => Number(line.split(' ')[1]));
  }

  /** SHA-256 of the files that were uploaded, finished or not. */
  get files(): string[] {
    return this.#uploads.map((name) =>
      createHash('sha256')
        .update(readFileSync(join(this.#folder, 'uploads', name)))
        .digest('hex'),
    );
  }

  /** Give up what is unfinished, as hosts do after some days. */
  expireUploads(): void {
    for (const name of readdirSync(join(this.#folder, 'uploads')))
      rmSync(join(this.#folder, 'uploads', name));
  }

  /** The token the desktop holds is not accepted any more. */
  expireToken(): void {
    this.#validToken = `token-${this.renewals + 2}`;
  }

  async openSocket(signal: AbortSignal): Promise<Duplex> {
    if (this.state !== 'live') throw new LimenError('CONNECTION_LOST', {});
    const { port } = this.#server.address() as AddressInfo;
    const address = { host: 'localhost', port, ips: ['127.0.0.1'] };
    const { socket } = await openPinnedSocket(address, { fingerprint: this.fingerprint, signal });
    socket.on('drain', () => {
      const [next] = this.incidents;
      if (next === undefined || socket.bytesWritten < next.afterBytes) return;
      this.incidents = this.incidents.slice(1);
      next.happens(socket);
    });
    return socket;
  }

  async accessToken(refused: string | null): Promise<string> {
    if (refused === this.#heldToken) {
      this.renewals += 1;
      this.#heldToken = this.#validToken;
    }
    return this.#heldToken;
  }

  async call<T>(use: (client: ContractClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    const cancel = async ({ jobId }: { jobId: JobId }): Promise<void> => void this.cancelledJobs.push(jobId);
    return use({ jobs: { cancel } } as unknown as ContractClient, new AbortController().signal);
  }

  get #uploads(): string[] {
    return readdirSync(join(this.#folder, 'uploads')).filter((name) => !name.endsWith('.json'));
  }

  #serve(): void {
    const tus = new Server({
      path: UPLOADS_PATH,
      datastore: new FileStore({ directory: join(this.#folder, 'uploads') }),
      onUploadCreate: async (_request, upload) => {
        this.metadata.push(upload.metadata ?? {});
        return {};
      },
      onUploadFinish: async () =>
        this.jobId === null ? {} : { headers: { [UPLOAD_JOB_HEADER]: this.jobId } },
    });
    this.#server.on('secureConnection', (socket) => {
      socket.once('close', () => {
        this.received += socket.bytesRead;
      });
    });
    let atOnce = 0;
    this.#server.on('request', (request, response) => {
      if (request.headers.authorization !== `Bearer ${this.#validToken}`) {
        response.writeHead(401).end();
        return;
      }
      this.requests.push(`${request.method} ${String(request.headers['upload-offset'] ?? '')}`.trim());
      if (request.method === 'PATCH') {
        atOnce += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, atOnce);
        response.once('close', () => {
          atOnce -= 1;
        });
      }
      void tus.handle(request, response);
    });
  }
}
