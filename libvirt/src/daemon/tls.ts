import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import { connectTcp, type TcpTarget } from './sockets.ts';
import { readTlsCredentials, type TlsCredentials } from './tls-credentials.ts';

/** What the daemon sends once it has accepted the client's certificate, before the first message. */
const ACCEPTED = 1;

export interface TlsTarget extends TcpTarget {
  /** A folder with `cacert.pem`, `clientcert.pem` and `clientkey.pem`, instead of libvirt's own places. */
  readonly pkipath: string | null;
  /** Check the daemon's certificate and that it is for `host`. */
  readonly verify: boolean;
}

/**
 * Connect to a daemon's TLS port and wait until it has accepted our certificate. Rejects with ConnectionLostError
 * saying whose certificate was refused, and why if that is known.
 */
export async function connectTls(target: TlsTarget, signal: AbortSignal): Promise<TLSSocket> {
  const credentials = await readTlsCredentials(target.pkipath);
  if (credentials.ca === null && target.pkipath !== null && target.verify) {
    throw new ConnectionLostError(`there is no cacert.pem in ${target.pkipath} to check the daemon with`);
  }
  const socket = connect(tlsOptions(target, credentials, await connectTcp(target, signal)));
  const abandon = () => socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener('abort', abandon, { once: true });
  let secured = false;
  try {
    await once(socket, 'secureConnect');
    secured = true;
    await accepted(socket);
    return socket;
  } catch (error) {
    socket.destroy();
    throw explained(error, { target, credentials, secured });
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

function tlsOptions(
  { host, verify }: TlsTarget,
  { ca, crl, identity }: TlsCredentials,
  socket: NonNullable<ConnectionOptions['socket']>,
): ConnectionOptions {
  return {
    socket,
    host,
    rejectUnauthorized: verify,
    // An address is no server name (RFC 6066), yet the certificate is checked against `host` all the same.
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== null && { ca }),
    ...(crl !== null && { crl }),
    ...identity,
  };
}

/** Takes exactly the one byte: what may follow it belongs to the conversation. */
function accepted(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off('readable', look).off('end', refused).off('close', refused).off('error', failed);
      act();
    };
    const look = () => {
      const byte = socket.read(1) as Buffer | null;
      if (byte === null) return;
      if (byte[0] === ACCEPTED) settle(resolve);
      else refused();
    };
    const refused = () => settle(() => reject(new Error('it hung up after the handshake')));
    const failed = (error: Error) => settle(() => reject(error));
    socket.on('readable', look).on('end', refused).on('close', refused).on('error', failed);
    look();
  });
}

interface Circumstances {
  readonly target: TlsTarget;
  readonly credentials: TlsCredentials;
  /** The handshake was done on our side, so the trouble lies with what we presented. */
  readonly secured: boolean;
}

function explained(error: unknown, { target, credentials, secured }: Circumstances): ConnectionLostError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const daemon = `the daemon at ${target.host} port ${target.port}`;
  const oursRefused = secured || code.startsWith('ERR_SSL_');
  const { identity, certPaths } = credentials;
  if (!oursRefused) {
    return new ConnectionLostError(`the certificate of ${daemon} is not accepted: ${reason}`, {
      cause: error,
    });
  }
  const presented =
    identity === null
      ? `there is no client certificate to present (looked for ${certPaths.join(', ')})`
      : 'it does not accept the client certificate, or refuses its name';
  return new ConnectionLostError(`${daemon} refused the TLS connection: ${reason}; ${presented}`, {
    cause: error,
  });
}
