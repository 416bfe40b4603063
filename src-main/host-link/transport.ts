import type { Duplex } from 'node:stream';
import type { Disposable } from '../common/disposable.ts';
import type { CertificateInfo } from './pinned-tls.ts';
import type { ContractClient } from '@limen/contract';

/** Where a host is, after its name was looked up. */
export interface ResolvedAddress {
  /** What the person typed; the name the certificate is asked for. */
  readonly host: string;
  readonly port: number;
  /** IP addresses, in the order they are tried. */
  readonly ips: readonly string[];
}

export interface ConnectOptions {
  /** The only certificate to talk to (SHA-256, upper-case hex pairs); null only to look at one. */
  readonly fingerprint: string | null;
  /** Sent in the upgrade's `Authorization` header; null connects anonymously. */
  readonly accessToken: string | null;
  readonly signal: AbortSignal;
}

/** One open RPC socket to one host. */
export interface HostConnection extends Disposable {
  readonly client: ContractClient;
  readonly certificate: CertificateInfo;
  /** Resolves, and never rejects, when the socket is gone, whoever ended it. Pending calls have been rejected. */
  readonly closed: Promise<void>;
  /** When the host last gave a sign of life, Unix time in ms. */
  readonly lastHeardAt: number;
  /** Ask for a sign of life now; the socket is ended when none comes within a few seconds. */
  check(): void;
}

/** Bytes of one console; `bytes` and `end` are called in order, `end` once and last. */
export interface ByteChannelListener {
  readonly bytes: (data: ArrayBuffer) => void;
  readonly end: (code: number) => void;
}

export interface ByteChannel extends Disposable {
  send(data: ArrayBuffer): void;
  /** Stop, and go on, reading from the host. */
  pause(): void;
  resume(): void;
  /** Bytes given to `send` that have not left this process. */
  readonly pendingBytes: number;
}

export interface ByteChannelRequest {
  /** Absolute path on the host, as `consoles.open` gave it. */
  readonly path: string;
  readonly ticket: string;
}

/** Ways to a host. All methods reject with `LimenError`. */
export interface HostTransport {
  resolve(address: string, signal: AbortSignal): Promise<ResolvedAddress>;
  /**
   * Rejects with `CERTIFICATE_CHANGED` before a single byte of ours is sent, with `UNAUTHENTICATED` when the host
   * refuses the token, with `CONNECTION_LOST` when it cannot be reached.
   */
  connect(address: ResolvedAddress, options: ConnectOptions): Promise<HostConnection>;
  /** A bare socket to the host, for requests of their own; its certificate is compared as in {@link connect}. */
  openSocket(
    address: ResolvedAddress,
    options: { readonly fingerprint: string; readonly signal: AbortSignal },
  ): Promise<Duplex>;
  /**
   * A socket of its own for the bytes of one console. The socket is prepared while `request` is still on its way,
   * because the time from the click to the first frame is made of these round trips.
   */
  openBytes(
    address: ResolvedAddress,
    options: {
      readonly fingerprint: string;
      readonly request: Promise<ByteChannelRequest>;
      readonly signal: AbortSignal;
    },
    listener: ByteChannelListener,
  ): Promise<ByteChannel>;
}
