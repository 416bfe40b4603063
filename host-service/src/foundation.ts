import { hostname } from 'node:os';
import { formatAddress, type HostAddress, parseAddress } from '@limen/contract';
import { type HostCertificate, loadOwnCertificate, readCertificate } from './auth/certificate.ts';
import { type HostKeys, loadHostKeys } from './auth/host-keys.ts';
import type { Config } from './config/schema.ts';
import { prepareDataDirectory } from './data-directory.ts';

/** What a host has before anything runs: who it is and how it proves that. */
export interface Foundation {
  readonly keys: HostKeys;
  readonly certificate: HostCertificate;
}

/** Read it from the data directory, making what is missing. */
export async function layFoundation(config: Config): Promise<Foundation> {
  await prepareDataDirectory(config.data.directory);
  const keys = await loadHostKeys(config.data.directory);
  const { certificate, key } = config.tls;
  if (certificate !== null && key !== null) {
    return { keys, certificate: await readCertificate(certificate, key) };
  }
  const { host } = advertisedAddress(config, config.listen.port);
  return { keys, certificate: await loadOwnCertificate(config.data.directory, [host, hostname()]) };
}

/** `host:port` for clients and pairing links. `port` is the real one, where the configured one is 0. */
export function publicAddress(config: Config, port: number): string {
  return formatAddress(advertisedAddress(config, port));
}

function advertisedAddress({ host, listen }: Config, port: number): HostAddress {
  const configured = host.publicAddress === null ? null : parseAddress(host.publicAddress);
  if (configured !== null) return configured;
  // Listening everywhere says nothing about where one can be reached; the machine's name is the best guess.
  const everywhere = listen.address === '0.0.0.0' || listen.address === '::';
  return { host: everywhere ? hostname() : listen.address, port };
}
