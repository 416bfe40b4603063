import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { LimenError } from '@limen/contract';
import type { ResolvedAddress } from './transport.ts';

const CONNECT_TIMEOUT_MS = 8_000;

/** What is worth showing of a certificate before it is trusted. */
export interface CertificateInfo {
  /** SHA-256 over the DER, upper-case hex pairs with colons. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly validTo: Date;
}

export interface PinnedSocket {
  readonly socket: TLSSocket;
  readonly certificate: CertificateInfo;
}

export interface PinOptions {
  /** The only certificate accepted; null accepts any, for showing its fingerprint to the person. */
  readonly fingerprint: string | null;
  readonly signal: AbortSignal;
}

/**
 * Open a TLS socket to a host and compare its certificate with the pinned one before anything is written. The pin
 * replaces the chain check (hosts sign their own certificate), so Node's own verification is off on purpose.
 * The addresses are tried in turn. Rejects with `CERTIFICATE_CHANGED`, `CONNECTION_LOST` or `CANCELLED`.
 */
export async function openPinnedSocket(address: ResolvedAddress, options: PinOptions): Promise<PinnedSocket> {
  let failure: unknown = new LimenError('CONNECTION_LOST', {});
  for (const ip of address.ips) {
    try {
      return checkPin(await handshake(ip, address, options.signal), options.fingerprint);
    } catch (error) {
      // Another address of the same name must not be tried until one shows the wanted certificate.
      if (LimenError.is(error)) throw error;
      failure = error;
    }
  }
  if (LimenError.is(failure)) throw failure;
  const message = failure instanceof Error ? failure.message : String(failure);
  throw new LimenError('CONNECTION_LOST', {}, { message, cause: failure });
}

function handshake(ip: string, address: ResolvedAddress, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new LimenError('CANCELLED', {}));
      return;
    }
    const socket = connect({
      host: ip,
      port: address.port,
      // RFC 6066: a server name is never an IP address.
      ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
    });
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      // Until its new owner listens, an error must not end the process.
      socket.on('error', ignore);
      act();
    };
    const fail = (error: Error): void =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const onError = (error: Error): void => fail(error);
    const onClose = (): void => fail(new Error('The host closed the connection during the TLS handshake'));
    const onAbort = (): void => fail(new LimenError('CANCELLED', {}));
    const timer = setTimeout(
      () => fail(new Error('No answer to the connection attempt')),
      CONNECT_TIMEOUT_MS,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once('secureConnect', () => settle(() => resolve(socket)));
    socket.setNoDelay(true);
  });
}

function checkPin(socket: TLSSocket, expected: string | null): PinnedSocket {
  const shown = socket.getPeerCertificate();
  const fingerprint = shown.fingerprint256 ?? '';
  if (fingerprint === '' || (expected !== null && fingerprint !== expected)) {
    socket.destroy();
    throw new LimenError('CERTIFICATE_CHANGED', { expected: expected ?? '', actual: fingerprint });
  }
  const commonName = shown.subject?.CN;
  return {
    socket,
    certificate: {
      fingerprint,
      subject: Array.isArray(commonName) ? commonName.join(', ') : (commonName ?? ''),
      validTo: new Date(shown.valid_to),
    },
  };
}

function ignore(): void {}
