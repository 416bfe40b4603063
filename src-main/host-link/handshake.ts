import { CONTRACT_VERSION, isCompatible, LimenError } from '@limen/contract';
import type { ContractClient, Handshake } from '@limen/contract';
import { withDeadline } from './deadline.ts';
import type { HostConnection, HostTransport } from './transport.ts';

const HANDSHAKE_TIMEOUT_MS = 8_000;
const EXCHANGE_TIMEOUT_MS = 20_000;

/** Who connects, as the host lists it. */
export interface ClientIdentity {
  readonly name: string;
  readonly version: string;
  /** For the list of sessions, e.g. "LIMEN 0.1 on laptop (linux)". */
  readonly device: string;
}

/** Exchange versions; says what the host answered, compatible or not. */
export async function readHandshake(
  client: ContractClient,
  identity: ClientIdentity,
  outer?: AbortSignal,
): Promise<Handshake> {
  const input = {
    contractVersion: CONTRACT_VERSION,
    client: { name: identity.name, version: identity.version },
  };
  return withDeadline(HANDSHAKE_TIMEOUT_MS, outer, (signal) => client.system.handshake(input, { signal }));
}

/** Exchange versions; rejects with `INCOMPATIBLE` when the two cannot work together. */
export async function shakeHands(
  client: ContractClient,
  identity: ClientIdentity,
  outer?: AbortSignal,
): Promise<Handshake> {
  const handshake = await readHandshake(client, identity, outer);
  if (!isCompatible(CONTRACT_VERSION, handshake.contractVersion)) {
    throw new LimenError('INCOMPATIBLE', { client: CONTRACT_VERSION, host: handshake.contractVersion });
  }
  return handshake;
}

/**
 * Open an anonymous connection for one exchange (a probe, a sign-in) and close it again. Apart from the link's own
 * connection, so that a wrong password does not disturb a link and no idle anonymous socket burdens the host.
 */
export async function exchange<T>(
  transport: HostTransport,
  target: { readonly address: string; readonly fingerprint: string | null },
  act: (connection: HostConnection, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withDeadline(EXCHANGE_TIMEOUT_MS, undefined, async (signal) => {
    const address = await transport.resolve(target.address, signal);
    const connection = await transport.connect(address, {
      fingerprint: target.fingerprint,
      accessToken: null,
      signal,
    });
    try {
      return await act(connection, signal);
    } finally {
      connection.dispose();
    }
  });
}
