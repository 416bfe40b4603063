import type { LimenError, PowerAction } from '@limen/contract';
import { useCallback, useState } from 'react';
import { runLimited } from '../../lib/pool.ts';
import { getMachine } from '../../stores/inventory.ts';
import { type MachineKey, parseMachineKey } from '../../stores/machine-key.ts';
import { runPowerAction } from '../../stores/power.ts';
import type { BulkTarget } from './bulk-plan.ts';

/** How many machines are asked at once: enough to be quick, few enough not to storm a host. */
const CONCURRENCY = 4;

export type ItemStatus =
  | { readonly kind: 'waiting' | 'running' | 'done' }
  | { readonly kind: 'failed'; readonly error: LimenError };

export interface BulkRun {
  /** Undefined until it was started. */
  readonly statuses: ReadonlyMap<MachineKey, ItemStatus> | undefined;
  readonly busy: boolean;
  readonly run: (action: PowerAction, targets: readonly BulkTarget[]) => void;
}

export function useBulkRun(): BulkRun {
  const [statuses, setStatuses] = useState<ReadonlyMap<MachineKey, ItemStatus>>();
  const [busy, setBusy] = useState(false);

  const run = useCallback((action: PowerAction, targets: readonly BulkTarget[]) => {
    const report = (key: MachineKey, status: ItemStatus) =>
      setStatuses((before) => new Map(before).set(key, status));
    for (const target of targets) report(target.key, { kind: 'waiting' });
    setBusy(true);
    void runLimited(targets, CONCURRENCY, async ({ key, machine }) => {
      report(key, { kind: 'running' });
      const ref = parseMachineKey(key);
      // The record may have moved on since the plan was made, most of all on a retry.
      const result = await runPowerAction(ref, getMachine(ref) ?? machine, action);
      report(key, result.ok ? { kind: 'done' } : { kind: 'failed', error: result.error });
    }).finally(() => setBusy(false));
  }, []);

  return { statuses, busy, run };
}
