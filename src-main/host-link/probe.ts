import { CONTRACT_VERSION, formatAddress, isCompatible, LimenError, parseAddress } from '@limen/contract';
import type { HostProbe } from '@limen/contract';
import { exchange, readHandshake, type ClientIdentity } from './handshake.ts';
import type { HostTransport } from './transport.ts';

/**
 * Look at a host before trusting it: its certificate, name and version. Nothing secret is sent. Rejects with
 * `INVALID_INPUT`, `CONNECTION_LOST` or `TIMEOUT`.
 */
export async function probeHost(
  transport: HostTransport,
  address: string,
  identity: ClientIdentity,
): Promise<HostProbe> {
  const parsed = parseAddress(address);
  if (parsed === null)
    throw new LimenError('INVALID_INPUT', { issues: [{ path: ['address'], message: 'not host:port' }] });
  return exchange(transport, { address, fingerprint: null }, async ({ client, certificate }, signal) => {
    const { hostName, serviceVersion, contractVersion } = await readHandshake(client, identity, signal);
    return {
      address: formatAddress(parsed),
      fingerprint: certificate.fingerprint,
      subject: certificate.subject,
      validTo: certificate.validTo.toISOString(),
      hostName,
      serviceVersion,
      compatible: isCompatible(CONTRACT_VERSION, contractVersion),
    };
  });
}
