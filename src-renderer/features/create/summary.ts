import type { Preset, Quota, QuotaLimits } from '@limen/contract';
import { networkKey } from '../../lib/network-key.ts';
import type { CreateValues } from './form-values.ts';
import { type CreateHost, demandOf, imageOn } from './placement.ts';

/** A part of something limited: what is used, and what this machine would add. */
export interface Usage {
  readonly resource: keyof QuotaLimits;
  readonly used: number;
  readonly added: number;
  readonly limit: number;
}

export function exceeds({ used, added, limit }: Usage): boolean {
  return used + added > limit;
}

const resources = ['machines', 'vcpus', 'memoryBytes', 'diskBytes'] as const;

/** Of the person's quota; resources without a limit are left out. */
export function quotaUsage(quota: Quota | undefined, values: CreateValues): readonly Usage[] {
  if (!quota) return [];
  const demand = demandOf(values);
  return resources.flatMap((resource) => {
    const limit = quota.limits[resource];
    return limit === null ? [] : [{ resource, used: quota.used[resource], added: demand[resource], limit }];
  });
}

/** A host that has gone away since it was asked: what it said of its room may be true no more. */
function isAway({ link }: CreateHost): boolean {
  return link.state !== 'live';
}

/** Of the host: memory promised to machines and the disk new ones lie on. */
export function hostUsage(host: CreateHost | undefined, values: CreateValues): readonly Usage[] {
  if (!host?.options || isAway(host)) return [];
  const { capacity } = host.options;
  const demand = demandOf(values);
  return [
    {
      resource: 'memoryBytes',
      used: capacity.memoryPromisedBytes,
      added: demand.memoryBytes,
      limit: capacity.memoryPromisedBytes + capacity.memoryAvailableBytes,
    },
    {
      resource: 'diskBytes',
      used: Math.max(0, capacity.diskBytes - capacity.diskAvailableBytes),
      added: demand.diskBytes,
      limit: capacity.diskBytes,
    },
  ];
}

/** What stands against creating (`blocks`), or should be known before. */
export interface Concern {
  readonly key:
    | 'away'
    | 'noKvm'
    | 'firmware'
    | 'secureBoot'
    | 'tpm'
    | 'belowMinimum'
    | 'inactiveNetwork'
    | 'noNetwork'
    | 'noLogin'
    | 'overQuota'
    | 'overHost';
  readonly blocks: boolean;
  readonly packages: readonly string[];
}

export interface SummaryInput {
  readonly values: CreateValues;
  readonly preset: Preset | undefined;
  readonly host: CreateHost | undefined;
  readonly quota: Quota | undefined;
}

/** In the order of their weight. Wrong fields are not in it: they say so themselves. */
export function concernsOf({ values, preset, host, quota }: SummaryInput): readonly Concern[] {
  const concerns: Concern[] = [];
  const add = (key: Concern['key'], blocks = false, packages: readonly string[] = []) =>
    concerns.push({ key, blocks, packages });
  const options = host?.options;
  if (host && isAway(host)) add('away', true);
  if (quotaUsage(quota, values).some(exceeds)) add('overQuota', true);
  if (hostUsage(host, values).some(exceeds)) add('overHost', true);
  if (options) {
    const { offers } = options;
    if (!offers.kvm.available) add('noKvm', false, offers.kvm.packages);
    if (preset) {
      const { hardware } = values;
      if (!offers[preset.firmware].available && hardware.firmware !== preset.firmware) {
        add('firmware', false, offers[preset.firmware].packages);
      }
      if (preset.secureBoot && !hardware.secureBoot && !offers.secureBoot.available) {
        add('secureBoot', false, offers.secureBoot.packages);
      }
      if (preset.tpm && !hardware.tpm && !offers.tpm.available) add('tpm', false, offers.tpm.packages);
    }
    const network = options.networks.find((one) => networkKey(one) === values.network);
    if (network && !network.active) add('inactiveNetwork');
  }
  if (values.network === 'none') add('noNetwork');
  if (preset && belowMinimum(values, preset)) add('belowMinimum');
  const { guest } = values;
  if (values.tab === 'cloud' && !guest.raw && guest.password === '' && guest.sshKeys.trim() === '') {
    add('noLogin');
  }
  return concerns;
}

function belowMinimum(values: CreateValues, { minimum }: Preset): boolean {
  const attached = values.tab === 'disk' && values.diskMode === 'attach';
  return (
    Number(values.vcpus) < minimum.vcpus ||
    Number(values.memoryBytes) < minimum.memoryBytes ||
    (!attached && Number(values.diskBytes) < minimum.diskBytes)
  );
}

/** A disk that has to be copied takes its time; everything else is ready at once. Bytes to be copied. */
export function bytesToCopy(values: CreateValues, host: CreateHost | undefined): number {
  const copies =
    (values.tab === 'template' && values.templateMode === 'full') ||
    (values.tab === 'disk' && values.diskMode === 'copy');
  const image = host && copies ? imageOn(host, values) : undefined;
  return image ? image.actualBytes * demandOf(values).machines : 0;
}

/** A plain disk reads and writes about this much a second: an order of magnitude, shown as "about". */
const COPY_BYTES_PER_SECOND = 200 * 2 ** 20;

export function secondsToCopy(bytes: number): number {
  return Math.max(1, Math.round(bytes / COPY_BYTES_PER_SECOND));
}
