import { AddressPolicy } from './address-policy.ts';
import { Downloader } from './downloader.ts';
import { HttpSource } from './http-source.ts';

export interface DownloadsOptions {
  /** Address ranges that may be fetched from although they are not public. */
  readonly allowPrivateAddresses: readonly string[];
  readonly reserveDiskBytes: number;
  readonly serviceVersion: string;
}

const timings = { connectMs: 15_000, answerMs: 60_000, stallMs: 60_000 };
/** A server that restarts, or a line that is down, is back within a few minutes. */
const repeats = { firstMs: 1_000, lastMs: 60_000, max: 6 };

export function openDownloads(options: DownloadsOptions): Downloader {
  const { allowPrivateAddresses, reserveDiskBytes, serviceVersion } = options;
  const policy = new AddressPolicy(allowPrivateAddresses);
  const source = new HttpSource({ policy, timings, userAgent: `limen-host/${serviceVersion}` });
  return new Downloader({ source, reserveDiskBytes, repeats });
}
