import { LimenError } from '@limen/contract';
import type {
  ContractClient,
  Handshake,
  ImagesEvent,
  InventoryEvent,
  JobsEvent,
  MetricsEvent,
  SessionTokens,
  User,
} from '@limen/contract';
import type { RefreshTokenStore } from '../host-link/session-keeper.ts';
import type { ConnectOptions, HostConnection, HostTransport } from '../host-link/transport.ts';

export const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');
export const OTHER_FINGERPRINT = Array.from({ length: 32 }, () => 'CD').join(':');
export const EPOCH = 'e0000000-0000-4000-8000-000000000001';

export const alice: User = {
  id: 'a0000000-0000-4000-8000-000000000001' as User['id'],
  username: 'alice',
  role: 'administrator',
  createdAt: '2026-01-01T00:00:00.000Z',
};

export function snapshotEvent(revision = 1): InventoryEvent {
  const hypervisor = { state: 'connected' as const, since: '2026-01-01T00:00:00.000Z', detail: null };
  return { type: 'snapshot', epoch: EPOCH, revision, hypervisor, machines: [] };
}

const expiresAt = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** A stream the test pushes into; ends or fails when told. */
class Stream<T> implements AsyncIterableIterator<T> {
  #items: T[] = [];
  #wake: (() => void) | null = null;
  #failure: Error | null = null;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const [item] = this.#items.splice(0, 1);
      if (item !== undefined) return { done: false, value: item };
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

export class FakeConnection implements HostConnection {
  readonly certificate = { fingerprint: FINGERPRINT, subject: 'alpha', validTo: new Date('2030-01-01') };
  readonly inventory = new Stream<InventoryEvent>();
  readonly metrics = new Stream<MetricsEvent>();
  readonly jobs = new Stream<JobsEvent>();
  readonly images = new Stream<ImagesEvent>();
  readonly closed: Promise<void>;
  readonly client: ContractClient;
  readonly options: ConnectOptions;
  lastHeardAt = Date.now();
  since: unknown = null;
  isClosed = false;
  checks = 0;
  #resolveClosed: () => void = () => {};

  constructor(host: FakeHost, options: ConnectOptions) {
    this.options = options;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.client = host.clientOf(this);
  }

  check(): void {
    this.checks += 1;
  }

  dispose(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const lost = new LimenError('CONNECTION_LOST', {});
    this.inventory.fail(lost);
    this.metrics.fail(lost);
    this.jobs.fail(lost);
    this.images.fail(lost);
    this.#resolveClosed();
  }
}

/** A host as a link meets it, with every answer under the test's control. */
export class FakeHost implements HostTransport {
  reachable = true;
  fingerprint = FINGERPRINT;
  contractVersion = '1.0';
  capabilities: readonly string[] = ['metrics.live'];
  /** What clients asked to follow, by procedure. */
  readonly watched: string[] = [];
  tokenLifeMs = 600_000;
  readonly refreshTokens = new Set(['refresh-0']);
  readonly accessTokens = new Set<string>();
  readonly connections: FakeConnection[] = [];
  connectAttempts = 0;
  renewals = 0;
  #serial = 0;

  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('nobody has connected');
    return connection;
  }

  async resolve(address: string): Promise<{ host: string; port: number; ips: string[] }> {
    return { host: address, port: 8443, ips: ['192.0.2.1'] };
  }

  async connect(_address: unknown, options: ConnectOptions): Promise<HostConnection> {
    this.connectAttempts += 1;
    if (!this.reachable) throw new LimenError('CONNECTION_LOST', {});
    if (options.fingerprint !== null && options.fingerprint !== this.fingerprint) {
      throw new LimenError('CERTIFICATE_CHANGED', {
        expected: options.fingerprint,
        actual: this.fingerprint,
      });
    }
    if (options.accessToken !== null && !this.accessTokens.has(options.accessToken)) {
      throw new LimenError('UNAUTHENTICATED', { reason: 'invalid' });
    }
    const connection = new FakeConnection(this, options);
    this.connections.push(connection);
    return connection;
  }

  async openSocket(): Promise<never> {
    throw new LimenError('CONNECTION_LOST', {});
  }

  async openBytes(): Promise<never> {
    throw new LimenError('CONNECTION_LOST', {});
  }

  issue(): SessionTokens {
    this.#serial += 1;
    const accessToken = `access-${this.#serial}`;
    const refreshToken = `refresh-${this.#serial}`;
    this.accessTokens.add(accessToken);
    this.refreshTokens.add(refreshToken);
    return {
      accessToken,
      accessTokenExpiresAt: expiresAt(this.tokenLifeMs),
      refreshToken,
      refreshTokenExpiresAt: expiresAt(86_400_000),
      user: alice,
    };
  }

  clientOf(connection: FakeConnection): ContractClient {
    const handshake = (): Handshake => ({
      contractVersion: this.contractVersion,
      serviceVersion: '0.1.0',
      hostId: 'b0000000-0000-4000-8000-000000000001' as Handshake['hostId'],
      hostName: 'alpha',
      capabilities: [...this.capabilities],
    });
    const client = {
      system: { handshake: async () => handshake() },
      session: {
        renew: async ({ refreshToken }: { refreshToken: string }) => {
          this.renewals += 1;
          if (!this.refreshTokens.delete(refreshToken))
            throw new LimenError('UNAUTHENTICATED', { reason: 'revoked' });
          return this.issue();
        },
        signIn: async ({ password }: { password: string }) => {
          if (password !== 'right') throw new LimenError('UNAUTHENTICATED', { reason: 'wrong-credentials' });
          return this.issue();
        },
        pair: async () => this.issue(),
        signOut: async () => ({}),
        me: async () => alice,
      },
      inventory: {
        watch: async (input: { since?: unknown }) => {
          connection.since = input.since ?? null;
          return connection.inventory;
        },
      },
      metrics: { watch: async () => connection.metrics },
      jobs: {
        watch: async () => {
          this.watched.push('jobs');
          return connection.jobs;
        },
      },
      images: {
        watch: async () => {
          this.watched.push('images');
          return connection.images;
        },
      },
    };
    return client as unknown as ContractClient;
  }
}

export class MemoryTokens implements RefreshTokenStore {
  token: string | null;
  kept: boolean | null = null;

  constructor(token: string | null) {
    this.token = token;
  }

  keep(overRestarts: boolean): void {
    this.kept = overRestarts;
  }

  read(): string | null {
    return this.token;
  }

  write(token: string): void {
    this.token = token;
  }

  clear(): void {
    this.token = null;
  }
}
