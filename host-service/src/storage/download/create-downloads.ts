import type { Downloads } from '../../ports/downloads.ts';
import { AddressPolicy } from './address-policy.ts';
import { Downloader } from './downloader.ts';
import { HttpSource } from './http-source.ts';

export interface DownloadsOptions {
  /** Address ranges that may be fetched from although they are not public. */
  readonly allowPrivateAddresses: readonly string[];
  readonly reserveDiskBytes: number;
  readonly serviceVersion: string;
}

const PATIENCE_MS = 60_000;
/** A server that restarts, or a line that is down, is back within a few minutes. */
const repeats = { firstMs: 1_000, lastMs: 60_000, max: 6 };

export function createDownloads(options: DownloadsOptions): Downloads {
  const { allowPrivateAddresses, reserveDiskBytes, serviceVersion } = options;
  const policy = new AddressPolicy(allowPrivateAddresses);
  const source = new HttpSource({
    policy,
    patienceMs: PATIENCE_MS,
    userAgent: `limen-host/${serviceVersion}`,
  });
  return new Downloader({ source, reserveDiskBytes, repeats });
}
