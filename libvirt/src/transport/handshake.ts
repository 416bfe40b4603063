import { ErrorCode } from '../errors/codes.ts';
import { ErrorDomain } from '../errors/domains.ts';
import { isUnsupported, LibvirtError } from '../errors/libvirt-error.ts';
import { procedures } from '../procedures/index.ts';
import type { Connection } from './connection.ts';

const AUTH_NONE = 0;
const AUTH_SASL = 1;
const AUTH_POLKIT = 2;
const FEATURE_PROGRAM_KEEPALIVE = 10;
const READ_ONLY = 1;

export interface OpenOptions {
  /** The daemon's own view, e.g. `qemu:///system`: no transport, no socket. */
  readonly uri: string;
  /** All writes are refused by the daemon. Goes with its `-ro` socket. */
  readonly readOnly?: boolean;
  /** Deadline of the whole handshake. Default: 10 s. */
  readonly handshakeTimeoutMs?: number;
  /** Gives the handshake up. */
  readonly signal?: AbortSignal;
}

const { connect } = procedures;

/**
 * Authenticate and open the hypervisor. Asking for the list of methods is itself what authenticates root, so it
 * is never left out; a URI is always sent, because an open without one succeeds and then nothing works.
 */
export async function handshake(
  connection: Connection,
  options: OpenOptions & { keepAlive: boolean },
): Promise<void> {
  const { signal, handshakeTimeoutMs: timeoutMs = 10_000 } = options;
  const limits = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const methods = await connection.call(connect.authList, {}, limits);
  if (methods.includes(AUTH_POLKIT)) await connection.call(connect.authPolkit, {}, limits);
  else if (methods.length > 0 && !methods.includes(AUTH_NONE)) {
    throw noCommonMethod(methods);
  }
  if (options.keepAlive)
    await connection.call(connect.supportsFeature, { feature: FEATURE_PROGRAM_KEEPALIVE }, limits);
  await connection.call(
    connect.open,
    { uri: options.uri, flags: options.readOnly === true ? READ_ONLY : 0 },
    limits,
  );
  await connection.call(connect.registerCloseCallback, {}, limits).catch((error: unknown) => {
    // Drivers without it (the test driver) cannot lose their hypervisor either.
    if (!isUnsupported(error)) throw error;
  });
}

/** libvirt's own error for the case, so that callers need not tell whose mind it was. */
function noCommonMethod(methods: readonly number[]): LibvirtError {
  const asked = methods.includes(AUTH_SASL) ? 'SASL' : `the methods ${methods.join(', ')}`;
  return new LibvirtError({
    code: ErrorCode.authFailed,
    domain: ErrorDomain.rpc,
    level: 2,
    message:
      `the daemon asks for ${asked}; this client authenticates as a local user (polkit) or not at all. ` +
      'Connect over ssh, or over TLS with a client certificate and auth_tls = "none" in libvirtd.conf',
    detail: null,
  });
}
