import type { Duplex } from 'node:stream';
import { LimenError } from '@limen/contract';
import type {
  Handshake,
  HostLink as HostLinkView,
  ImagesEvent,
  InventoryEvent,
  JobsEvent,
  LinkState,
  MetricsEvent,
} from '@limen/contract';
import type { ContractClient, SessionTokens } from '@limen/contract';
import { backoffMs } from './backoff.ts';
import { pause, withDeadline } from './deadline.ts';
import { followHost } from './follow-host.ts';
import { exchange, shakeHands, type ClientIdentity } from './handshake.ts';
import { InventoryStore } from './inventory-store.ts';
import type { LinkRecord } from './link-record.ts';
import { describeLink, initialStatus, transition, type LinkStatus } from './link-status.ts';
import { OpenHost, RENEWAL_TIMEOUT_MS } from './open-host.ts';
import { toLimenError } from './rpc-errors.ts';
import { SessionKeeper, type RefreshTokenStore } from './session-keeper.ts';
import type { Disposable } from '../common/disposable.ts';
import type { ByteChannel, HostConnection, HostTransport, ResolvedAddress } from './transport.ts';

const SIGN_OUT_TIMEOUT_MS = 5_000;
/** A link that held this long starts its back-off from the beginning; one the host ends at once does not. */
const STABLE_MS = 5_000;

/** What a link tells the rest of the application. Called synchronously and in order. */
export interface HostLinkListener {
  readonly changed: () => void;
  readonly recordChanged: (record: LinkRecord) => void;
  readonly inventory: (event: InventoryEvent) => void;
  readonly metrics: (event: MetricsEvent) => void;
  readonly jobs: (event: JobsEvent) => void;
  readonly images: (event: ImagesEvent) => void;
  /** All machines, jobs and images of the link are to be forgotten: signed out, or another user signed in. */
  readonly forgotten: () => void;
}

export interface HostLinkDependencies {
  readonly transport: HostTransport;
  readonly tokens: RefreshTokenStore;
  readonly identity: ClientIdentity;
  readonly listener: HostLinkListener;
  readonly random?: () => number;
}

/**
 * The one relation between this desktop and one host: connects, authenticates, follows, and comes back by itself
 * whenever it may. States and their order are in `link-status.ts`; no failure of one link reaches another.
 */
export class HostLink implements Disposable {
  readonly store = new InventoryStore();
  readonly #dependencies: HostLinkDependencies;
  readonly #session: SessionKeeper;
  #record: LinkRecord;
  #status: LinkStatus = initialStatus();
  #live: OpenHost | null = null;
  #running: AbortController | null = null;
  #rest: AbortController | null = null;

  constructor(record: LinkRecord, dependencies: HostLinkDependencies) {
    this.#record = record;
    this.#dependencies = dependencies;
    this.#session = new SessionKeeper(dependencies.tokens);
  }

  get record(): LinkRecord {
    return this.#record;
  }

  /** `host:port` as the person knows it. */
  get authority(): string {
    return this.#record.address;
  }

  get state(): LinkState {
    return this.#status.state;
  }

  describe(): HostLinkView {
    const live = this.#live;
    const syncedAt =
      live !== null && this.state === 'live' ? new Date(live.connection.lastHeardAt) : this.#status.syncedAt;
    return describeLink(this.#record, { ...this.#status, syncedAt });
  }

  /** @param syncedAt until when the cached inventory in {@link store} was true, if there is any */
  start(syncedAt: Date | null = null): void {
    this.#status = { ...this.#status, syncedAt };
    this.#restart();
  }

  /** A person asks to try now: also leaves the states that wait for a person. */
  retry(): void {
    if (this.state !== 'live') this.#rest?.abort();
  }

  /** The computer woke up or its network changed: what seemed dead may live, and the other way round. */
  wake(): void {
    if (this.state === 'waiting') this.#rest?.abort();
    this.#live?.connection.check();
  }

  rename(name: string): void {
    this.#saveRecord({ givenName: name });
  }

  /** Accept the certificate the host shows from now on. */
  trust(fingerprint: string): void {
    this.#saveRecord({ fingerprint });
    this.#restart();
  }

  /** Rejects with `UNAUTHENTICATED` (`wrong-credentials`), `RATE_LIMITED`, or why the host cannot be reached. */
  async signIn(credentials: { username: string; password: string; remember: boolean }): Promise<void> {
    const { username, password, remember } = credentials;
    const { device } = this.#dependencies.identity;
    await this.#authenticate(remember, (client, signal) =>
      client.session.signIn({ username, password, device }, { signal }),
    );
  }

  /** Sign in with the one-time code of a pairing link; the session is kept over restarts. */
  async pair(code: string): Promise<void> {
    const { device } = this.#dependencies.identity;
    await this.#authenticate(true, (client, signal) => client.session.pair({ code, device }, { signal }));
  }

  /** End the session, on the host too if it can be reached. Never fails: the tokens are forgotten in any case. */
  async signOut(): Promise<void> {
    const live = this.#live;
    this.#session.forget();
    if (live !== null) {
      await withDeadline(SIGN_OUT_TIMEOUT_MS, undefined, (signal) =>
        live.connection.client.session.signOut({}, { signal }),
      ).catch(() => {});
    }
    this.#forgetInventory();
    this.#saveRecord({ user: null });
    this.#restart();
  }

  /** {@link OpenHost.call}. Rejects with `CONNECTION_LOST` at once when the link is not up, like all of these. */
  async call<T>(
    use: (client: ContractClient, signal: AbortSignal) => Promise<T>,
    outer?: AbortSignal,
  ): Promise<T> {
    return this.#requireLive().call(use, outer);
  }

  /** For streams, which end with the connection. Throws `CONNECTION_LOST` when there is none. */
  liveClient(): ContractClient {
    return this.#requireLive().connection.client;
  }

  /** {@link OpenHost.openConsole} */
  async openConsole(...wish: Parameters<OpenHost['openConsole']>): Promise<ByteChannel> {
    return this.#requireLive().openConsole(...wish);
  }

  /** {@link OpenHost.openSocket} */
  async openSocket(signal: AbortSignal): Promise<Duplex> {
    return this.#requireLive().openSocket(signal);
  }

  /** {@link OpenHost.accessToken} */
  async accessToken(refused: string | null, signal: AbortSignal): Promise<string> {
    return this.#requireLive().accessToken(refused, signal);
  }

  dispose(): void {
    this.#running?.abort();
    this.#rest?.abort();
    this.#live?.connection.dispose();
    this.#live = null;
  }

  async #authenticate(
    remember: boolean,
    act: (client: ContractClient, signal: AbortSignal) => Promise<SessionTokens>,
  ): Promise<void> {
    const { transport, identity } = this.#dependencies;
    const tokens = await exchange(transport, this.#record, async ({ client }, signal) => {
      await shakeHands(client, identity, signal);
      return act(client, signal);
    });
    if (this.#record.user !== null && this.#record.user.id !== tokens.user.id) this.#forgetInventory();
    this.#session.accept(tokens, remember);
    this.#saveRecord({ user: tokens.user });
    this.#restart();
  }

  #restart(): void {
    this.dispose();
    const running = new AbortController();
    this.#running = running;
    this.#move(running.signal, 'idle', { handshake: null });
    // `#run` ends only by `running`, and catches whatever an attempt fails with.
    void this.#run(running.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const error = await this.#attempt(signal);
      if (signal.aborted) return;
      const { state, since } = this.#status;
      if (state === 'live' && Date.now() - since.getTime() >= STABLE_MS) failures = 0;
      const syncedAt = this.describe().syncedAt;
      this.#live = null;
      const change = { error, syncedAt: syncedAt === null ? null : new Date(syncedAt) };
      const hold = this.#stateThatNeedsAPerson(error);
      if (hold !== null) {
        this.#move(signal, hold, change);
        await this.#resting(signal, null);
        failures = 0;
      } else {
        failures += 1;
        const ms = backoffMs(failures, this.#dependencies.random);
        this.#move(signal, 'waiting', { ...change, retryAt: new Date(Date.now() + ms) });
        await this.#resting(signal, ms);
      }
    }
  }

  /** One attempt from looking up the name to the end of the connection. Resolves with why it ended. */
  async #attempt(signal: AbortSignal): Promise<LimenError> {
    if (!this.#session.isSignedIn) return new LimenError('UNAUTHENTICATED', { reason: 'missing' });
    const { transport, listener } = this.#dependencies;
    let connection: HostConnection | null = null;
    try {
      this.#move(signal, 'resolving');
      const address = await transport.resolve(this.#record.address, signal);
      this.#move(signal, 'connecting');
      connection = await this.#connect(address, signal);
      this.#move(signal, 'authenticating');
      const handshake = await this.#authenticated(connection, signal);
      const { fingerprint } = this.#record;
      this.#live = new OpenHost({ connection, address, fingerprint, transport, session: this.#session });
      this.#move(signal, 'syncing', { handshake });
      const inventory = (event: InventoryEvent): void => {
        if (signal.aborted) return;
        listener.inventory(event);
        if (this.state !== 'live') this.#move(signal, 'live');
      };
      return await followHost(
        { connection, handshake, session: this.#session, store: this.store },
        { inventory, metrics: listener.metrics, jobs: listener.jobs, images: listener.images },
        signal,
      );
    } catch (error) {
      const failure = toLimenError(error);
      // What the host has no faith in must not be offered again; the refresh token decides what comes next.
      if (failure.code === 'UNAUTHENTICATED') this.#session.dropAccessToken();
      return failure;
    } finally {
      connection?.dispose();
    }
  }

  async #connect(address: ResolvedAddress, signal: AbortSignal): Promise<HostConnection> {
    const { transport } = this.#dependencies;
    const { fingerprint } = this.#record;
    const { accessToken } = this.#session;
    try {
      return await transport.connect(address, { fingerprint, accessToken, signal });
    } catch (error) {
      if (accessToken === null || !LimenError.is(error, 'UNAUTHENTICATED')) throw error;
      this.#session.dropAccessToken();
      return transport.connect(address, { fingerprint, accessToken: null, signal });
    }
  }

  async #authenticated(connection: HostConnection, signal: AbortSignal): Promise<Handshake> {
    const handshake = await shakeHands(connection.client, this.#dependencies.identity, signal);
    if (this.#session.accessToken === null) {
      const tokens = await withDeadline(RENEWAL_TIMEOUT_MS, signal, () =>
        this.#session.renew(connection.client),
      );
      this.#saveRecord({ user: tokens.user });
    }
    const { hostName, hostId } = handshake;
    if (this.#record.hostId !== null && this.#record.hostId !== hostId) this.#forgetInventory();
    this.#saveRecord({ hostName, hostId });
    return handshake;
  }

  #requireLive(): OpenHost {
    if (this.#live === null) throw new LimenError('CONNECTION_LOST', {});
    return this.#live;
  }

  #forgetInventory(): void {
    this.store.reset();
    this.#status = { ...this.#status, syncedAt: null };
    this.#dependencies.listener.forgotten();
  }

  #saveRecord(change: Partial<LinkRecord>): void {
    const before = JSON.stringify(this.#record);
    this.#record = { ...this.#record, ...change };
    if (JSON.stringify(this.#record) === before) return;
    this.#dependencies.listener.recordChanged(this.#record);
    this.#dependencies.listener.changed();
  }

  #stateThatNeedsAPerson(error: LimenError): LinkState | null {
    // Only the access token was refused while there still is a refresh token: the next attempt trades it.
    if (error.code === 'UNAUTHENTICATED') return this.#session.isSignedIn ? null : 'needs-sign-in';
    if (error.code === 'INCOMPATIBLE') return 'incompatible';
    if (error.code === 'CERTIFICATE_CHANGED') return 'untrusted';
    return null;
  }

  /** An attempt that was called off may still be unwinding; it has no say any more. */
  #move(signal: AbortSignal, to: LinkState, change: Parameters<typeof transition>[2] = {}): void {
    if (signal.aborted) return;
    this.#status = transition(this.#status, to, change);
    this.#dependencies.listener.changed();
  }

  async #resting(signal: AbortSignal, ms: number | null): Promise<void> {
    const rest = new AbortController();
    this.#rest = rest;
    const stop = (): void => rest.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (ms === null) await aborted(rest.signal);
    else await pause(ms, rest.signal);
    signal.removeEventListener('abort', stop);
    if (this.#rest === rest) this.#rest = null;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
