import { type ErrorData, LimenError, type QuotaLimits } from '@limen/contract';
import type { Allocation, HostCapacity } from '../../ports/reservations.ts';

type Exceeded = ErrorData<'QUOTA_EXCEEDED'>;

/** How many machines are named as the largest. */
const LARGEST = 3;

/** Throws `QUOTA_EXCEEDED` when the host cannot give that much beside what runs and is being made. */
export function checkHost(
  wanted: readonly Allocation[],
  pending: readonly Allocation[],
  { memoryBytes, memoryInUse, diskFreeBytes }: HostCapacity,
): void {
  const inUse = [...memoryInUse.values()].reduce((total, bytes) => total + bytes, 0);
  const started = pending.filter(({ machineId }) => !memoryInUse.has(machineId));
  check('host', 'memory', {
    requested: sum(wanted, 'memoryBytes'),
    limit: memoryBytes,
    used: inUse + sum(started, 'memoryBytes'),
  });
  check('host', 'disk', {
    requested: sum(wanted, 'newDiskBytes'),
    limit: diskFreeBytes,
    used: sum(pending, 'newDiskBytes'),
  });
}

/** What somebody has: machines, and images, which take disk too. */
export interface Holdings {
  readonly machines: readonly Allocation[];
  /** On the hosts. */
  readonly imageBytes: number;
}

/** Throws `QUOTA_EXCEEDED` when somebody would have more than allowed. */
export function checkUser(
  wanted: readonly Allocation[],
  { machines: existing, imageBytes }: Holdings,
  limits: QuotaLimits,
): void {
  const used = { requested: wanted.length, used: existing.length };
  if (limits.machines !== null) check('user', 'machines', { ...used, limit: limits.machines });
  const resources = [
    ['vcpus', 'vcpus'],
    ['memory', 'memoryBytes'],
    ['disk', 'diskBytes'],
  ] as const;
  for (const [resource, key] of resources) {
    const limit = limits[key];
    if (limit === null) continue;
    const beside = resource === 'disk' ? imageBytes : 0;
    const amounts = { requested: sum(wanted, key), used: sum(existing, key) + beside, limit };
    check('user', resource, { ...amounts, largest: largest(existing, key) });
  }
}

/** Throws `QUOTA_EXCEEDED` when an image of so many bytes is more than somebody may still have. */
export function checkImage(bytes: number, { machines, imageBytes }: Holdings, limits: QuotaLimits): void {
  if (limits.diskBytes === null) return;
  const used = sum(machines, 'diskBytes') + imageBytes;
  const amounts = { requested: bytes, used, limit: limits.diskBytes };
  check('user', 'disk', { ...amounts, largest: largest(machines, 'diskBytes') });
}

function check(
  scope: Exceeded['scope'],
  resource: Exceeded['resource'],
  amounts: Omit<Exceeded, 'scope' | 'resource'>,
): void {
  // Asking for nothing more is never refused, even by who is over a limit that was lowered since.
  if (amounts.requested === 0 || amounts.used + amounts.requested <= amounts.limit) return;
  throw new LimenError('QUOTA_EXCEEDED', { scope, resource, ...amounts });
}

type Amount = 'vcpus' | 'memoryBytes' | 'diskBytes' | 'newDiskBytes';

function sum(allocations: readonly Allocation[], key: Amount): number {
  return allocations.reduce((total, allocation) => total + allocation[key], 0);
}

function largest(allocations: readonly Allocation[], key: Amount): { name: string; amount: number }[] {
  return allocations
    .map((allocation) => ({ name: allocation.name, amount: allocation[key] }))
    .toSorted((a, b) => b.amount - a.amount)
    .slice(0, LARGEST);
}
