import type { Duplex } from 'node:stream';
import type { ContractClient, LinkState } from '@limen/contract';

/** A host link, as far as uploads need it. All methods reject with `LimenError`, `CONNECTION_LOST` unless `live`. */
export interface UploadHost {
  readonly state: LinkState;
  /** `host:port`, for the requests' `Host` header. */
  readonly authority: string;
  /** A socket of its own, its certificate compared with the pinned one before a byte is sent. */
  openSocket(signal: AbortSignal): Promise<Duplex>;
  /**
   * An access token to send with a request.
   *
   * @param refused the one the host did not accept; another is fetched then
   */
  accessToken(refused: string | null, signal: AbortSignal): Promise<string>;
  call<T>(use: (client: ContractClient, signal: AbortSignal) => Promise<T>): Promise<T>;
}
