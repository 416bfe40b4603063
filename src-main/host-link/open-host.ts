import type { Duplex } from 'node:stream';
import { type ContractClient, LimenError, type MachineId } from '@limen/contract';
import { withDeadline } from './deadline.ts';
import { toLimenError } from './rpc-errors.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type {
  ByteChannel,
  ByteChannelListener,
  HostConnection,
  HostTransport,
  ResolvedAddress,
} from './transport.ts';

const CALL_TIMEOUT_MS = 60_000;
/** Trading the refresh token is one short call. */
export const RENEWAL_TIMEOUT_MS = 15_000;

export interface OpenHostParts {
  readonly connection: HostConnection;
  readonly address: ResolvedAddress;
  readonly fingerprint: string;
  readonly transport: HostTransport;
  readonly session: SessionKeeper;
}

/** A host for as long as one connection to it holds, and what it can be used for meanwhile. */
export class OpenHost {
  readonly connection: HostConnection;
  readonly #parts: OpenHostParts;

  constructor(parts: OpenHostParts) {
    this.connection = parts.connection;
    this.#parts = parts;
  }

  /** Use the contract, with a deadline. */
  async call<T>(
    use: (client: ContractClient, signal: AbortSignal) => Promise<T>,
    outer?: AbortSignal,
  ): Promise<T> {
    try {
      return await withDeadline(CALL_TIMEOUT_MS, outer, (signal) => use(this.connection.client, signal));
    } catch (error) {
      throw this.#heed(outer?.aborted === true ? new LimenError('CANCELLED', {}, { cause: error }) : error);
    }
  }

  /** Open the bytes of a machine's console, over a socket of their own. */
  openConsole(
    console: { readonly machineId: MachineId; readonly kind: 'vnc' },
    signal: AbortSignal,
    listener: ByteChannelListener,
  ): Promise<ByteChannel> {
    const { address, fingerprint, transport } = this.#parts;
    const request = this.call((client, inner) => client.consoles.open(console, { signal: inner }), signal);
    return transport.openBytes(address, { fingerprint, request, signal }, listener);
  }

  /** A bare socket, apart from the connection's own. */
  openSocket(signal: AbortSignal): Promise<Duplex> {
    const { address, fingerprint, transport } = this.#parts;
    return transport.openSocket(address, { fingerprint, signal });
  }

  /**
   * An access token for a request over {@link openSocket}.
   *
   * @param refused the one the host did not accept; a new one is fetched then
   */
  async accessToken(refused: string | null, signal: AbortSignal): Promise<string> {
    const { session } = this.#parts;
    const { accessToken } = session;
    if (accessToken !== null && accessToken !== refused) return accessToken;
    try {
      const renewed = withDeadline(RENEWAL_TIMEOUT_MS, signal, () => session.renew(this.connection.client));
      return (await renewed).accessToken;
    } catch (error) {
      throw this.#heed(error);
    }
  }

  /** A call was refused for its token although the connection holds: connect anew, which renews or asks to sign in. */
  #heed(error: unknown): LimenError {
    const failure = toLimenError(error);
    if (LimenError.is(failure, 'UNAUTHENTICATED') && failure.data.reason !== 'wrong-credentials') {
      this.#parts.session.dropAccessToken();
      this.connection.dispose();
    }
    return failure;
  }
}
