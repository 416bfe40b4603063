import { LimenError } from '@limen/contract';
import type { ContractClient, SessionTokens } from '@limen/contract';

/** Where the refresh token of one link lives between runs. */
export interface RefreshTokenStore {
  /** Whether tokens written from now on outlive this run (where the machine has a keyring). */
  keep(overRestarts: boolean): void;
  read(): string | null;
  write(token: string): void;
  clear(): void;
}

/** An access token this close to its end is not worth connecting with: the clocks of two machines differ. */
const USABLE_MARGIN_MS = 10_000;
/** However wrong a clock is, renewing more often than this would be a loop. */
const LEAST_RENEWAL_MS = 20_000;

/**
 * The tokens of one link. The access token lives in memory only; the refresh token rotates at every renewal and is
 * stored before anything else happens, because the host accepts the old one for a few seconds only.
 */
export class SessionKeeper {
  readonly #store: RefreshTokenStore;
  #access: { readonly token: string; readonly receivedAt: number; readonly expiresAt: number } | null = null;
  #renewing: Promise<SessionTokens> | null = null;

  constructor(store: RefreshTokenStore) {
    this.#store = store;
  }

  /** A token worth sending in the upgrade, or null: then connect anonymously and {@link renew}. */
  get accessToken(): string | null {
    if (this.#access === null || this.#access.expiresAt - Date.now() < USABLE_MARGIN_MS) return null;
    return this.#access.token;
  }

  get isSignedIn(): boolean {
    return this.accessToken !== null || this.#store.read() !== null;
  }

  /** Milliseconds until renewal is due, at 80 % of the access token's life. */
  get renewInMs(): number {
    if (this.#access === null) return 0;
    const { receivedAt, expiresAt } = this.#access;
    const life = Math.max(LEAST_RENEWAL_MS, (expiresAt - receivedAt) * 0.8);
    return Math.max(0, receivedAt + life - Date.now());
  }

  /** Milliseconds until the host stops honouring the access token; 0 when there is none. */
  get expiresInMs(): number {
    return this.#access === null ? 0 : Math.max(0, this.#access.expiresAt - Date.now());
  }

  /** @param keep whether a person asked to stay signed in; left out at a renewal, which changes nothing in that */
  accept(tokens: SessionTokens, keep?: boolean): void {
    if (keep !== undefined) this.#store.keep(keep);
    this.#store.write(tokens.refreshToken);
    this.#access = {
      token: tokens.accessToken,
      receivedAt: Date.now(),
      expiresAt: Date.parse(tokens.accessTokenExpiresAt),
    };
  }

  /** The host refused the access token; the refresh token may still be good. */
  dropAccessToken(): void {
    this.#access = null;
  }

  forget(): void {
    this.#access = null;
    this.#store.clear();
  }

  /**
   * Trade the refresh token for new tokens over `client`, whose socket the host then counts as signed in. One at a
   * time: the token is single-use. Rejects with `UNAUTHENTICATED` when only signing in again helps; the tokens are
   * forgotten then.
   */
  renew(client: ContractClient): Promise<SessionTokens> {
    this.#renewing ??= this.#renewOnce(client).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(client: ContractClient): Promise<SessionTokens> {
    const refreshToken = this.#store.read();
    if (refreshToken === null) throw new LimenError('UNAUTHENTICATED', { reason: 'missing' });
    try {
      const tokens = await client.session.renew({ refreshToken });
      this.accept(tokens);
      return tokens;
    } catch (error) {
      // Only if no other sign-in replaced it meanwhile.
      if (LimenError.is(error, 'UNAUTHENTICATED') && this.#store.read() === refreshToken) this.forget();
      throw error;
    }
  }
}
