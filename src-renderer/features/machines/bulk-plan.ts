import { allowedPowerActions, type HostLink, type Machine, type PowerAction } from '@limen/contract';
import type { MachineKey } from '../../stores/machine-key.ts';
import { mayOperate } from '../../stores/power.ts';

export type SkipReason = 'gone' | 'link' | 'permission' | 'state';

export interface BulkTarget {
  readonly key: MachineKey;
  readonly machine: Machine;
}

export interface BulkSkip {
  readonly key: MachineKey;
  readonly machine: Machine | undefined;
  readonly hostName: string;
  readonly reason: SkipReason;
}

/** What a bulk action would do: to whom, and who is left out and why. */
export interface BulkPlan {
  readonly action: PowerAction;
  readonly targets: readonly BulkTarget[];
  readonly skipped: readonly BulkSkip[];
}

export interface BulkCandidate {
  readonly key: MachineKey;
  readonly machine: Machine | undefined;
  readonly link: HostLink | undefined;
}

export function planBulk(action: PowerAction, candidates: readonly BulkCandidate[]): BulkPlan {
  const targets: BulkTarget[] = [];
  const skipped: BulkSkip[] = [];
  for (const { key, machine, link } of candidates) {
    const reason = skipReason(action, machine, link);
    if (machine && reason === null) targets.push({ key, machine });
    else skipped.push({ key, machine, hostName: link?.name ?? '', reason: reason ?? 'gone' });
  }
  return { action, targets, skipped };
}

function skipReason(
  action: PowerAction,
  machine: Machine | undefined,
  link: HostLink | undefined,
): SkipReason | null {
  if (!machine) return 'gone';
  if (link?.state !== 'live') return 'link';
  if (!mayOperate(link, machine)) return 'permission';
  return allowedPowerActions(machine.state).includes(action) ? null : 'state';
}

/** Actions at least one of the machines allows now, in one fixed order. */
export function bulkActions(
  candidates: readonly BulkCandidate[],
  all: readonly PowerAction[],
): readonly PowerAction[] {
  return all.filter((action) => candidates.some((one) => skipReason(action, one.machine, one.link) === null));
}
